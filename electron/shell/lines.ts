import { basename, extname } from 'node:path';
import { dispatch } from '../contract/session.ts';
import { formatOf, refuseInputs, saveAtomically } from '../document/save.ts';
import { Failure } from '../failure.ts';
import type { Host } from '../host.ts';
import { pictureArgument } from './picture-argument.ts';
import type { Reporter } from './report.ts';

/** `inkwash lines IMG`: a line drawing from a colour picture or a scan, as PNG. */
export async function drawLinesFile(
  host: Host,
  picture: string,
  words: { readonly out?: string },
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const out = words.out ?? `${basename(picture, extname(picture))}-lines.png`;
  if (formatOf(out) !== 'png')
    throw new Failure('words', `Lines are saved as PNG. End the name "${basename(out)}" in .png.`);
  await refuseInputs(out, [picture]);
  const room = host.openRoom();
  try {
    const file = await pictureArgument(picture, signal);
    const drawn = await dispatch(room.handlers, 'lines.draw', file, { signal, progress: reporter.progress });
    await saveAtomically(out, drawn.bytes, { inputs: [picture] });
    reporter.say(out, { picture, out });
  } finally {
    await room.close();
  }
}
