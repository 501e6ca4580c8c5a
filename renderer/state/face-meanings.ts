import { fitted, nextScale, rotated, zoomed, type View } from '../canvas/view.ts';
import { texts } from '../app/texts.ts';
import type { Command, CommandId } from './commands.ts';
import { faceFilm } from './face-film.svelte.ts';
import { facePen } from './face-pen.svelte.ts';
import { isBlank, SKETCH_PX, withoutInk } from './face-sketch.ts';
import { startBlank, startFromPicture } from './face-start.ts';
import { faceUse } from './face-use.svelte.ts';
import { face } from './face.svelte.ts';

/** The sketch's stage, in CSS pixels. Kept apart from Paint's. */
export const faceStage = { width: 0, height: 0 };
const SKETCH_SIZE = { width: SKETCH_PX, height: SKETCH_PX };

function look(change: (view: View) => View): void {
  if (face.view) face.view = change(face.view);
}

export const fittedSketch = (view: View | undefined): View => fitted(view, SKETCH_SIZE, faceStage);

function zoomTo(scale: (view: View) => number): void {
  const middle = { x: faceStage.width / 2, y: faceStage.height / 2 };
  look((view) => zoomed(view, faceStage, middle, scale(view) / view.scale));
}

const zoomStep = (direction: 1 | -1): void =>
  zoomTo((view) => nextScale(view.scale * devicePixelRatio, direction) / devicePixelRatio);

const always = { enabled: (): boolean => true };
const turn = (by: number) => ({
  ...always,
  run: () => look((view) => rotated(view, view.rotationDeg + (view.mirrored ? -by : by))),
});

/** What Paint's commands mean in Face, where they mean something: the same keys do the same to the face's sketch. */
export const faceMeanings: Partial<Record<CommandId, Partial<Command>>> = {
  newDrawing: { title: () => texts.commands.faceBlank, run: startBlank },
  open: {
    title: () => texts.commands.facePicture,
    enabled: () => face.installed,
    run: () => void startFromPicture(),
  },
  undo: {
    title: () => {
      const last = face.past.at(-1);
      return last ? texts.commands.undoStep(last.label) : texts.commands.undo;
    },
    enabled: () => face.past.length > 0 || face.underWay,
    run: () => face.undo(),
  },
  redo: {
    title: () => {
      const next = face.future[0];
      return next ? texts.commands.redoStep(next.label) : texts.commands.redo;
    },
    enabled: () => face.future.length > 0,
    run: () => face.redo(),
  },
  clear: {
    title: () => texts.commands.faceClear,
    enabled: () => !isBlank(face.painted),
    run: () => face.change(withoutInk, 'now', texts.commands.faceClear),
  },
  copy: {
    title: () => texts.commands.faceCopyPart,
    enabled: () => face.installed && !isBlank(face.painted),
    run: () => void faceFilm.copy(),
  },
  paste: {
    title: () => texts.commands.facePastePart,
    enabled: () => faceFilm.copied !== undefined,
    run: () => faceFilm.pasteCopied(),
  },
  larger: { run: () => facePen.resize(1) },
  smaller: { run: () => facePen.resize(-1) },
  exportPng: {
    title: () => texts.commands.faceExport,
    enabled: () => faceUse.ready,
    run: () => void faceUse.export('face'),
  },
  exportAgain: {
    title: () => texts.commands.faceExport,
    enabled: () => faceUse.ready,
    run: () => void faceUse.export('face'),
  },
  fit: { ...always, run: () => look(fittedSketch) },
  actual: { ...always, run: () => zoomTo(() => 1 / devicePixelRatio) },
  zoomIn: { ...always, run: () => zoomStep(1) },
  zoomOut: { ...always, run: () => zoomStep(-1) },
  turnLeft: turn(-15),
  turnRight: turn(15),
  turnUpright: { ...always, run: () => look((view) => rotated(view, 0)) },
  mirror: {
    ...always,
    checked: () => face.view?.mirrored ?? false,
    run: () => look((view) => ({ ...view, mirrored: !view.mirrored })),
  },
};
