import { basename, extname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { dispatch, type CallContext } from '../contract/session.ts';
import { writePng } from '../document/png.ts';
import { formatOf, refuseInputs, saveAtomically } from '../document/save.ts';
import { FACE_PARTS, type FacePart, type FaceSpace } from '../face/parts.ts';
import { Failure } from '../failure.ts';
import type { Host } from '../host.ts';
import { part } from '../progress.ts';
import { pictureArgument } from './picture-argument.ts';
import type { Reporter } from './report.ts';

/** How far known faces decide, by part; parts left out as far as in a new face. */
export type RefineWords = { readonly [P in FacePart]?: number };

export interface FaceWords {
  readonly refine?: RefineWords;
  readonly space?: FaceSpace;
  readonly neighbours?: number;
  readonly out?: string;
  readonly shadow?: string;
}

/** `0.8` for all parts, or `left-eye=1,nose=0.4`. */
export function refineWords(text: string): RefineWords {
  const values: Partial<Record<FacePart, number>> = {};
  for (const word of text.split(',')) {
    const [, name, value] = /^\s*(?:([a-z-]+)\s*=)?\s*([0-9]*\.?[0-9]+)\s*$/.exec(word) ?? [];
    const parts = name === undefined ? FACE_PARTS : FACE_PARTS.filter((known) => known === name);
    const amount = Number(value);
    const alone = name !== undefined || text.split(',').length === 1;
    if (value === undefined || parts.length === 0 || !alone || !(amount >= 0 && amount <= 1))
      throw new InvalidArgumentError(
        `expected a number from 0 (my line) to 1 (known faces), or parts like left-eye=1,nose=0.4 (${FACE_PARTS.join(', ')}), got "${text}".`,
      );
    for (const known of parts) values[known] = amount;
  }
  return values;
}

/** `inkwash face SKETCH`: a face from a sketch, through the same channels as a window. */
export async function synthesiseFace(
  host: Host,
  sketch: string,
  words: FaceWords,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const out = words.out ?? `${basename(sketch, extname(sketch))}-face.png`;
  const outputs = words.shadow === undefined ? [out] : [out, words.shadow];
  for (const path of outputs) {
    if (formatOf(path) !== 'png')
      throw new Failure('words', `Faces are saved as PNG. End the name "${basename(path)}" in .png.`);
    await refuseInputs(path, [sketch]);
  }
  if (words.shadow !== undefined && resolve(words.shadow) === resolve(out))
    throw new Failure('words', 'The face and its shadow need two names. Give --shadow another.');
  const room = host.openRoom();
  const context = (from: number, to: number): CallContext => ({
    signal,
    progress: part(reporter.progress, from, to),
  });
  try {
    const picture = await pictureArgument(sketch, signal);
    const source = { kind: 'picture', ...picture } as const;
    const { grey, notes } = await dispatch(room.handlers, 'face.sketch', { source }, context(0, 0.4));
    const { faceId } = await dispatch(room.handlers, 'face.open', {}, context(0.4, 0.5));
    const { refine, space, neighbours } = words;
    const result = await dispatch(
      room.handlers,
      'face.update',
      {
        faceId,
        patches: [{ xPx: 0, yPx: 0, widthPx: 512, heightPx: 512, grey }],
        ...(refine && { refinement: refine }),
        ...(space && { space }),
        ...(neighbours && { neighbours }),
      },
      context(0.5, 0.9),
    );
    if (!result.face)
      throw new Failure('input', `“${basename(sketch)}” has too few lines for a face. Draw more of it.`);
    const { sizePx, rgba } = result.face;
    const face = { data: rgba, width: sizePx, height: sizePx, channels: 4, space: 'srgb' } as const;
    await saveAtomically(out, await writePng(face, { signal }), { inputs: [sketch], signal });
    if (words.shadow !== undefined) {
      const shadow = await dispatch(
        room.handlers,
        'face.export',
        { faceId, what: 'shadow' },
        context(0.9, 1),
      );
      await saveAtomically(words.shadow, shadow.bytes, { inputs: [sketch], signal });
    }
    for (const note of notes) process.stderr.write(`inkwash: ${note}\n`);
    reporter.say(outputs.join('\n'), {
      sketch,
      out,
      ...(words.shadow !== undefined && { shadow: words.shadow }),
      widthPx: sizePx,
      heightPx: sizePx,
      space: result.space,
      neighbours: result.neighbours,
      parts: result.parts,
      notes,
      seconds: result.seconds,
    });
  } finally {
    room.close();
  }
}
