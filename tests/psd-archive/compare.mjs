// Opens every PSD under a folder with Inkwash's reader and compares what opens with a second reader (@webtoon/psd):
// layer names, places and pixels; and the composite with the one that the file carries.
//   npm run build && node tests/psd-archive/compare.mjs FOLDER [--dump DIR] [--verbose]
// A file opens, or is refused in one sentence that names it; anything else counts as a failure (exit code 1). --dump
// writes what was read for tests/psd-archive/third_reader.py, which compares it with a third reader.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PSD from '@webtoon/psd';

const Psd = PSD.default ?? PSD;
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { readPsdBytes } = await import(join(root, 'dist/electron/document/read-psd.js'));
const { flatten } = await import(join(root, 'dist/electron/document/flatten.js'));

const words = process.argv.slice(2);
const verbose = words.includes('--verbose');
const dumpAt = words.indexOf('--dump');
const dump = dumpAt >= 0 ? words[dumpAt + 1] : undefined;
const folder = words.find((word, at) => !word.startsWith('--') && at !== dumpAt + 1) ?? words[0];
if (!folder || folder.startsWith('--')) {
  console.error('Name the folder with the PSDs.');
  process.exit(2);
}

const isPlain = (message) =>
  /^[^\n]{20,400}\.$/.test(message) && !/undefined|\bat .*:\d+|Error/.test(message);

/** Raster layers, bottom first, without those that hold nothing. */
const leaves = (layers) =>
  layers.flatMap((layer) => (layer.kind === 'group' ? leaves(layer.children) : [layer]));

/** Mean difference of two RGBA buffers over a chequer-free grey, in levels of 0–255. */
function difference(a, b) {
  let sum = 0;
  for (let at = 0; at < a.length; at += 4)
    for (let c = 0; c < 3; c++) {
      const onGrey = (p) => (p[at + c] * p[at + 3] + 128 * (255 - p[at + 3])) / 255;
      sum += Math.abs(onGrey(a) - onGrey(b));
    }
  return sum / ((a.length / 4) * 3);
}

/** Whether a mask cuts a layer of the second reader, its own or a group's. */
const cutIn = (node) =>
  node !== undefined &&
  node.type !== 'Psd' &&
  ((node.maskData?.bottom ?? 0) > 0 ||
    ['vmsk', 'vsms'].some((key) => node.additionalProperties?.[key]) ||
    cutIn(node.parent));

/** What differs between our layers and the second reader's. */
async function compare(ours, bytes) {
  const psd = Psd.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const differences = [];
  if (psd.width !== ours.width || psd.height !== ours.height) differences.push('another page size');
  // It lists layers top first, as they are in the file's list.
  const theirs = psd.layers.toReversed();
  const mine = leaves(ours.layers);
  if (theirs.length === 0 && mine.length === 1) return differences;
  const names = (list) => list.map(({ name }) => name).join('|');
  if (names(mine) !== names(theirs)) return [...differences, `layers ${names(mine)} / ${names(theirs)}`];
  for (const [at, their] of theirs.entries()) {
    const layer = mine[at];
    // It gives layers without pixels, such as fills, one pixel.
    if (their.width <= 1 && their.height <= 1) continue;
    const place = [layer.x, layer.y, layer.pixels.width, layer.pixels.height].join();
    if (place !== [their.left, their.top, their.width, their.height].join()) {
      differences.push(`"${layer.name}" lies at ${place}, not ${their.left},${their.top}`);
      continue;
    }
    // It does not apply masks: only colours are compared where there is one.
    const own = Uint8Array.from(layer.pixels.data);
    const other = await their.composite(false, false);
    if (cutIn(their))
      for (let i = 3; i < own.length; i += 4) {
        if (own[i] === 0) other.set(own.subarray(i - 3, i + 1), i - 3);
        else other[i] = own[i];
      }
    const apart = difference(own, other);
    if (apart > 1) differences.push(`"${layer.name}" differs by ${apart.toFixed(2)}`);
  }
  return differences;
}

let opened = 0;
let refused = 0;
let failures = 0;
let alike = 0;
let unreadable = 0;
for (const path of readdirSync(folder, { recursive: true }).sort()) {
  if (!/\.ps[db]$/i.test(path)) continue;
  const name = basename(path);
  const bytes = readFileSync(join(folder, path));
  let file;
  try {
    file = await readPsdBytes(bytes, name);
  } catch (error) {
    const good = error.kind === 'input' && error.message.includes(name) && isPlain(error.message);
    refused++;
    if (!good) failures++;
    console.log(`${good ? 'refused' : 'FAILED '} ${error.message}${good ? '' : `\n${error.stack}`}`);
    continue;
  }
  opened++;
  const { document, notes } = file;
  let verdict;
  try {
    const differences = await compare(document, bytes);
    if (differences.length === 0) alike++;
    else failures++;
    verdict = differences.length === 0 ? 'same' : `DIFFERS: ${differences.join('; ')}`;
  } catch (error) {
    unreadable++;
    verdict = `the second reader can't: ${error.message.split('\n')[0]}`;
  }
  if (verbose || !verdict.startsWith('same')) console.log(`opened  ${name}: ${verdict}`);
  if (verbose) for (const note of notes) console.log(`        ${note}`);
  if (dump) {
    const place = join(dump, name);
    mkdirSync(place, { recursive: true });
    let number = 0;
    const describe = (layers) =>
      layers.map((layer) => {
        const { kind, name: layerName, visible, opacity, blend, clipped = false } = layer;
        const look = { kind, name: layerName, visible, opacity, blend, clipped };
        if (kind === 'group')
          return { ...look, passThrough: layer.passThrough ?? false, children: describe(layer.children) };
        const pixels = `${number++}.rgba`;
        writeFileSync(join(place, pixels), layer.pixels.data);
        return {
          ...look,
          x: layer.x,
          y: layer.y,
          width: layer.pixels.width,
          height: layer.pixels.height,
          pixels,
        };
      });
    writeFileSync(join(place, 'flat.rgba'), flatten(document).data);
    const { width, height } = document;
    const about = { file: join(folder, path), width, height, notes, layers: describe(document.layers) };
    writeFileSync(join(place, 'document.json'), JSON.stringify(about));
  }
}
console.log(
  `${opened} opened (${alike} the same in @webtoon/psd, ${unreadable} it can't open), ${refused} refused, ${failures} failures`,
);
process.exitCode = failures > 0 ? 1 : 0;
