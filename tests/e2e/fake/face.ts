import sharp from 'sharp';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaceChannel, FaceInfo, FaceResult, FaceSource } from '../../../electron/contract/face.ts';
import type { Handlers } from '../../../electron/contract/session.ts';
import { sketchWithin, withSketch } from '../../../electron/face/face-file.ts';
import {
  CANVAS_PX,
  FACE_PARTS,
  FACE_WINDOWS,
  perPart,
  type FacePart,
  type FaceSpace,
} from '../../../electron/face/parts.ts';
import { Failure } from '../../../electron/failure.ts';

export interface FaceBehaviour {
  /** What a face takes to make. */
  faceMs: number;
  faceFails: string | undefined;
  withoutFaceModel: boolean;
}

const OUTPUT_PX = 256;
const PEOPLE = 60;
const COLOURS: Record<FacePart, readonly [number, number, number]> = {
  'left-eye': [90, 140, 200],
  'right-eye': [90, 200, 150],
  nose: [200, 120, 90],
  mouth: [190, 70, 90],
  rest: [214, 178, 150],
};

interface OpenFace {
  readonly sketch: Uint8Array;
  readonly refinement: Record<FacePart, number>;
  space: FaceSpace;
  neighbours: number;
  morph: number;
  second: Uint8Array | undefined;
}

const spaceOf = (number: number) => (number % 2 === 1 ? 'feminine' : 'masculine');
const idOf = (number: number): string => `p${String(number).padStart(4, '0')}`;

/** A known person's sketch: an oval, eyes, nose and mouth whose sizes go by the number. */
async function drawKnown(number: number): Promise<Uint8Array> {
  const grow = 0.85 + ((number * 7) % 13) / 40;
  const [eye, mouth] = [26 * grow, 52 * grow];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">
    <rect width="512" height="512" fill="#fff"/><g fill="none" stroke="#000" stroke-width="4">
    <ellipse cx="256" cy="270" rx="${150 * grow}" ry="${200 * grow}"/>
    <ellipse cx="192" cy="236" rx="${eye}" ry="${eye / 2}"/><ellipse cx="320" cy="236" rx="${eye}" ry="${eye / 2}"/>
    <path d="M256 236 L${256 - 22 * grow} 320 L270 324"/>
    <path d="M${256 - mouth} 388 Q256 ${388 + 26 * grow} ${256 + mouth} 388 Q256 ${388 - 14 * grow} ${256 - mouth} 388"/></g></svg>`;
  const { data } = await sharp(Buffer.from(svg)).greyscale().raw().toBuffer({ resolveWithObject: true });
  return new Uint8Array(data);
}

const drawn = new Map<number, Promise<Uint8Array>>();

async function sketchOf(number: number): Promise<Uint8Array> {
  const sketch = drawn.get(number) ?? drawKnown(number);
  drawn.set(number, sketch);
  return (await sketch).slice();
}

function cut(sketch: Uint8Array, part: FacePart) {
  const { xPx, yPx, sizePx } = FACE_WINDOWS[part];
  const grey = new Uint8Array(sizePx * sizePx);
  for (let y = 0; y < sizePx; y++) {
    const from = (yPx + y) * CANVAS_PX + xPx;
    grey.set(sketch.subarray(from, from + sizePx), y * sizePx);
  }
  return { part, xPx, yPx, sizePx, grey };
}

const png = async (grey: Uint8Array, sizePx: number, toPx: number): Promise<Uint8Array> =>
  sharp(grey, { raw: { width: sizePx, height: sizePx, channels: 1 } })
    .resize(toPx, toPx)
    .png()
    .toBuffer();

const inkOf = (grey: Uint8Array): number => grey.reduce((sum, value) => sum + (255 - value), 0) / 255;

/** A flat colour a part, the more of it the more it is refined, under the sketch's lines. */
function faceOf({ sketch, refinement, space, morph }: OpenFace): Uint8Array {
  const rgba = new Uint8Array(OUTPUT_PX * OUTPUT_PX * 4);
  const tint = { all: 0, feminine: 18, masculine: -18 }[space];
  for (let y = 0; y < OUTPUT_PX; y++)
    for (let x = 0; x < OUTPUT_PX; x++) {
      const [sx, sy] = [x * 2, y * 2];
      const part =
        FACE_PARTS.find((name) => {
          const { xPx, yPx, sizePx } = FACE_WINDOWS[name];
          return sx >= xPx && sx < xPx + sizePx && sy >= yPx && sy < yPx + sizePx;
        }) ?? 'rest';
      const light = sketch[sy * CANVAS_PX + sx]! / 255;
      const at = (y * OUTPUT_PX + x) * 4;
      for (let k = 0; k < 3; k++) {
        const skin = COLOURS.rest[k]! + (COLOURS[part][k]! - COLOURS.rest[k]!) * refinement[part];
        rgba[at + k] = Math.max(0, Math.min(255, (skin + tint) * light * (1 - morph * 0.5)));
      }
      rgba[at + 3] = 255;
    }
  return rgba;
}

export function fakeFaceHandlers(behaviour: FaceBehaviour): Pick<Handlers, FaceChannel> {
  const faces = new Map<string, OpenFace>();
  let next = 1;

  const faceOfId = (faceId: string): OpenFace => {
    const face = faces.get(faceId);
    if (!face) throw new Failure('input', 'This face is no longer open.');
    return face;
  };

  async function read(source: FaceSource): Promise<{ sketch: Uint8Array; notes: string[] }> {
    if (source.kind === 'face') return { sketch: faceOfId(source.faceId).sketch.slice(), notes: [] };
    if (source.kind === 'person') {
      const sketch = await sketchOf(Number(source.personId.slice(1)));
      if (source.mirrored)
        for (let y = 0; y < CANVAS_PX; y++) sketch.subarray(y * CANVAS_PX, (y + 1) * CANVAS_PX).reverse();
      return { sketch, notes: [] };
    }
    try {
      const { data } = await sharp(source.bytes)
        .flatten({ background: '#fff' })
        .resize(CANVAS_PX, CANVAS_PX, { fit: 'contain', background: '#fff' })
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { sketch: new Uint8Array(data), notes: ['lines were drawn from the photograph.'] };
    } catch (cause) {
      throw new Failure('input', `${source.name} can't be read as a picture.`, cause);
    }
  }

  return {
    'face.info': async (): Promise<FaceInfo> => ({
      installed: !behaviour.withoutFaceModel,
      sentence: behaviour.withoutFaceModel
        ? 'There is no face model. Add one with "inkwash models add FILE".'
        : '',
      title: 'Faces',
      summary: 'For tests',
      canvasPx: CANVAS_PX,
      outputPx: OUTPUT_PX,
      people: { all: PEOPLE, feminine: PEOPLE / 2, masculine: PEOPLE / 2 },
      defaultNeighbours: 10,
      maxNeighbours: 64,
      windows: FACE_PARTS.map((part) => ({ part, ...FACE_WINDOWS[part] })),
      credits: '',
    }),
    'face.open': async () => {
      const faceId = `face-${next++}`;
      faces.set(faceId, {
        sketch: new Uint8Array(CANVAS_PX * CANVAS_PX).fill(255),
        refinement: perPart(() => 0.5),
        space: 'all',
        neighbours: 10,
        morph: 0,
        second: undefined,
      });
      return { faceId };
    },
    'face.close': async ({ faceId }) => {
      faces.delete(faceId);
      return {};
    },
    'face.update': async ({ faceId, patches, refinement, ...settings }, { signal }): Promise<FaceResult> => {
      const face = faceOfId(faceId);
      for (const { xPx, yPx, widthPx, heightPx, grey } of patches)
        for (let y = 0; y < heightPx; y++)
          face.sketch.set(grey.subarray(y * widthPx, (y + 1) * widthPx), (yPx + y) * CANVAS_PX + xPx);
      for (const part of FACE_PARTS) face.refinement[part] = refinement?.[part] ?? face.refinement[part];
      face.space = settings.space ?? face.space;
      face.neighbours = settings.neighbours ?? face.neighbours;
      face.morph = settings.morph ?? face.morph;
      await sleep(behaviour.faceMs, undefined, { signal });
      if (behaviour.faceFails) throw new Failure('engine', behaviour.faceFails, new Error('fake'));
      const isDrawn = inkOf(face.sketch) > 0;
      return {
        face: isDrawn ? { sizePx: OUTPUT_PX, rgba: faceOf(face) } : null,
        recomputed: [...FACE_PARTS],
        parts: FACE_PARTS.map((part) => ({
          part,
          drawn: inkOf(cut(face.sketch, part).grey) > 0,
          refinement: face.refinement[part],
          neighbours: [],
        })),
        space: face.space,
        neighbours: face.neighbours,
        morph: face.second ? face.morph : 0,
        seconds: behaviour.faceMs / 1000,
      };
    },
    'face.morph': async ({ faceId, source }) => {
      const face = faceOfId(faceId);
      face.second = source ? (await read(source)).sketch : undefined;
      return { thumbnail: face.second ? await png(face.second, CANVAS_PX, 128) : null, notes: [] };
    },
    'face.shadow': async ({ faceId }) => {
      const { sketch } = faceOfId(faceId);
      const known = await Promise.all([1, 4, 9].map(sketchOf));
      return {
        parts: FACE_PARTS.map((part) => {
          const cuts = known.map((one) => cut(one, part));
          const { grey, ...window } = cuts[0]!;
          const darkness = grey.map((_, at) => Math.max(...cuts.map((one) => 255 - one.grey[at]!)));
          const committed = Math.min(1, inkOf(cut(sketch, part).grey) / Math.max(1, inkOf(grey)));
          return { ...window, darkness, committed };
        }),
      };
    },
    'face.nearest': async ({ faceId, part, count }) => {
      const { space } = faceOfId(faceId);
      const numbers = Array.from({ length: PEOPLE }, (_, i) => i + 1)
        .filter((number) => space === 'all' || spaceOf(number) === space)
        .slice(0, count);
      return {
        part,
        known: await Promise.all(
          numbers.map(async (number) => ({
            personId: idOf(number),
            mirrored: number % 3 === 0,
            space: spaceOf(number) as 'feminine' | 'masculine',
            distance: number,
            thumbnail: await png(cut(await sketchOf(number), part).grey, FACE_WINDOWS[part].sizePx, 128),
          })),
        ),
      };
    },
    'face.people': async ({ space, offset, count }) => {
      const all = Array.from({ length: PEOPLE }, (_, i) => i + 1).filter(
        (number) => space === 'all' || spaceOf(number) === space,
      );
      return {
        total: all.length,
        people: await Promise.all(
          all.slice(offset, offset + count).map(async (number) => ({
            personId: idOf(number),
            space: spaceOf(number) as 'feminine' | 'masculine',
            thumbnail: await png(await sketchOf(number), CANVAS_PX, 128),
          })),
        ),
      };
    },
    'face.part': async ({ part, source }) => {
      const { sketch, notes } = await read(source);
      const { grey, xPx, yPx, sizePx } = cut(sketch, part);
      const mask = new Uint8Array(sizePx * sizePx).fill(255);
      if (part === 'rest')
        for (const other of FACE_PARTS.filter((name) => name !== 'rest')) {
          const window = FACE_WINDOWS[other];
          for (let y = window.yPx; y < window.yPx + window.sizePx; y++)
            mask.fill(0, y * sizePx + window.xPx, y * sizePx + window.xPx + window.sizePx);
        }
      return { xPx, yPx, sizePx, grey, mask, notes };
    },
    'face.sketch': async ({ source }) => {
      const within = source.kind === 'picture' ? await sketchWithin(source.bytes) : undefined;
      if (within) {
        const { grey, refinement, space } = within;
        return { xPx: 0, yPx: 0, sizePx: CANVAS_PX, grey, settings: { refinement, space }, notes: [] };
      }
      if (source.kind === 'picture' && source.as === 'kept')
        throw new Failure('input', `“${source.name}” is no face that was kept here.`);
      const { sketch, notes } = await read(source);
      return { xPx: 0, yPx: 0, sizePx: CANVAS_PX, grey: sketch, settings: null, notes };
    },
    'face.export': async ({ faceId, what }) => {
      const face = faceOfId(faceId);
      const bytes =
        what === 'face'
          ? await withSketch(
              await sharp(faceOf(face), { raw: { width: OUTPUT_PX, height: OUTPUT_PX, channels: 4 } })
                .png()
                .toBuffer(),
              { grey: face.sketch, refinement: face.refinement, space: face.space },
            )
          : await png(face.sketch, CANVAS_PX, CANVAS_PX);
      return { name: `${what}.png`, mime: 'image/png', bytes: new Uint8Array(bytes) };
    },
  };
}
