// electron-builder's beforePack hook: the program's icon in the sizes that systems ask for, from icons/icon.svg.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SIZES_PX = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

export default async function drawIcons() {
  const folder = join(root, 'out', 'icons');
  mkdirSync(folder, { recursive: true });
  const drawing = join(root, 'build', 'icons', 'icon.svg');
  for (const size of SIZES_PX)
    await sharp(drawing, { density: 72 * 16 })
      .resize(size, size)
      .png()
      .toFile(join(folder, `${size}x${size}.png`));
}
