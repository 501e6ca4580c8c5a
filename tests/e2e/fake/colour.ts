import type { ColourRecord } from '../../../electron/contract/colour.ts';
import type { Handlers } from '../../../electron/contract/session.ts';

type Previewed = Parameters<Handlers['colorize.preview']>[0];

/** What windows asked of the colouring channels, newest last. */
export interface ColourAsked {
  readonly previewed: Previewed[];
  readonly kept: ColourRecord[];
}

/**
 * Synthetic colouring: a preview is the first reference's mean colour with a square of each hint's colour around its
 * dots, and is unsure of its right half; what is kept is given back.
 */
export function fakeColourHandlers(
  asked: ColourAsked,
  meanOf: (referenceId: string) => readonly number[] | undefined,
  sizeOf: (documentId: string) => { widthPx: number; heightPx: number },
) {
  const kept = new Map<string, ColourRecord>();
  return {
    'colorize.preview': async (args) => {
      asked.previewed.push(args);
      const { widthPx: width, heightPx: height } = sizeOf(args.documentId);
      const [columns, rows] = [60, 80];
      const mean = meanOf(args.references[0]?.referenceId ?? '') ?? [128, 128, 128];
      const rgba = new Uint8Array(columns * rows * 4);
      for (let at = 0; at < columns * rows; at++) rgba.set([...mean, 255], at * 4);
      for (const { points, colour } of args.hints)
        for (const [x, y] of points) {
          const value = Number.parseInt(colour.slice(1), 16);
          const [column, row] = [Math.floor((x * columns) / width), Math.floor((y * rows) / height)];
          for (let v = Math.max(0, row - 3); v < Math.min(rows, row + 4); v++)
            for (let u = Math.max(0, column - 3); u < Math.min(columns, column + 4); u++)
              rgba.set([value >> 16, (value >> 8) & 255, value & 255], (v * columns + u) * 4);
        }
      const bytes = new Uint8Array(16 * 16).fill(255);
      bytes.forEach((_, at) => at % 16 >= 8 && (bytes[at] = 0));
      const confidence = { columns: 16, rows: 16, bytes };
      const provider = 'cpu' as const;
      return { widthPx: columns, heightPx: rows, rgba, confidence, seconds: 0.05, provider };
    },
    'colour.keep': async ({ documentId, record }) => {
      asked.kept.push(record);
      kept.set(documentId, record);
      return {};
    },
    'colour.recall': async ({ documentId }) => {
      const record = kept.get(documentId);
      return { ...(record && { record }), references: [] };
    },
  } satisfies Partial<Handlers>;
}
