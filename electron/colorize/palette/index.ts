import type { Tensor } from '../../engine/types.ts';
import type { Rgb } from '../../page/oklab.ts';
import { BANDS, BAND_COLOURS, bandColours, type PaletteColour } from '../../page/palette.ts';
import type { ColorizeMethod } from '../method.ts';
import { refuseUntaken } from '../guidance.ts';
import { modelSizeFor } from '../model-size.ts';
import { sketchTensor, tensorPicture } from '../to-tensor.ts';
import { tensorOf } from '../tokens.ts';
import { bandsOf, mergeBands, type Bands } from './bands.ts';

/** Red, green, blue (0–255) and share (0–1) of a colour of a reference's palette. */
const NUMBERS = 4;

export const palette: ColorizeMethod = {
  id: 'palette',
  title: 'Attentioned Deep Paint',
  takes: { references: 'many', palette: true, hints: false, pins: false },

  encodeReference(_context, picture) {
    const data = new Float32Array(BANDS * BAND_COLOURS * NUMBERS);
    bandColours(picture).forEach((colours, band) =>
      colours.forEach(({ rgb, share }, i) => data.set([...rgb, share], (band * BAND_COLOURS + i) * NUMBERS)),
    );
    return Promise.resolve({
      method: 'palette',
      tensors: { palette: { data, dims: [1, BANDS, BAND_COLOURS, NUMBERS] } },
      grid: { columns: BAND_COLOURS, rows: BANDS },
    });
  },

  /** The artist's colours stand in place of the references', if there are any. */
  async colorize({ engine, model, signal, progress }, ink, guidance, sizePx) {
    refuseUntaken(palette, guidance);
    const bands =
      guidance.palette.length > 0
        ? bandsOf(guidance.palette)
        : mergeBands(
            guidance.references.map(({ features, weight }) => ({
              bands: coloursIn(tensorOf(model, features.tensors, 'palette')),
              weight,
            })),
          );
    const size = modelSizeFor(ink, sizePx, model.manifest.stride);
    progress?.(0, 'Preparing the lines');
    const sketch = await sketchTensor(ink, size);
    progress?.(0.1, 'Colouring');
    const feeds = { sketch, palette: bandsTensor(bands) };
    const outputs = await engine.run(model.graph('colorize'), feeds, signal);
    progress?.(1, 'Colouring');
    return { colour: tensorPicture(tensorOf(model, outputs, 'colour')) };
  },
};

/** The colours of each band; a colour that stands for nothing is not there. */
function coloursIn({ data }: Tensor): PaletteColour[][] {
  return Array.from({ length: BANDS }, (_, band) =>
    Array.from({ length: BAND_COLOURS }, (_, i) => {
      const at = (band * BAND_COLOURS + i) * NUMBERS;
      const rgb: Rgb = [data[at]!, data[at + 1]!, data[at + 2]!];
      return { rgb, share: data[at + 3]! };
    }).filter(({ share }) => share > 0),
  );
}

/** [1, 4 bands, 4 colours, 3], sRGB 0–1. */
function bandsTensor(bands: Bands): Tensor {
  return {
    data: Float32Array.from(bands.flat(2), (byte) => byte / 255),
    dims: [1, BANDS, BAND_COLOURS, 3],
  };
}
