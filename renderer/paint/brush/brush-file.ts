import * as z from 'zod/mini';
import { MAX_BRUSH_PX, type Brush } from './brush.ts';
import { TIPS } from './tip.ts';

/*
 * Own brushes as a file: JSON with a version, every setting checked when it is read. What a newer Inkwash adds is left
 * out, so that its files open here.
 */

const FORMAT = 'inkwash-brushes';
const VERSION = 1;
const MAX_BRUSHES = 500;
/** Far above what so many brushes need. */
export const MAX_BRUSH_FILE_BYTES = 4 << 20;

const unit = z.number().check(z.gte(0), z.lte(1));
const curve = z.object({
  least: unit,
  bend: z.number().check(z.gte(0.2), z.lte(5)),
  points: z.optional(
    z.array(z.tuple([unit, unit])).check(
      z.minLength(2),
      z.maxLength(8),
      z.refine((points) => points[0]?.[0] === 0 && points.at(-1)?.[0] === 1),
      z.refine((points) => points.every(([x], at) => at === 0 || x > points[at - 1]![0])),
    ),
  ),
});

const brush = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  kind: z.enum(['paint', 'erase', 'smudge']),
  sizePx: z.number().check(z.gte(0.5), z.lte(MAX_BRUSH_PX)),
  opacity: unit,
  flow: unit,
  hardness: unit,
  spacing: z.number().check(z.gte(0.01), z.lte(5)),
  buildsUp: z.boolean(),
  roundness: z.number().check(z.gte(0.05), z.lte(1)),
  angleDeg: z.number().check(z.gte(-360), z.lte(360)),
  grain: unit,
  tilts: z.boolean(),
  sizeByPressure: z.optional(curve),
  opacityByPressure: z.optional(curve),
  flowByPressure: z.optional(curve),
  stabilizer: z.number().check(z.gte(0), z.lte(20)),
  tip: z.optional(z.enum(TIPS)),
  follows: z.optional(z.boolean()),
  scatter: z.optional(z.number().check(z.gte(0), z.lte(3))),
  jitterDeg: z.optional(z.number().check(z.gte(0), z.lte(180))),
});

const file = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  brushes: z.array(z.unknown()).check(z.maxLength(MAX_BRUSHES)),
});

export function brushFileOf(brushes: readonly Brush[]): string {
  const plain = brushes.map(({ id: _id, ...settings }) => settings);
  return `${JSON.stringify({ format: FORMAT, version: VERSION, brushes: plain }, null, 2)}\n`;
}

/** The brushes in a file's text, those that are sound; undefined when it is no such file or holds none. Ids are for the taker. */
export function brushesIn(text: string): readonly Brush[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = file.safeParse(parsed);
  if (!read.success) return undefined;
  const brushes = read.data.brushes.flatMap((each, at): Brush[] => {
    const checked = brush.safeParse(each);
    if (!checked.success) return [];
    const { sizeByPressure, opacityByPressure, flowByPressure } = checked.data;
    return [{ ...checked.data, id: `read-${at}`, sizeByPressure, opacityByPressure, flowByPressure }];
  });
  return brushes.length > 0 ? brushes : undefined;
}
