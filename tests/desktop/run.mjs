// Walks through the built desktop program in a real Electron runtime: the first minute, files, menus, gallery, faces,
// settings, closing and a lost host.
//   npm run test:desktop              the runtime of the electron package, if it was fetched
//   ELECTRON_OVERRIDE_DIST_PATH=DIR   a runtime unpacked in DIR
//   INKWASH_PACKAGE=DIR               a packaged directory instead, with its own runtime and Node
//   INKWASH_SHOTS=DIR                 pictures of the window are put there
// On Linux without a display it runs under Xvfb.
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { check, descendants, report, runs, within } from './checks.mjs';
import { files } from './files.mjs';
import { firstMinute } from './first-minute.mjs';
import { systemMenu } from './menu.mjs';
import { clean, openDisplay, prepareProgram, programIn, root } from './runtime.mjs';
import { Window } from './window.mjs';
import { clipboard, face, gallery, settings } from './workspaces.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'inkwash-desktop-'));
const shots = process.env.INKWASH_SHOTS;
const shot = (name) => shots && join(shots, `${name}.png`);
const env = { ...process.env };
let closeDisplay = () => undefined;
let running;

/** Starts the program, and walks; a walk that stops is a failed check. */
async function walk(name, start, steps) {
  const started = Date.now();
  console.log(`— ${name}`);
  const desktop = await start();
  running = desktop.process();
  const window = await Window.of(desktop);
  try {
    await steps(window, started);
  } catch (error) {
    await window.shot(shot('stopped'));
    for (const complaint of window.errors) console.log(`     the page: ${complaint}`);
    throw error;
  }
}

try {
  const runtime = await prepareProgram(scratch);
  if (!runtime) {
    console.error(
      'The desktop suite did not run: there is no Electron runtime. Set ELECTRON_OVERRIDE_DIST_PATH to one.',
    );
    clean(scratch);
    process.exit(1);
  }
  closeDisplay = await openDisplay(env);
  const program = programIn(runtime, scratch, env);
  const { data } = program;
  const folder = join(scratch, 'my drawings');
  mkdirSync(folder);
  const given = join(folder, 'page.png');
  const other = join(folder, 'other.png');
  const dropped = join(scratch, 'dropped.png');
  await sharp(join(root, 'samples/book/page-1-cow.webp')).resize(600).png().toFile(given);
  for (const copy of [other, dropped]) copyFileSync(given, copy);
  const pictures = ['book/sizwe.webp', 'first-minute/father-and-daughter.webp'].map((name) =>
    join(root, 'samples', name),
  );

  await walk(
    'first start',
    () => program.start(),
    (window, started) => firstMinute(window, { scratch, data, started, shot: shot('coloured') }),
  );

  await walk(
    'started with a drawing',
    () => program.start([given]),
    async (window) => {
      await files(window, { folder, given, other, dropped, startAgain: program.startAgain });
      await clipboard(window);
      await settings(window, { data });
      await gallery(window, { pictures, shot: shot('gallery') });
      await face(window, { shot: shot('face') });

      // Saved on closing.
      await window.page.keyboard.press('Control+Shift+N');
      await within(5, async () => (await window.title()).startsWith('• '));
      await window.willAnswer(0);
      const code = await window.ended(() => window.pressClose());
      check('closing with Save saves in place and closes', code === 0);
      check(
        `no errors in the page${window.errors.length ? `: ${window.errors.join('; ')}` : ''}`,
        window.errors.length === 0,
      );
    },
  );

  await walk(
    'with the system’s menu bar',
    () => program.start([join(folder, 'page.ora')], { INKWASH_MENU: 'system' }),
    async (window) => {
      await window.shown('page.ora');
      check('no drawing is offered for recovery', (await window.page.getByRole('dialog').count()) === 0);
      await systemMenu(window);
      await window.shot(shot('system-menu'));

      const code = await window.ended(() => window.pressClose());
      check('with nothing unsaved it closes unasked, with exit code 0', code === 0);
    },
  );
} catch (error) {
  check(
    `the walk: ${error instanceof Error ? [error.message, error.cause?.message].join(' ') : error}`,
    false,
  );
}
if (running?.exitCode === null) {
  const gone = once(running, 'exit');
  for (const { pid } of descendants(running.pid)) if (runs(pid)) process.kill(pid, 'SIGKILL');
  running.kill('SIGKILL');
  await gone;
}
closeDisplay();
const failed = report();
clean(scratch);
process.exit(failed ? 1 : 0);
