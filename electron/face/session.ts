import { Failure, throwIfCancelled } from '../failure.ts';
import type { Progress } from '../progress.ts';
import type { Raster } from '../raster.ts';
import { entriesOf } from './bank.ts';
import { nearestInAll } from './likeness.ts';
import { findNearest, type Nearest } from './nearest.ts';
import {
  CANVAS_PX,
  FACE_PARTS,
  FACE_WINDOWS,
  perPart,
  type FacePart,
  type FaceSpace,
  type FaceWindow,
  type PerPart,
} from './parts.ts';
import { mixVectors, projectPart, type Projection } from './project.ts';
import { castShadow, committedShare, resizePlane } from './shadow.ts';
import type { FaceSystem } from './system.ts';
import { cutPart, inkShare, territory, workSketch, type Plane } from './windows.ts';

/** How far known faces decide, until the artist says. */
export const DEFAULT_REFINEMENT = 0.6;
/** A window with less ink than this share of its pixels is empty: less than a dot of the finest pen. */
const BLANK = 0.0004;

/** New pixels for a rectangle of the sketch: 255 paper, 0 ink, row by row. */
export interface SketchPatch {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly grey: Uint8Array;
}

export interface FaceChange {
  readonly patches?: readonly SketchPatch[] | undefined;
  /** 0 my line to 1 the manifold; parts left out stay. */
  readonly refinement?: { readonly [P in FacePart]?: number | undefined } | undefined;
  readonly space?: FaceSpace | undefined;
  readonly neighbours?: number | undefined;
  /** 0 this face to 1 the second. */
  readonly morph?: number | undefined;
}

export interface PartView {
  readonly part: FacePart;
  readonly drawn: boolean;
  readonly refinement: number;
  readonly projection: Projection | undefined;
}

export interface FaceView {
  /** Opaque RGBA; undefined while nothing is drawn. */
  readonly face: Raster | undefined;
  /** Parts that were encoded for this view. */
  readonly recomputed: readonly FacePart[];
  readonly parts: readonly PartView[];
  readonly space: FaceSpace;
  readonly neighbours: number;
  readonly morph: number;
}

/** A part's shadow on the canvas. */
export interface PartShadow extends FaceWindow {
  readonly part: FacePart;
  /** sizePx squared, 0 none to 1. */
  readonly darkness: Float32Array;
  readonly committed: number;
}

/** What is known of one sketch's part; each thing holds until what it was made of changes. */
interface PartState {
  input?: Plane;
  vector?: Float32Array;
  projected?: {
    readonly of: Float32Array;
    readonly space: FaceSpace;
    readonly k: number;
    readonly projection: Projection;
  };
}

/** A sketch and what was worked out from it. */
interface Drawn {
  readonly grey: Uint8Array;
  readonly parts: Record<FacePart, PartState>;
}

/**
 * One face as it is drawn: holds the sketch, and of each part its vector and its projection (its map stays in the
 * engine), and works out anew only what changed (Chen et al. 2020, sections 3 and 4). Work is done in turn; `update` in the newest's favour.
 */
export interface FaceSession {
  /** The sketch as it stands, CANVAS_PX squared, 255 paper; not to be changed. */
  readonly sketch: Uint8Array;
  /** The face as last synthesised. */
  readonly face: Raster | undefined;
  /** How the sketch is read. */
  readonly settings: {
    readonly refinement: PerPart<number>;
    readonly space: FaceSpace;
    readonly morph: number;
  };
  /**
   * Changes what is given, at once, and gives the face anew. When a newer update of the face has come meanwhile this one
   * fails as `cancelled`, and what it has worked out by then is kept.
   */
  update(change: FaceChange, signal?: AbortSignal, progress?: Progress): Promise<FaceView>;
  /** The second face to morph to, a sketch like `sketch`; undefined takes it away, and with it the morph. */
  setSecond(grey: Uint8Array | undefined): void;
  shadow(signal?: AbortSignal): Promise<PartShadow[]>;
  /** Known faces whose part is nearest to the sketch's; to the face's other parts where it is not drawn. */
  nearest(part: FacePart, count: number, signal?: AbortSignal): Promise<Nearest[]>;
}

export function openFaceSession({ manifest, networks, known }: FaceSystem): FaceSession {
  const { bank } = known;
  const first = blankDrawn();
  let second: Drawn | undefined;
  const settings = {
    refinement: perPart(() => DEFAULT_REFINEMENT),
    space: 'all' as FaceSpace,
    neighbours: manifest.neighbours,
    morph: 0,
  };
  /** Where a part's lines are its own: a chin in the window of the mouth makes no mouth. */
  const own = perPart((part) => territory(part, networks.windows));
  const isDrawn = (drawn: Drawn, part: FacePart): boolean => {
    const { input, vector } = drawn.parts[part];
    return input !== undefined && vector !== undefined && inkShare(input, own[part]) >= BLANK;
  };
  let synthesised: { readonly of: PerPart<Float32Array>; readonly face: Raster } | undefined;
  let newest = 0;
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  function apply({ patches = [], refinement = {}, space, neighbours, morph }: FaceChange): void {
    for (const patch of patches) paste(first.grey, patch);
    for (const part of FACE_PARTS) settings.refinement[part] = refinement[part] ?? settings.refinement[part];
    settings.space = space ?? settings.space;
    settings.neighbours = neighbours ?? settings.neighbours;
    settings.morph = morph ?? settings.morph;
  }

  /** Encodes the parts whose window changed. @returns which. */
  async function encode(drawn: Drawn, check: () => void): Promise<FacePart[]> {
    const sketch = workSketch(drawn.grey, manifest.workPx);
    const encoded: FacePart[] = [];
    for (const part of FACE_PARTS) {
      const state = drawn.parts[part];
      const input = cutPart(sketch, part, networks.windows);
      if (state.input && state.vector && equal(state.input.data, input.data)) continue;
      check();
      const [vector] = await networks.encode(part, [input]);
      state.input = input;
      state.vector = vector!;
      encoded.push(part);
    }
    return encoded;
  }

  function project(drawn: Drawn, part: FacePart): Projection {
    const state = drawn.parts[part];
    const { space, neighbours: k } = settings;
    const of = state.vector!;
    const before = state.projected;
    if (before?.of === of && before.space === space && before.k === k) return before.projection;
    const projection = projectPart(bank, part, of, entriesOf(bank, space), k, manifest.regularisation);
    state.projected = { of, space, k, projection };
    return projection;
  }

  /** What of a part goes on to the feature mapping. */
  const refined = (drawn: Drawn, part: FacePart): Float32Array =>
    mixVectors(drawn.parts[part].vector!, project(drawn, part).vector, settings.refinement[part]);

  async function synthesise(check: () => void, progress?: Progress): Promise<FaceView> {
    check();
    const morph = second ? settings.morph : 0;
    // Taken now: another may be chosen while this one is worked out.
    const other = morph > 0 ? second : undefined;
    const view = { space: settings.space, neighbours: settings.neighbours, morph };
    if (isBlank(first.grey) && morph < 1) {
      synthesised = undefined;
      const parts = FACE_PARTS.map((part) => ({
        part,
        drawn: false,
        refinement: settings.refinement[part],
        projection: undefined,
      }));
      return { face: undefined, recomputed: [], parts, ...view };
    }
    progress?.(0.1, 'Reading the parts');
    const recomputed = await encode(first, check);
    if (other) await encode(other, check);
    progress?.(0.4, 'Finding known faces');
    const of = perPart((part) => {
      const mine = refined(first, part);
      return other ? mixVectors(mine, refined(other, part), morph) : mine;
    });
    const before = synthesised;
    let face = before?.face;
    if (!before || FACE_PARTS.some((part) => !equal(before.of[part], of[part]))) {
      check();
      progress?.(0.6, 'Making the face');
      face = await networks.synthesise(of);
      synthesised = { of, face };
    }
    progress?.(1, 'Done');
    const parts = FACE_PARTS.map((part) => ({
      part,
      drawn: isDrawn(first, part),
      refinement: settings.refinement[part],
      projection: project(first, part),
    }));
    return { face, recomputed, parts, ...view };
  }

  const drawnVectors = (): Partial<PerPart<Float32Array>> =>
    Object.fromEntries(
      FACE_PARTS.filter((part) => isDrawn(first, part)).map((part) => [part, first.parts[part].vector!]),
    );

  /** The known faces a part's shadow shows: those it is projected on, or, where it is empty, those like the rest of the face. */
  function shadowed(part: FacePart): { entry: number; weight: number }[] {
    if (isDrawn(first, part)) return [...project(first, part).neighbours];
    const entries = entriesOf(bank, settings.space);
    return nearestInAll(bank, drawnVectors(), entries, settings.neighbours).map(({ entry }) => ({
      entry,
      weight: 1,
    }));
  }

  return {
    sketch: first.grey,
    get face() {
      return synthesised?.face;
    },
    get settings() {
      const { refinement, space, morph } = settings;
      return { refinement: { ...refinement }, space, morph: second ? morph : 0 };
    },
    update(change, signal, progress) {
      apply(change);
      const mine = ++newest;
      const check = (): void => {
        throwIfCancelled(signal);
        if (mine !== newest) throw new Failure('cancelled', 'A newer stroke took its place.');
      };
      return inTurn(() => synthesise(check, progress));
    },
    setSecond(grey) {
      second = grey && { ...blankDrawn(), grey: grey.slice() };
      if (!grey) settings.morph = 0;
    },
    shadow: (signal) =>
      inTurn(async () => {
        const check = (): void => throwIfCancelled(signal);
        if (!isBlank(first.grey)) await encode(first, check);
        else clear(first);
        const shadows: PartShadow[] = [];
        for (const part of FACE_PARTS) {
          check();
          const state = first.parts[part];
          const window = FACE_WINDOWS[part];
          const lines = await Promise.all(
            shadowed(part).map(async ({ entry, weight }) => ({
              sketch: cutPart(
                resizePlane(await known.sketch(entry), manifest.workPx),
                part,
                networks.windows,
              ),
              weight,
            })),
          );
          const decoded =
            isDrawn(first, part) && networks.decodes
              ? await networks.decode(part, project(first, part).vector)
              : undefined;
          const shadow = resizePlane(castShadow(lines, decoded), window.sizePx);
          const knownInk =
            lines.reduce((sum, { sketch }) => sum + inkShare(sketch, own[part]), 0) / lines.length;
          const committed = state.input ? committedShare(inkShare(state.input, own[part]), knownInk) : 0;
          shadows.push({ part, ...window, darkness: shadow.data, committed });
        }
        return shadows;
      }),
    nearest: (part, count, signal) =>
      inTurn(async () => {
        if (isBlank(first.grey)) clear(first);
        else await encode(first, () => throwIfCancelled(signal));
        const entries = entriesOf(bank, settings.space);
        const state = first.parts[part];
        return isDrawn(first, part)
          ? findNearest(state.vector!, bank.vectors[part], entries, count)
          : nearestInAll(bank, drawnVectors(), entries, count);
      }),
  };
}

function blankDrawn(): Drawn {
  return { grey: new Uint8Array(CANVAS_PX * CANVAS_PX).fill(255), parts: perPart(() => ({})) };
}

/** Forgets what was worked out of a sketch that is empty now. */
function clear({ parts }: Drawn): void {
  for (const part of FACE_PARTS) parts[part] = {};
}

function isBlank(grey: Uint8Array): boolean {
  let ink = 0;
  for (const value of grey) ink += 255 - value;
  return ink < BLANK * 255 * grey.length * 0.25;
}

function paste(grey: Uint8Array, { xPx, yPx, widthPx, heightPx, grey: patch }: SketchPatch): void {
  const outside = xPx < 0 || yPx < 0 || xPx + widthPx > CANVAS_PX || yPx + heightPx > CANVAS_PX;
  if (outside || patch.length !== widthPx * heightPx) throw new RangeError('A patch that leaves the canvas.');
  for (let y = 0; y < heightPx; y++)
    grey.set(patch.subarray(y * widthPx, (y + 1) * widthPx), (yPx + y) * CANVAS_PX + xPx);
}

function equal(a: Float32Array, b: Float32Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
