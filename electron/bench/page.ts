import sharp from 'sharp';

export const BENCH_PAGE = { width: 2480, height: 3508 } as const;
const MARGIN = 120;
const GUTTER = 40;
const FRAME = 8;

/**
 * A comic page to time: 2480x3508, four framed panels in two rows, each filled with a line drawing whose proportions are
 * kept. The same drawings give the same page. @param drawings picture files' bytes, at least one; fewer than four are
 * used again. @returns a PNG. @throws RangeError for no drawing, and what sharp throws for a file that is no picture.
 */
export async function benchPage(drawings: readonly Uint8Array[]): Promise<Uint8Array> {
  if (drawings.length === 0) throw new RangeError('A page needs at least one drawing.');
  const { width, height } = BENCH_PAGE;
  const panelWidth = (width - 2 * MARGIN - GUTTER) / 2;
  const panelHeight = (height - 2 * MARGIN - GUTTER) / 2;
  const panels = await Promise.all(
    [0, 1, 2, 3].map(async (panel) => ({
      input: await sharp(drawings[panel % drawings.length])
        .flatten({ background: '#ffffff' })
        .greyscale()
        .resize(panelWidth - 2 * FRAME, panelHeight - 2 * FRAME, { fit: 'cover', kernel: 'cubic' })
        .extend({ top: FRAME, bottom: FRAME, left: FRAME, right: FRAME, background: '#000000' })
        .png({ compressionLevel: 1 })
        .toBuffer(),
      left: MARGIN + (panel % 2) * (panelWidth + GUTTER),
      top: MARGIN + Math.floor(panel / 2) * (panelHeight + GUTTER),
    })),
  );
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
    .composite(panels)
    .png({ compressionLevel: 1 })
    .toBuffer();
}
