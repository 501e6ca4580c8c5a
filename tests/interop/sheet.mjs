// Writes two pages, as .ora and .psd, and what Inkwash shows of them: `modes`, one cell a blend mode, and `structure`, one
// cell for each way that layers hang together. Needs a built dist/.
//   node tests/interop/sheet.mjs DIR
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const from = (path) => import(join(root, 'dist', path));
const { flatten } = await from('electron/document/flatten.js');
const { writeOra } = await from('electron/document/ora.js');
const { writePsd } = await from('electron/document/psd.js');
const { writePng } = await from('electron/document/png.js');
const { BLEND_MODES } = await from('pixels/modes.js');

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('Name a folder to write into.');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

export const CELL = 64;
const COLUMNS = 9;
let ids = 0;

const painted = (colourAt) => {
  const data = new Uint8Array(CELL * CELL * 4);
  for (let y = 0; y < CELL; y++)
    for (let x = 0; x < CELL; x++) data.set(colourAt(x / (CELL - 1), y / (CELL - 1)), (y * CELL + x) * 4);
  return { data, width: CELL, height: CELL, channels: 4, space: 'srgb' };
};
const level = (value) => Math.round(Math.min(1, Math.max(0, value)) * 255);
/** Opaque at the left, half there at the right. */
const below = () => painted((x, y) => [level(x), level(y), level(1 - x), x < 0.5 ? 255 : 160]);
/** Opaque above, fading out below. */
const above = () =>
  painted((x, y) => [level(y), level(1 - x), level((x + y) / 2), y < 0.5 ? 255 : level(2 * (1 - y))]);
const disc = (r, g, b) =>
  painted((x, y) => [
    r,
    g,
    b,
    Math.hypot(x - 0.5, y - 0.5) < 0.35 ? 255 : Math.hypot(x - 0.5, y - 0.5) < 0.4 ? 128 : 0,
  ]);

const common = () => ({ id: `layer-${++ids}`, visible: true, opacity: 1, blend: 'normal', locked: false });
const layer = (name, cell, pixels, look = {}) => ({
  ...common(),
  ...look,
  kind: 'raster',
  name,
  x: (cell % COLUMNS) * CELL,
  y: Math.floor(cell / COLUMNS) * CELL,
  pixels,
});
const group = (name, children, look = {}) => ({ ...common(), ...look, kind: 'group', name, children });

const modes = BLEND_MODES.map((blend, cell) => ({
  name: blend,
  layers: [layer(`under ${blend}`, cell, below()), layer(blend, cell, above(), { blend })],
}));

const at = (cell, name, build) => ({ name, layers: build(cell) });
const structure = [
  (c) => [layer('under', c, below()), layer('half', c, above(), { opacity: 0.5 })],
  (c) => [layer('under', c, below()), layer('hidden', c, above(), { visible: false })],
  (c) => [
    layer('under', c, below()),
    group('one picture', [layer('inner', c, above(), { blend: 'multiply' })]),
  ],
  (c) => [
    layer('under', c, below()),
    group('through', [layer('inner', c, above(), { blend: 'multiply' })], { passThrough: true }),
  ],
  (c) => [
    layer('under', c, below()),
    group('half through', [layer('inner', c, above(), { blend: 'multiply' })], {
      passThrough: true,
      opacity: 0.5,
    }),
  ],
  (c) => [
    layer('under', c, below()),
    group('screened', [layer('inner', c, above()), layer('disc', c, disc(200, 30, 30))], {
      blend: 'screen',
      opacity: 0.7,
    }),
  ],
  (c) => [
    layer('under', c, below()),
    layer('base', c, disc(40, 160, 60)),
    layer('clipped', c, above(), { clipped: true }),
  ],
  (c) => [
    layer('under', c, below()),
    layer('base', c, disc(40, 160, 60), { opacity: 0.6 }),
    layer('clipped', c, above(), { clipped: true, blend: 'multiply' }),
  ],
  (c) => [
    layer('under', c, below()),
    layer('base', c, disc(220, 160, 60), { blend: 'multiply' }),
    layer('clipped', c, above(), { clipped: true, opacity: 0.5 }),
    layer('clipped too', c, disc(0, 0, 120), { clipped: true, blend: 'screen' }),
  ],
  (c) => [
    layer('under', c, below()),
    group('base group', [layer('inner', c, disc(90, 30, 160))]),
    layer('clipped', c, above(), { clipped: true }),
  ],
  (c) => [
    layer('under', c, below(), { alphaLocked: true }),
    layer('locked', c, above(), { locked: true, blend: 'overlay' }),
  ],
  (c) => [
    layer('under', c, below()),
    group('outer', [
      group('inner through', [layer('deep', c, above(), { blend: 'difference' })], { passThrough: true }),
      layer('disc', c, disc(255, 220, 0), { blend: 'multiply' }),
    ]),
  ],
].map((build, cell) =>
  at(
    cell,
    [
      ...['opacity 50 %', 'hidden', 'group', 'group, passing through', 'group, passing through at 50 %'],
      ...['group, screen at 70 %', 'clipped', 'clipped, multiply, base at 60 %', 'clipped twice'],
      ...['clipped to a group', 'locks', 'passing through inside a group'],
    ][cell],
    build,
  ),
);

for (const [name, cells] of Object.entries({ modes, structure })) {
  const document = {
    width: COLUMNS * CELL,
    height: Math.ceil(cells.length / COLUMNS) * CELL,
    dpi: 72,
    layers: cells.flatMap(({ layers }) => layers),
  };
  writeFileSync(join(folder, `${name}.ora`), await writeOra(document));
  writeFileSync(join(folder, `${name}.psd`), await writePsd(document));
  writeFileSync(join(folder, `${name}.png`), await writePng(flatten(document), { dpi: 72 }));
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(cells.map((cell) => cell.name)));
}
