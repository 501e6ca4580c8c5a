// Compares what other programs made of the pages that sheet.mjs wrote with what Inkwash shows: mean difference of each
// cell, in levels of 0–255, over white and over black (the larger counts).
//   node tests/interop/compare.mjs DIR PICTURE.png…     (PICTURE: modes-….png or structure-….png)
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';

const CELL = 64;
const [folder, ...pictures] = process.argv.slice(2);
const raw = (path) =>
  sharp(path)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });

for (const path of pictures) {
  const page = basename(path).split('-')[0];
  const names = JSON.parse(readFileSync(join(folder, `${page}.json`), 'utf8'));
  const ours = await raw(join(folder, `${page}.png`));
  const theirs = await raw(path);
  console.log(`\n${basename(path)}`);
  if (ours.info.width !== theirs.info.width || ours.info.height !== theirs.info.height) {
    console.log(`  another size: ${theirs.info.width}x${theirs.info.height}`);
    continue;
  }
  const columns = ours.info.width / CELL;
  const off = [];
  for (const [cell, name] of names.entries()) {
    let worst = 0;
    for (const paper of [0, 255]) {
      let sum = 0;
      for (let y = 0; y < CELL; y++)
        for (let x = 0; x < CELL; x++) {
          const at =
            ((Math.floor(cell / columns) * CELL + y) * ours.info.width + (cell % columns) * CELL + x) * 4;
          const on = (data, c) => (data[at + c] * data[at + 3] + paper * (255 - data[at + 3])) / 255;
          for (let c = 0; c < 3; c++) sum += Math.abs(on(ours.data, c) - on(theirs.data, c));
        }
      worst = Math.max(worst, sum / (CELL * CELL * 3));
    }
    if (worst > 1) off.push(`${name} ${worst.toFixed(1)}`);
  }
  console.log(
    `  ${names.length - off.length} of ${names.length} within 1/255${off.length ? `; ${off.join(', ')}` : ''}`,
  );
}
