import { createRequire } from 'node:module';
import type * as OpenCv from '@techstark/opencv-js';
import { Failure } from '../failure.ts';

export type Cv = typeof OpenCv;

/**
 * OpenCV for WebAssembly, in a box: the module itself has a `then`, so a promise must never resolve to it (it would
 * ask itself for its value for ever).
 */
export interface CvBox {
  readonly cv: Cv;
}

interface Runtime {
  readonly Mat?: unknown;
  onRuntimeInitialized?: () => void;
}

const EVENTS: readonly string[] = ['uncaughtException', 'unhandledRejection'];

let loading: Promise<CvBox> | undefined;

/** Loads OpenCV once for the process, at first use (some 200 ms and 120 MB). */
export function loadOpenCv(): Promise<CvBox> {
  loading ??= start();
  return loading;
}

async function start(): Promise<CvBox> {
  try {
    const kept = EVENTS.map((event) => new Set(process.rawListeners(event)));
    // Not `import`: a module namespace that shows the module's `then` would be awaited for ever.
    const module: unknown = createRequire(import.meta.url)('@techstark/opencv-js');
    // It takes the process's last-resort handlers for itself, and prints its own source over every error.
    EVENTS.forEach((event, i) => {
      for (const listener of process.rawListeners(event))
        if (!kept[i]!.has(listener)) process.off(event, listener as () => void);
    });
    const runtime = module as Runtime;
    if (runtime.Mat === undefined)
      await new Promise<void>((resolve) => {
        runtime.onRuntimeInitialized = resolve;
      });
    return { cv: module as Cv };
  } catch (error) {
    loading = undefined;
    throw new Failure(
      'internal',
      'The picture library did not start. Reinstall Inkwash and try again.',
      error,
    );
  }
}

/** Whatever lives on OpenCV's own heap and has to be given back. */
interface Freed {
  delete(): void;
}

/** Runs `work` and frees every Mat it kept with `keep`, however it ends. */
export function withMats<T>(work: (keep: <M extends Freed>(mat: M) => M) => T): T {
  const kept: Freed[] = [];
  try {
    return work((mat) => {
      kept.push(mat);
      return mat;
    });
  } finally {
    for (const mat of kept.reverse()) mat.delete();
  }
}

/** A grey byte plane as a Mat (copied onto OpenCV's heap). */
export function matOf(cv: Cv, data: Uint8Array, width: number, height: number): OpenCv.Mat {
  const mat = new cv.Mat(height, width, cv.CV_8UC1);
  mat.data.set(data);
  return mat;
}
