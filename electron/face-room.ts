import { performance } from 'node:perf_hooks';
import type { FaceChannel, FaceInfo, FaceResult, FaceSource } from './contract/face.ts';
import type { CallContext, Handlers } from './contract/session.ts';
import { writePng } from './document/png.ts';
import { entryOf, personOf, type FaceBank } from './face/bank.ts';
import { sketchWithin, withSketch, type FaceWithin } from './face/face-file.ts';
import { CANVAS_PX, FACE_PARTS, FACE_WINDOWS, type FacePart, type FaceSpace } from './face/parts.ts';
import { cropGrey, greyOf, greyPng, shadowPicture } from './face/pictures.ts';
import { readSketch } from './face/read-sketch.ts';
import { openFaceSession, type FaceSession, type FaceView } from './face/session.ts';
import { territory } from './face/windows.ts';
import { Failure, throwIfCancelled } from './failure.ts';
import type { Host } from './host.ts';

const MAX_FACES = 16;
const MAX_NEIGHBOURS = 64;
const THUMBNAIL_PX = 128;
/** A strip shows one face once: its mirror image stands for it. Asked for twice as many, that leaves enough. */
const WITH_MIRRORED = 2;

const windows = FACE_PARTS.map((part) => ({ part, ...FACE_WINDOWS[part] }));

/** One room's faces: the contract's face channels. */
export interface FaceRoom {
  readonly handlers: Pick<Handlers, FaceChannel>;
  close(): void;
}

export function openFaceRoom(host: Pick<Host, 'faceModel' | 'faces'>): FaceRoom {
  const faces = new Map<string, FaceSession>();
  let lastId = 0;

  const faceOf = (faceId: string): FaceSession => {
    const found = faces.get(faceId);
    if (!found) throw new Failure('words', 'This face is not open any more. Start it again.');
    return found;
  };

  /** A whole sketch from wherever it comes, on the canvas. */
  async function sketchOf(
    source: FaceSource,
    { signal, progress }: CallContext,
  ): Promise<{ grey: Uint8Array; settings?: Pick<FaceWithin, 'refinement' | 'space'>; notes: string[] }> {
    if (source.kind === 'face') return { grey: faceOf(source.faceId).sketch.slice(), notes: [] };
    if (source.kind === 'picture') {
      const within = source.as === 'photograph' ? undefined : await sketchWithin(source.bytes);
      if (within) {
        const { grey, refinement, space } = within;
        return { grey, settings: { refinement, space }, notes: [] };
      }
    }
    const system = await host.faces();
    if (source.kind === 'person') {
      const entry = entryOf(system.known.bank, source.personId, source.mirrored);
      if (entry === undefined)
        throw new Failure('words', `There is no known face "${source.personId}". Choose another.`);
      return { grey: greyOf(await system.known.sketch(entry)), notes: [] };
    }
    const { name, bytes, as } = source;
    if (as === 'kept')
      throw new Failure('input', `“${name}” is no face that was kept here. Start from it as a picture.`);
    const template = await system.template();
    const { grey, notes } = await readSketch(bytes, { name, as, template, signal, progress });
    return { grey, notes: [...notes] };
  }

  const handlers: FaceRoom['handlers'] = {
    'face.info': async () => {
      const model = host.faceModel;
      if (!model) return WITHOUT_MODEL;
      const { manifest, known } = await host.faces();
      return {
        ...WITHOUT_MODEL,
        installed: true,
        sentence: '',
        title: manifest.title,
        summary: manifest.summary,
        outputPx: manifest.outputPx,
        people: countPeople(known.bank),
        defaultNeighbours: manifest.neighbours,
        credits: known.credits,
      };
    },
    'face.open': async () => {
      if (faces.size >= MAX_FACES)
        throw new Failure('words', `${MAX_FACES} faces are open already. Close one first.`);
      const session = openFaceSession(await host.faces());
      const faceId = `face-${++lastId}`;
      faces.set(faceId, session);
      return { faceId };
    },
    'face.close': async ({ faceId }) => {
      faces.delete(faceId);
      return {};
    },
    'face.update': async ({ faceId, ...change }, { signal, progress }) => {
      const started = performance.now();
      const view = await faceOf(faceId).update(change, signal, progress);
      return resultOf(view, (await host.faces()).known.bank, (performance.now() - started) / 1000);
    },
    'face.morph': async ({ faceId, source }, context) => {
      const face = faceOf(faceId);
      if (!source) {
        face.setSecond(undefined);
        return { thumbnail: null, notes: [] };
      }
      const { grey, notes } = await sketchOf(source, context);
      throwIfCancelled(context.signal);
      face.setSecond(grey);
      return { thumbnail: await greyPng(grey, CANVAS_PX, THUMBNAIL_PX), notes };
    },
    'face.shadow': async ({ faceId }, { signal }) => ({
      parts: (await faceOf(faceId).shadow(signal)).map(({ darkness, ...rest }) => ({
        ...rest,
        darkness: Uint8Array.from(darkness, (value) => Math.round(255 * value)),
      })),
    }),
    'face.nearest': async ({ faceId, part, count }, { signal }) => {
      const { known } = await host.faces();
      const { bank } = known;
      const near = await faceOf(faceId).nearest(part, WITH_MIRRORED * count, signal);
      const seen = new Set<string>();
      const once = near.filter(({ entry }) => {
        const { id } = personOf(bank, entry).person;
        return !seen.has(id) && seen.add(id);
      });
      const strip = await Promise.all(
        once.slice(0, count).map(async ({ entry, distance }) => {
          const grey = cropGrey(greyOf(await known.sketch(entry)), CANVAS_PX, FACE_WINDOWS[part]);
          const thumbnail = await greyPng(grey, FACE_WINDOWS[part].sizePx, THUMBNAIL_PX);
          return { ...nameOf(bank, entry), distance, thumbnail };
        }),
      );
      return { part, known: strip };
    },
    'face.people': async ({ space, offset, count }) => {
      const { known } = await host.faces();
      const wanted = known.bank.people.flatMap((person, entry) =>
        space === 'all' || person.space === space ? [{ person, entry }] : [],
      );
      const people = await Promise.all(
        wanted.slice(offset, offset + count).map(async ({ person, entry }) => ({
          personId: person.id,
          space: person.space,
          thumbnail: await greyPng(greyOf(await known.sketch(entry)), CANVAS_PX, THUMBNAIL_PX),
        })),
      );
      return { total: wanted.length, people };
    },
    'face.part': async ({ part, source }, context) => {
      const { grey, notes } = await sketchOf(source, context);
      const window = FACE_WINDOWS[part];
      return {
        ...window,
        grey: cropGrey(grey, CANVAS_PX, window),
        mask: territory(part, FACE_WINDOWS),
        notes,
      };
    },
    'face.sketch': async ({ source }, context) => {
      const { grey, settings = null, notes } = await sketchOf(source, context);
      return { ...FACE_WINDOWS.rest, grey, settings, notes };
    },
    'face.export': async ({ faceId, what }, { signal }) => {
      const session = faceOf(faceId);
      return { name: `${what}.png`, mime: 'image/png', bytes: await pictureOf(session, what, signal) };
    },
  };
  return { handlers, close: () => faces.clear() };
}

async function pictureOf(
  session: FaceSession,
  what: 'face' | 'sketch' | 'shadow',
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (what === 'sketch') return greyPng(session.sketch, CANVAS_PX);
  if (what === 'shadow') {
    const data = shadowPicture(await session.shadow(signal));
    return writePng({ data, width: CANVAS_PX, height: CANVAS_PX, channels: 4, space: 'srgb' }, { signal });
  }
  if (!session.face) throw new Failure('words', 'There is no face yet. Draw some lines first.');
  const { refinement, space, morph } = session.settings;
  const png = await writePng(session.face, { signal });
  // A morphed face is not that of the sketch alone.
  return morph > 0 ? png : withSketch(png, { grey: session.sketch, refinement, space });
}

/** What `face.info` says where no face model is installed. */
const WITHOUT_MODEL: FaceInfo = {
  installed: false,
  sentence: 'There is no face model. Add one with "inkwash models add FILE".',
  title: '',
  summary: '',
  canvasPx: CANVAS_PX,
  outputPx: 0,
  people: { all: 0, feminine: 0, masculine: 0 },
  defaultNeighbours: 10,
  maxNeighbours: MAX_NEIGHBOURS,
  windows,
  credits: '',
};

function countPeople({ people }: FaceBank): Record<FaceSpace, number> {
  const of = (space: FaceSpace): number => people.filter((person) => person.space === space).length;
  return { all: people.length, feminine: of('feminine'), masculine: of('masculine') };
}

function nameOf(
  bank: FaceBank,
  entry: number,
): { personId: string; mirrored: boolean; space: 'feminine' | 'masculine' | null } {
  const { person, mirrored } = personOf(bank, entry);
  return { personId: person.id, mirrored, space: person.space };
}

/** A face as the contract says it. */
export function resultOf(view: FaceView, bank: FaceBank, seconds: number): FaceResult {
  const parts = view.parts.map(({ part, drawn, refinement, projection }) => ({
    part,
    drawn,
    refinement,
    neighbours: (projection?.neighbours ?? []).map(({ entry, weight, distance }) => ({
      ...nameOf(bank, entry),
      weight,
      distance,
    })),
  }));
  const { face, recomputed, space, neighbours, morph } = view;
  return {
    face: face ? { sizePx: face.width, rgba: face.data } : null,
    recomputed: [...recomputed] satisfies FacePart[],
    parts,
    space,
    neighbours,
    morph,
    seconds,
  };
}
