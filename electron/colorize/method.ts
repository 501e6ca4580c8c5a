import type { Progress } from '../progress.ts';
import type { Raster } from '../raster.ts';
import type { Engine, Tensor } from '../engine/types.ts';
import type { InstalledModel } from '../engine/registry.ts';
import type { Rgb } from '../page/oklab.ts';
import type { ColourVotes } from '../page/votes.ts';

/** In the order they are offered; the first installed is the default. */
export const METHOD_IDS = ['inkwash', 'scft', 'nerk', 'palette'] as const;
export type MethodId = (typeof METHOD_IDS)[number];

export interface MethodContext {
  readonly engine: Engine;
  readonly model: InstalledModel;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
  /** Whether `colorize` should return its correspondence too: it is large, so it is asked for only where it is shown. */
  readonly correspondence?: boolean | undefined;
  /** Whether `colorize` should return its votes too. */
  readonly votes?: boolean | undefined;
  /** Whether nothing but the colour is wanted, as soon as can be. */
  readonly colourOnly?: boolean | undefined;
}

/** What a reference becomes once encoded: worth caching, opaque to everyone but its method, whose pins read it too. */
export interface ReferenceFeatures {
  readonly method: MethodId;
  /** Named tensors of the method's own choosing. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Token grid of the reference: columns and rows. */
  readonly grid: { readonly columns: number; readonly rows: number };
}

/** Where on the references each place of the drawing took its colour. Rows sum to at most 1; the rest is palette and hints. */
export interface Correspondence {
  /** Token grid of the drawing. */
  readonly columns: number;
  readonly rows: number;
  /** Token grids of the references, in order; their tokens stand one after another in each row of `weights`. */
  readonly references: readonly { readonly columns: number; readonly rows: number }[];
  /** [rows*columns, all reference tokens], row-major. */
  readonly weights: Float32Array;
}

/** What colours are taken from. Each method says in `takes` which of these it knows. */
export interface Guidance {
  /** `weight`: how much of the drawing may come from it beside the others, 0 nothing to 1 ordinary. */
  readonly references: readonly { readonly features: ReferenceFeatures; readonly weight: number }[];
  /** sRGB bytes; a picture's palette is four horizontal bands from the top, four colours each (page/palette.ts). */
  readonly palette: readonly Rgb[];
  /** Dots of colour, places in the drawing, 0–1 from its top left corner; a stroke is several dots. */
  readonly hints: readonly { readonly x: number; readonly y: number; readonly colour: Rgb }[];
  /** Places (x, y) of the drawing that take the colour of a place (u, v) of a reference, all 0–1; `reference` is its index. */
  readonly pins: readonly {
    readonly x: number;
    readonly y: number;
    readonly reference: number;
    readonly u: number;
    readonly v: number;
  }[];
}

export interface Takes {
  readonly references: 'none' | 'one' | 'many';
  readonly palette: boolean;
  readonly hints: boolean;
  readonly pins: boolean;
}

export interface ModelColour {
  /** sRGB bytes, 3 channels, at model size, same aspect ratio as the drawing (to the stride). */
  readonly colour: Raster;
  /** There if the context asked for it and the method knows it. */
  readonly correspondence?: Correspondence;
  /** There if the context asked for them and the method knows them. */
  readonly votes?: ColourVotes;
  /** How sure the model is, 0–1, per pixel of `colour`, row by row. */
  readonly confidence?: Float32Array;
}

/** A colorization method: one folder in `colorize/`, these names, deletable as one. */
export interface ColorizeMethod {
  readonly id: MethodId;
  readonly title: string;
  readonly takes: Takes;
  /** @param picture sRGB, 3 or 4 channels (alpha is laid on white). @param sizePx geometric mean of the model's sides. */
  encodeReference(context: MethodContext, picture: Raster, sizePx: number): Promise<ReferenceFeatures>;
  /**
   * @param ink grey, 255 paper, 0 ink, at any size.
   * @throws Failure `words` for guidance the method does not take, or too little of it (see guidance.ts).
   */
  colorize(context: MethodContext, ink: Raster, guidance: Guidance, sizePx: number): Promise<ModelColour>;
}
