import { texts } from '../app/texts.ts';
import { chooseFiles } from './pictures.ts';
import { faceMorph } from './face-morph.svelte.ts';
import { faceFilm } from './face-film.svelte.ts';
import { keptFaces } from './face-kept.svelte.ts';
import { tilesOfGrey, withLines, withoutInk } from './face-sketch.ts';
import { fromFile, type NamedSource } from './face-sources.ts';
import { face } from './face.svelte.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';

/** Puts a sketch from elsewhere on the canvas, as a step; what stood there is kept. */
export async function startFrom(named: NamedSource): Promise<void> {
  face.starting = named.name;
  try {
    const sketch = await host.call('face.sketch', { source: await named.source() });
    keptFaces.keep();
    const tiles = tilesOfGrey(sketch.grey, sketch.xPx, sketch.yPx, sketch.sizePx);
    const { settings } = sketch;
    face.change(
      (now) => ({ ...withLines(now, tiles), ...settings }),
      'now',
      texts.face.startedFrom(named.name),
    );
    for (const note of sketch.notes) notices.info(texts.notices.about(named.name, note));
  } catch (thrown) {
    notices.failure(thrown, { key: 'face-start' });
  } finally {
    face.starting = undefined;
  }
}

export function startBlank(): void {
  keptFaces.keep();
  faceMorph.end();
  face.change(withoutInk, 'now', texts.face.startedBlank);
}

export async function startFromPicture(): Promise<void> {
  const [file] = await chooseFiles(false);
  if (file) await startFrom(fromFile(file));
}

/** What is pasted: a part copied here, or a picture copied elsewhere since. */
export function pasteInFace(files: readonly File[]): void {
  const [file] = files;
  if (file && !faceFilm.copiedLast) void startFrom(fromFile(file));
  else faceFilm.pasteCopied();
}
