import type { ColourRecord } from '../../../electron/contract/colour.ts';
import { once } from 'node:events';
import type { Handlers } from '../../../electron/contract/session.ts';
import { throwIfCancelled } from '../../../electron/failure.ts';

type Previewed = Parameters<Handlers['colorize.preview']>[0];

/** What windows asked of the colouring channels, newest last. */
export interface ColourAsked {
  readonly previewed: Previewed[];
  /** How each of them ended, in the same order; undefined while it is under way. */
  readonly ended: ('answered' | 'cancelled' | undefined)[];
  readonly kept: ColourRecord[];
  /** Previews are answered once it resolves. */
  gate: Promise<void> | undefined;
  /** The colour of a preview by how many drafts were asked for until then, in place of the reference's mean. */
  colourOf: ((drafts: number) => readonly number[]) | undefined;
}

/**
 * Synthetic colouring: a preview, draft or not, is the first reference's mean colour with a square of each hint's colour around its
 * dots, and is unsure of its right half; what is kept is given back.
 */
export function fakeColourHandlers(
  asked: ColourAsked,
  meanOf: (referenceId: string) => readonly number[] | undefined,
  sizeOf: (documentId: string) => { widthPx: number; heightPx: number },
) {
  const kept = new Map<string, ColourRecord>();
  return {
    'colorize.preview': async (args, { signal }) => {
      const number = asked.previewed.push(args) - 1;
      const drafts = asked.previewed.filter(({ draft }) => draft).length;
      if (asked.gate) await Promise.race([asked.gate, signal.aborted || once(signal, 'abort')]);
      asked.ended[number] = signal.aborted ? 'cancelled' : 'answered';
      throwIfCancelled(signal);
      const { widthPx: width, heightPx: height } = sizeOf(args.documentId);
      const [columns, rows] = [60, 80];
      const mean = asked.colourOf?.(drafts) ??
        meanOf(args.references[0]?.referenceId ?? '') ?? [128, 128, 128];
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
