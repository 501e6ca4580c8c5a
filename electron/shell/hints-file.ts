import { z } from 'zod';
import { shownFile } from '../document/shown.ts';
import { Failure } from '../failure.ts';
import { readCapped } from '../read-file.ts';

const MAX_BYTES = 4 * 1024 * 1024;

const place = z.number('a number of pixels').min(0, 'a place inside the drawing');
const part = z.number('a number from 0 to 1').min(0, 'from 0 to 1').max(1, 'from 0 to 1');
const colour = z.string('a colour like "#aabbcc"').regex(/^#[0-9a-f]{6}$/i, 'a colour like "#aabbcc"');
const point = z.tuple([place, place], 'a point is [x, y]');
const dot = z
  .strictObject({ x: place, y: place, colour })
  .transform(({ x, y, ...rest }) => ({ points: [[x, y] as [number, number]], ...rest }));
const stroke = z.strictObject({ points: z.array(point).min(1, 'at least one point').max(4096), colour });

/** Full-size pixels of the drawing; `reference` counts the --reference pictures from 1, u and v are 0–1 of it. */
const schema = z.strictObject({
  hints: z
    .array(
      z.unknown().transform((value, context) => {
        const isStroke = typeof value === 'object' && value !== null && 'points' in value;
        const parsed = (isStroke ? stroke : dot).safeParse(value);
        if (parsed.success) return parsed.data;
        for (const { path, message } of parsed.error.issues)
          context.addIssue({ code: 'custom', path, message });
        return z.NEVER;
      }),
    )
    .max(512, 'at most 512 hints')
    .default([]),
  pins: z
    .array(
      z.strictObject({ x: place, y: place, reference: z.number().int().min(1).default(1), u: part, v: part }),
    )
    .max(256, 'at most 256 pins')
    .default([]),
});
export type HintsFile = z.output<typeof schema>;

/** The file of --hints. @throws Failure `words` saying what in it is wrong, `storage` when it can't be read. */
export async function readHints(path: string, signal: AbortSignal): Promise<HintsFile> {
  const name = shownFile(path);
  const text = new TextDecoder().decode(await readCapped(path, 'a hints file', MAX_BYTES, signal));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Failure(
      'words',
      `${name} is not JSON. "inkwash colorize --help" shows what a hints file holds.`,
      cause,
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') || 'the file';
  throw new Failure(
    'words',
    `${name}: ${where} is not right: ${issue?.message ?? 'unknown'}. "inkwash colorize --help" shows what a hints file holds.`,
    parsed.error,
  );
}
