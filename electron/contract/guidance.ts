import { z } from 'zod';

/** What the host names its documents, references and so on by. */
export const id = z.string().regex(/^[a-z]+-[0-9]{1,9}$/, 'an id given by the host');
/** The id of an installed model: a method's own has the method's. */
export const methodId = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'the id of an installed method');
export const hexColour = z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour like #aabbcc');
/** Full-size pixels from the drawing's top left corner; a host refuses places outside the drawing. */
export const pixels = z.number().min(0).max(100_000);
export const fraction = z.number().min(0).max(1);

/** A dot (one point) or a stroke of colour. */
export const hintStroke = z.strictObject({
  points: z
    .array(z.tuple([pixels, pixels]))
    .min(1)
    .max(4096),
  colour: hexColour,
});
export const palette = z.array(hexColour).max(64);
export const hints = z.array(hintStroke).max(512);
/** The place (x, y) of the drawing takes the colour of the place (u, v), 0–1, of a reference that is given too. */
export const pins = z
  .array(z.strictObject({ x: pixels, y: pixels, referenceId: id, u: fraction, v: fraction }))
  .max(256);

/** What colours are taken from, as much of it as the method takes (MethodInfo.takes). */
export const guidance = {
  references: z
    .array(z.strictObject({ referenceId: id, weight: fraction.default(1) }))
    .max(32)
    .default([]),
  palette: palette.default([]),
  hints: hints.default([]),
  pins: pins.default([]),
};

/** How regions are found and coloured. */
export const regionWords = {
  /** Whether Flats and Shading are made from regions (else only Colour). */
  regions: z.boolean(),
  /** Gaps in lines up to this many pixels of the full-size drawing are closed; -1 chooses by the drawing. */
  gapPx: z.number().int().min(-1).max(64),
  /** Whether each flat takes a colour that the references have: the one attended to most, or the nearest. */
  snap: z.boolean().default(true),
};

export const modelSizePx = z.number().int().min(256).max(768);

/** How sure the model is, 0–255 a cell of its grid, row by row, laid over the whole page. */
export const confidenceMap = z.object({
  columns: z.number().int(),
  rows: z.number().int(),
  bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes'),
});
