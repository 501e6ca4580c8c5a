import type { Correspondence } from './colorize/method.ts';
import type { Drawing } from './colorize/drawing.ts';
import type { SmallLinesWords } from './contract/colour.ts';
import type { InkDocument } from './document/model.ts';
import type { Raster } from './raster.ts';

/** A drawing as a room holds it. */
export interface OpenDrawing {
  /** Its file's name. */
  name: string;
  /** Where its file lies, if that is known. */
  path?: string | undefined;
  /** The picture it was read from, where that is another: saving and exporting leave it as it is. */
  readonly readFrom?: string | undefined;
  /** The file's state when it was opened or last saved, see stampOf. */
  stamp?: string | undefined;
  document: InkDocument;
  readonly notes: readonly string[];
  /** What colouring works from; read when first needed, and again when the lines were painted on. */
  drawing: Drawing | undefined;
  /** What `drawing` was read from (lineArtSources). */
  drawnFrom?: readonly unknown[];
  /** What the last preview worked from. */
  sketch?: Sketch | undefined;
  /** Raised with every result. */
  revision: number;
  /** The result that last changed a layer's pixels; views learn by it which to fetch. */
  readonly revisions: Map<string, number>;
  origin?: Origin;
}

/** Lines that a window sent small, and what was read from them. */
interface Sketch {
  readonly lines: SmallLinesWords;
  readonly drawing: Promise<Drawing>;
}

/** A reference as a room holds it. */
export interface OpenReference {
  readonly name: string;
  /** Where its file lies, if that is known. */
  readonly path?: string | undefined;
  /** Made smaller where it was very large. */
  readonly picture: Raster;
  /** Of the picture as it was given. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** contentHash of the picture. */
  readonly hash: string;
}

/** Where a colouring's colours came from: worked out when first asked for, since few ask and the map is large. */
export interface Origin {
  readonly of: readonly string[];
  map(): Promise<Correspondence | undefined>;
  stop(): void;
}

/** One map for everyone who asks; a failed one is tried again when asked for again. */
export function originOf(
  of: readonly string[],
  find: (stopped: AbortSignal) => Promise<Correspondence | undefined>,
): Origin {
  const controller = new AbortController();
  let map: Promise<Correspondence | undefined> | undefined;
  return {
    of,
    map() {
      if (map) return map;
      const fresh = find(controller.signal);
      map = fresh;
      fresh.catch(() => (map = undefined));
      return fresh;
    },
    stop: () => controller.abort(),
  };
}
