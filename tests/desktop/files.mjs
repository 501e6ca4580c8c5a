// Files: given on the command line, saved in place, guarded, handed over by a second start, dropped, remembered.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { check, within } from './checks.mjs';

/** Reads and writes of a file that is being saved are told apart by its bytes. */
const bytesOf = (file) => readFileSync(file);

export async function files(window, { folder, given, other, dropped, startAgain, program }) {
  const { page } = window;
  await window.shown(basename(given));
  check('a drawing given on the command line is opened', (await window.tabs()) === 1);
  check('and the sample is not', (await page.getByText('boy-with-kitten').count()) === 0);
  check('its name stands in the title', (await window.title()) === `${basename(given)} – Inkwash`);

  // Save: asks once, as OpenRaster, then goes to the same place.
  const own = join(folder, 'page.ora');
  await page.keyboard.press('Control+Shift+N');
  check('a change marks the title', await within(5, async () => (await window.title()).startsWith('• ')));
  await page.keyboard.press('Control+S');
  await within(10, async () => (await window.told()).askedPlaces.length === 1);
  const [asked] = (await window.told()).askedPlaces;
  check('saving a PNG asks for an OpenRaster beside it', asked?.defaultPath === own);
  check(
    'dismissed, nothing is written and it stays unsaved',
    !existsSync(own) && (await window.title()).startsWith('• '),
  );

  await window.willChoose(own);
  await page.keyboard.press('Control+S');
  await window.said('Saved page.ora.');
  check(
    'the drawing takes the name of its file',
    await within(5, async () => (await window.title()) === 'page.ora – Inkwash'),
  );
  const first = bytesOf(own);
  await page.keyboard.press('Control+Shift+N');
  await within(5, async () => (await window.title()).startsWith('• '));
  await page.keyboard.press('Control+S');
  check('saved again, it goes there unasked', await within(20, () => !bytesOf(own).equals(first)));
  check('with no more dialogs', (await window.told()).askedPlaces.length === 2);
  check(
    'and nothing half-written beside it',
    readdirSync(folder).every((name) => !name.endsWith('.tmp')),
  );
  await within(5, async () => !(await window.title()).startsWith('• '));

  // What it was made from.
  const input = bytesOf(given);
  await window.willChoose(given);
  await window.menu('File', 'Export PNG');
  await window.said(`${basename(given)} is one of the pictures this was made from`);
  check('the picture it was made from is not overwritten', bytesOf(given).equals(input));

  // What another program did.
  writeFileSync(own, 'changed elsewhere');
  await page.keyboard.press('Control+Shift+N');
  await page.keyboard.press('Control+S');
  await window.said('Another program has changed page.ora');
  check(
    'what another program saved is not overwritten unasked',
    bytesOf(own).toString() === 'changed elsewhere',
  );
  await page.keyboard.press('Control+S');
  check('asked again, it is', await within(20, () => statSync(own).size > 1000));
  await within(5, async () => !(await window.title()).startsWith('• '));

  check('and the warning is gone', (await page.locator('.notice.error').count()) === 0);

  // A second start.
  const code = await startAgain([other]);
  check('a second start ends at once, with exit code 0', code === 0);
  await window.shown(basename(other));
  check('and its drawing is opened in the first', (await window.tabs()) === 2);
  await startAgain([own]);
  await window.shown('page.ora');
  check('a drawing that is open already comes to the front', (await window.tabs()) === 2);

  await window.drop(page.locator('.stage'), [dropped]);
  await window.shown(basename(dropped));
  check('a dropped drawing is opened', (await window.tabs()) === 3);
  await page.keyboard.press('Control+Shift+S');
  await within(5, async () => (await window.told()).askedPlaces.length === 4);
  const beside = (await window.told()).askedPlaces.at(-1)?.defaultPath ?? '';
  check(`and is known by its place (${beside})`, dirname(beside) === dirname(dropped));

  const { recent } = await window.told();
  check('the system is told of recent files', recent.includes(given) && recent.includes(own));
  for (let count = 3; count > 0; count--) {
    await page.keyboard.press('Control+W');
    await within(5, async () => (await window.tabs()) === count - 1);
  }
  const entry = page.getByRole('button', { name: /^page\.ora/ });
  await entry.waitFor({ timeout: 10_000 });
  await entry.click();
  await window.shown('page.ora');
  check(
    'a recent file is opened again, and is the same drawing',
    (await window.title()) === 'page.ora – Inkwash',
  );
  await page.keyboard.press('Control+Shift+N');
  await page.keyboard.press('Control+S');
  await window.said('Saved page.ora.');
  check('which is saved in its place', (await window.told()).askedPlaces.length === 4);
  return program;
}
