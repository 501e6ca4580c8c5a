// The menus in the system's bar.
import { check, within } from './checks.mjs';

/** A row of the bar by its command's id, as Electron has it. */
const rowOf = (desktop, id) =>
  desktop.evaluate(({ Menu }, wanted) => {
    const row = Menu.getApplicationMenu()?.getMenuItemById(wanted);
    return (
      row && { label: row.label, enabled: row.enabled, checked: row.checked, accelerator: row.accelerator }
    );
  }, id);
const press = (desktop, id) =>
  desktop.evaluate(({ Menu }, wanted) => Menu.getApplicationMenu().getMenuItemById(wanted).click(), id);

export async function systemMenu(window) {
  const { desktop, page } = window;
  const titles = () =>
    desktop.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label));
  await within(5, async () => (await titles())?.includes('File'));
  const bar = await titles();
  check(
    `the system’s bar has the menus (${bar?.join(' ')})`,
    ['File', 'Edit', 'Image', 'Layer', 'Select', 'Colour', 'Tools', 'View', 'Help'].every((name) =>
      bar?.includes(name),
    ),
  );
  check('and the window has none of its own', (await page.getByRole('menubar').count()) === 0);
  const save = await rowOf(desktop, 'save');
  check('rows show their shortcuts', save?.label === 'Save' && save.accelerator === 'CommandOrControl+S');
  check('what can’t be done is dimmed', (await rowOf(desktop, 'undo'))?.enabled === false);

  const layers = () => page.locator('.list .title').count();
  const before = await layers();
  await press(desktop, 'addLayer');
  check('a row does what its command does', await within(5, async () => (await layers()) === before + 1));
  check(
    'and then can be undone',
    await within(5, async () => (await rowOf(desktop, 'undo'))?.enabled === true),
  );
  await press(desktop, 'undo');
  check('by the row that says what', await within(5, async () => (await layers()) === before));

  await press(desktop, 'mirror');
  check(
    'a toggle is ticked',
    await within(5, async () => (await rowOf(desktop, 'mirror'))?.checked === true),
  );
  await press(desktop, 'mirror');
  check('and unticked', await within(5, async () => (await rowOf(desktop, 'mirror'))?.checked === false));

  await press(desktop, 'about');
  await page.getByRole('dialog').waitFor({ timeout: 10_000 });
  check(
    'a dialog dims the rest',
    await within(5, async () => (await rowOf(desktop, 'open'))?.enabled === false),
  );
  await page.keyboard.press('Escape');
  check('until it is closed', await within(5, async () => (await rowOf(desktop, 'open'))?.enabled === true));

  await page.keyboard.press('F1');
  await page
    .getByRole('combobox')
    .waitFor({ timeout: 5000 })
    .catch(() => undefined);
  const texts = () =>
    desktop.evaluate(({ Menu }) =>
      Menu.getApplicationMenu().items.flatMap(({ submenu }) => submenu?.items.map(({ role }) => role) ?? []),
    );
  check(
    'in a text field copying means its text',
    await within(5, async () => (await texts()).includes('copy')),
  );
  await page.keyboard.press('Escape');
  check('and the drawing after it', await within(5, async () => !(await texts()).includes('copy')));
}
