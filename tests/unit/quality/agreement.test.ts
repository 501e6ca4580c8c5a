import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { colourRegions } from '../../../electron/quality/colour-regions.ts';
import { psnr } from '../../../electron/quality/difference.ts';
import { lineFidelity } from '../../../electron/quality/line-fidelity.ts';
import { measuredPalette, paletteDistance } from '../../../electron/quality/palette.ts';
import { readMeasuredPicture } from '../../../electron/quality/pictures.ts';
import { regionAccuracy } from '../../../electron/quality/regions.ts';
import { msSsim } from '../../../electron/quality/structure.ts';
import { createRaster, type Raster } from '../../../electron/raster.ts';

interface Known {
  readonly output: string;
  readonly target: string;
  readonly psnr: number;
  readonly msSsim: number;
  readonly areas: number;
  readonly regionAccuracy: number;
  readonly paletteDistance: number;
  readonly lineFidelity: number;
}

const FOLDER = fileURLToPath(new URL('../../fixtures/measures/', import.meta.url));
/** What models/training/measures.py says of these pictures; its own tests read the same file. */
const KNOWN = JSON.parse(readFileSync(`${FOLDER}measures.json`, 'utf8')) as Known[];

/** As models/training/tests/make_measures.py makes it: grey that stands for a line drawing. */
function drawingOf({ data, width, height }: Raster): Raster {
  const grey = createRaster(width, height, 1);
  for (let p = 0; p < grey.data.length; p++)
    grey.data[p] = (data[p * 3]! + 2 * data[p * 3 + 1]! + data[p * 3 + 2]!) >> 2;
  return grey;
}

describe.each(KNOWN)('$output beside $target measures as in training', (known) => {
  const read = (name: string): Promise<Raster> => readMeasuredPicture(FOLDER, `${name}.png`, 256);

  test('to the third decimal', async () => {
    const [output, target] = [await read(known.output), await read(known.target)];
    const areas = colourRegions(target);
    expect(new Set(areas.labels).size).toBe(known.areas);
    expect(psnr(output, target)).toBeCloseTo(known.psnr, 3);
    expect(msSsim(output, target)).toBeCloseTo(known.msSsim, 3);
    expect(regionAccuracy(output, target, areas)).toBeCloseTo(known.regionAccuracy, 3);
    expect(paletteDistance(measuredPalette(output), measuredPalette(target))).toBeCloseTo(
      known.paletteDistance,
      3,
    );
    expect(lineFidelity(drawingOf(target), output)).toBeCloseTo(known.lineFidelity, 3);
  });
});
