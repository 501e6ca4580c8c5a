// The first start: the sample is there, is coloured and exported, survives a lost host, and closing asks about it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PSD from '@webtoon/psd';
import sharp from 'sharp';
import { check, colourfulness, descendants, runs, within } from './checks.mjs';
import { root } from './runtime.mjs';

const layerNames = (nodes) => nodes.flatMap((node) => [node.name, ...layerNames(node.children ?? [])]);

export async function firstMinute(window, { scratch, data, started, shot }) {
  const { page, desktop } = window;
  check('the window is Inkwash', (await window.title()).startsWith('Inkwash'));
  check(
    'the page has no Node',
    await page.evaluate('typeof require === "undefined" && typeof process === "undefined"'),
  );
  check(
    'the page has the bridge and nothing more',
    await page.evaluate(
      'Object.keys(window.inkwash).sort().join() === "ask,hear,listen,pathOf,send,systemMenu"',
    ),
  );

  await page.locator('.stage canvas').waitFor({ timeout: 60_000 });
  console.log(`     the sample is there after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  await window.colour();
  for (const name of ['Lines', 'Shading', 'Flats', 'Colour'])
    check(`the layer ${name} is there`, (await page.getByText(name, { exact: true }).count()) > 0);
  await sleep(500);
  await window.shot(shot);

  async function exported(item, file) {
    await window.willChoose(file);
    await window.menu('File', item);
    if (!(await within(60, () => existsSync(file))))
      throw new Error(`no ${file}; the window says: ${await window.notices()}`);
    return readFileSync(file);
  }
  const drawing = readFileSync(join(root, 'samples/first-minute/boy-with-kitten.webp'));
  const { width, height } = await sharp(drawing).metadata();
  const png = await exported('Export PNG', join(scratch, 'sample.png'));
  const [before, after] = [await colourfulness(drawing), await colourfulness(png)];
  check(`the PNG is coloured (${before.toFixed(1)} before, ${after.toFixed(1)} after)`, after > before + 10);
  check('a PNG, which holds no layers, leaves the drawing unsaved', (await window.title()).startsWith('• '));
  const psd = (PSD.default ?? PSD).parse(
    new Uint8Array(await exported('Export PSD', join(scratch, 'sample.psd'))).buffer,
  );
  check('the PSD is as large as the drawing', psd.width === width && psd.height === height);
  check(
    'the PSD has the four layers, lines above',
    layerNames(psd.children).filter((name) => /^(Lines|Shading|Flats|Colour)$/.test(name))[0] === 'Lines' &&
      ['Shading', 'Flats', 'Colour'].every((name) => layerNames(psd.children).includes(name)),
  );

  const hostOf = () =>
    descendants(desktop.process().pid).find(({ args }) => args.includes('host-process.js'));
  if (process.platform !== 'win32') {
    const first = hostOf();
    process.kill(first.pid, 'SIGKILL');
    await page.locator('.notice.error').getByText('stopped').waitFor({ timeout: 10_000 });
    console.log(`     the window says: ${await window.notices()}`);
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await window.said('Connected again.');
    check('a lost host is started again on request', hostOf() && hostOf().pid !== first.pid);
    await sleep(500);
    check('it still has the colouring', (await page.getByText('Flats', { exact: true }).count()) > 0);
  }
  await window.colour();
  check('colouring works after that', (await page.locator('.notice.error').count()) === 0);

  const family = descendants(desktop.process().pid).filter(({ args }) => args.includes('dist/electron'));
  await window.pressClose();
  const asks = await within(10, async () => (await window.told()).asked.length === 1);
  await sleep(300);
  const [question] = (await window.told()).asked;
  check(
    `closing with unsaved colouring asks (${question?.message} ${question?.buttons.join(' / ')})`,
    asks && question.buttons.length === 3,
  );
  check('and stays when thought better of', !page.isClosed());
  check(
    `no errors in the page${window.errors.length ? `: ${window.errors.join('; ')}` : ''}`,
    window.errors.length === 0,
  );

  await window.willAnswer(1);
  const code = await window.ended(() => window.pressClose());
  check('it closes when told not to save, with exit code 0', code === 0);
  const kept = join(data, 'recovery');
  const left = existsSync(kept)
    ? readdirSync(kept, { recursive: true }).filter((name) => /\.ora$/.test(name))
    : [];
  check(`and keeps no copy of what was given up${left.length ? `: ${left}` : ''}`, left.length === 0);
  if (process.platform !== 'win32')
    check(
      `nothing of it runs on (${family.length} processes)`,
      family.length > 0 && (await within(3, () => !family.some(({ pid }) => runs(pid)))),
    );
}
