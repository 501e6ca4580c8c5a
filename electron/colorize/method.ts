import type { Progress } from '../progress.ts';
import type { Raster } from '../raster.ts';
import type { Engine, Tensor } from '../engine/types.ts';
import type { InstalledModel } from '../engine/registry.ts';

export const METHOD_IDS = ['scft'] as const;
export type MethodId = (typeof METHOD_IDS)[number];

export interface MethodContext {
  readonly engine: Engine;
  readonly model: InstalledModel;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/** What a reference becomes once encoded: worth caching, opaque to everyone but its method. */
export interface ReferenceFeatures {
  readonly method: MethodId;
  /** Named tensors of the method's own choosing. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Token grid of the reference: columns and rows. */
  readonly grid: { readonly columns: number; readonly rows: number };
}

/** Where each place of the drawing took its colour. Rows sum to 1. */
export interface Correspondence {
  /** Token grid of the drawing. */
  readonly columns: number;
  readonly rows: number;
  /** Token grids of the references, in order; their tokens stand one after another in each row of `weights`. */
  readonly references: readonly { readonly columns: number; readonly rows: number }[];
  /** [rows*columns, all reference tokens], row-major. */
  readonly weights: Float32Array;
}

export interface ModelColour {
  /** sRGB bytes, 3 channels, at model size, same aspect ratio as the drawing (to the stride). */
  readonly colour: Raster;
  readonly correspondence: Correspondence;
}

/** A colorization method: one folder in `colorize/`, these names, deletable as one. */
export interface ColorizeMethod {
  readonly id: MethodId;
  readonly title: string;
  /** @param picture sRGB, 3 or 4 channels (alpha is laid on white). @param sizePx geometric mean of the model's sides. */
  encodeReference(context: MethodContext, picture: Raster, sizePx: number): Promise<ReferenceFeatures>;
  /** @param ink grey, 255 paper, 0 ink, at any size. @param references at least one. */
  colorize(
    context: MethodContext,
    ink: Raster,
    references: readonly ReferenceFeatures[],
    sizePx: number,
  ): Promise<ModelColour>;
}
