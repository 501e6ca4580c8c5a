import { decode, encode } from '@msgpack/msgpack';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { WebSocketServer, type WebSocket } from 'ws';
import { openSession, type Handlers } from '../../electron/contract/session.ts';
import type { AppInfo, DrawingInfo, LayerInfo } from '../../electron/contract/table.ts';
import type { InkDocument } from '../../electron/document/model.ts';
import { Failure } from '../../electron/failure.ts';
import type { Gallery } from '../../electron/gallery/gallery.ts';
import type { Raster } from '../../electron/raster.ts';
import { emptyMemory, shellHandlers, type ShellMemory } from './fake/shell.ts';
import { fakeColourHandlers, type ColourAsked } from './fake/colour.ts';
import { fakeFaceHandlers, type FaceBehaviour } from './fake/face.ts';
import { fakeGallery, type FakeGallery } from './fake/gallery.ts';

/**
 * A host that answers the contract with synthetic colour, and fails on request: for what a real host can't be made to
 * do in a test at will (a lost connection, a failing or endless run, no model).
 */
export interface FakeHost {
  readonly url: string;
  /** What the next calls do; change freely. */
  readonly behaviour: Behaviour;
  /** What each colouring was asked to do, newest last. */
  readonly asked: readonly Asked[];
  readonly colour: ColourAsked;
  readonly gallery: Gallery;
  /** What it keeps about the program around the drawings; put things there to be found. */
  readonly shell: ShellMemory;
  /** Cuts every connection, and refuses new ones until told otherwise. */
  drop(refuse: boolean): void;
  close(): Promise<void>;
}

export type Asked = Parameters<Handlers['colorize.run']>[0];

export interface Behaviour {
  runMs: number;
  runFails: string | undefined;
  updateFails: string | undefined;
  withoutModel: boolean;
  readonly faces: FaceBehaviour;
}

const page = fileURLToPath(new URL('../../dist/renderer/', import.meta.url));
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

interface FakeLayer {
  info: LayerInfo;
  rgba: Buffer;
}
interface FakeDocument {
  info: DrawingInfo;
  layers: FakeLayer[];
}

async function decodePicture(
  name: string,
  bytes: Uint8Array,
): Promise<{ data: Buffer; w: number; h: number }> {
  try {
    const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return { data, w: info.width, h: info.height };
  } catch (cause) {
    throw new Failure(
      'input',
      `${name} can't be read as a picture. Save it again as PNG and try once more.`,
      cause,
    );
  }
}

/** Black with the drawing's darkness as alpha. */
function toInk(rgba: Buffer): Buffer {
  const ink = Buffer.alloc(rgba.length);
  for (let at = 0; at < rgba.length; at += 4) {
    const grey = (rgba[at]! + rgba[at + 1]! + rgba[at + 2]!) / 3;
    ink[at + 3] = Math.round(((255 - grey) * rgba[at + 3]!) / 255);
  }
  return ink;
}

async function solid(
  w: number,
  h: number,
  paint: (x: number, y: number) => readonly number[],
): Promise<Buffer> {
  const out = Buffer.alloc(w * h * 4);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) out.set(paint(x / w, y / h), (y * w + x) * 4);
  return out;
}

function layeredDocument({ info, layers }: FakeDocument): InkDocument {
  const { widthPx: width, heightPx: height, dpi } = info;
  return {
    width,
    height,
    dpi,
    layers: layers
      .toReversed()
      .map(({ info: { id, name, visible, opacity, blend, locked }, rgba: data }) => ({
        ...{ id, name, visible, opacity, blend, locked },
        kind: 'raster',
        x: 0,
        y: 0,
        pixels: { data, width, height, channels: 4, space: 'srgb' },
      })),
  };
}

function makeHandlers(
  behaviour: Behaviour,
  asked: Asked[],
  colour: ColourAsked,
  gallery: FakeGallery,
  memory: ShellMemory,
): Handlers {
  const documents = new Map<string, FakeDocument>();
  const references = new Map<string, { name: string; mean: readonly number[]; picture: Raster }>();
  let next = 1;

  const layer = (id: string, name: string, more: Partial<LayerInfo> = {}): LayerInfo => ({
    id,
    name,
    kind: 'raster',
    depth: 0,
    visible: true,
    opacity: 1,
    blend: 'normal',
    locked: false,
    revision: next++,
    ...more,
  });
  const describe = (document: FakeDocument): DrawingInfo => ({
    ...document.info,
    layers: document.layers.map(({ info }) => info),
  });
  const documentOf = (documentId: string): FakeDocument => {
    const document = documents.get(documentId);
    if (!document) throw new Failure('input', 'This drawing is no longer open.');
    return document;
  };

  async function open(name: string, bytes: Uint8Array): Promise<DrawingInfo> {
    const { data, w, h } = await decodePicture(name, bytes);
    const documentId = `document-${next++}`;
    const info = { documentId, name, widthPx: w, heightPx: h, dpi: 72, notes: [], layers: [] };
    const lines = { info: layer('lines', 'Lines', { blend: 'multiply', locked: true }), rgba: toInk(data) };
    const document = { info, layers: [lines] };
    documents.set(documentId, document);
    return describe(document);
  }

  async function addReference(name: string, bytes: Uint8Array) {
    const { data, w, h } = await decodePicture(name, bytes);
    const thumbnail = await sharp(bytes).resize(512, 512, { fit: 'inside' }).png().toBuffer();
    const { channels } = await sharp(bytes).stats();
    const mean = channels.slice(0, 3).map((channel) => Math.round(channel.mean));
    const referenceId = `reference-${next++}`;
    const picture: Raster = { data, width: w, height: h, channels: 4, space: 'srgb' };
    references.set(referenceId, { name, mean, picture });
    const hex = (part: number): string =>
      `#${mean
        .map((c) =>
          Math.min(255, Math.round(c * part))
            .toString(16)
            .padStart(2, '0'),
        )
        .join('')}`;
    const palette = [1, 0.4, 0.6, 0.8, 1.2, 1.4].map(hex);
    const bands = Array.from({ length: 16 }, (_, i) => palette[i % palette.length]!);
    const bytesOf = new Uint8Array(thumbnail);
    return { referenceId, name, widthPx: w, heightPx: h, thumbnail: bytesOf, palette, bands };
  }

  return {
    ...fakeFaceHandlers(behaviour.faces),
    ...gallery.handlers({
      document: (documentId) => layeredDocument(documentOf(documentId)),
      reference: (referenceId) => references.get(referenceId)!,
      addReference,
    }),
    ...shellHandlers(memory),
    ...fakeColourHandlers(
      colour,
      (id) => references.get(id)?.mean,
      (id) => documentOf(id).info,
    ),
    'app.info': async (): Promise<AppInfo> => ({
      version: '0.1.0-fake',
      provider: { found: ['cpu'], tried: [], chosen: 'cpu', threads: 2, runtimeVersion: '1.30.0' },
      methods: behaviour.withoutModel
        ? []
        : [
            {
              id: 'scft',
              method: 'scft',
              title: 'SCFT',
              takes: { references: 'many', palette: false, hints: false, pins: false },
              summary: 'Dense semantic correspondence (Lee et al. 2020)',
              sizesPx: [256, 512],
              defaultSizePx: 256,
            },
            {
              id: 'inkwash',
              method: 'inkwash',
              title: 'Inkwash',
              summary: 'Takes everything',
              takes: { references: 'many', palette: true, hints: true, pins: true },
              sizesPx: [256, 512],
              defaultSizePx: 512,
            },
            {
              id: 'nerk',
              method: 'nerk',
              title: 'Nerk',
              summary: 'Takes one reference',
              takes: { references: 'one', palette: false, hints: false, pins: false },
              sizesPx: [256],
              defaultSizePx: 256,
            },
          ],
      modelNotes: behaviour.withoutModel
        ? ['models/scft: the file is not there. Run "inkwash models verify".']
        : [],
    }),
    'sample.open': async () => {
      const svg = (body: string): Buffer =>
        Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="600" height="800">${body}</svg>`);
      const face = '<circle cx="300" cy="330" r="180"/><path d="M160 800 Q300 480 440 800"/>';
      const drawing = svg(
        `<rect width="600" height="800" fill="#fff"/><g fill="none" stroke="#000" stroke-width="4">${face}</g>`,
      );
      const coloured = (sky: string, skin: string): Buffer =>
        svg(`<rect width="600" height="800" fill="${sky}"/><g fill="${skin}">${face}</g>`);
      const png = async (picture: Buffer): Promise<Uint8Array> => sharp(picture).png().toBuffer();
      return {
        drawing: await open('sample.png', await png(drawing)),
        references: [
          await addReference('warm.png', await png(coloured('#e8b45a', '#a2452c'))),
          await addReference('cool.png', await png(coloured('#6aa3d8', '#2f5f4a'))),
        ],
        credit: 'Drawn by nobody, for tests.',
      };
    },
    'drawing.open': async ({ name, bytes }) => open(name, bytes),
    'drawing.close': async ({ documentId }) => {
      documents.delete(documentId);
      return {};
    },
    'reference.add': async ({ name, bytes }) => addReference(name, bytes),
    'reference.remove': async ({ referenceId }) => {
      references.delete(referenceId);
      return {};
    },
    'colorize.run': async (args, { progress, signal }) => {
      asked.push(args);
      const { documentId, references: ids, regions } = args;
      const document = documentOf(documentId);
      const steps = ['Reading the references', 'Colouring', 'Finding regions', 'Making layers'];
      const started = performance.now();
      for (let done = 0; done < 20; done++) {
        progress(done / 20, steps[Math.floor(done / 5)]!);
        await sleep(behaviour.runMs / 20, undefined, { signal });
        if (behaviour.runFails && done === 8)
          throw new Failure('engine', behaviour.runFails, new Error('fake'));
      }
      const { widthPx: w, heightPx: h } = document.info;
      const mean = references.get(ids[0]?.referenceId ?? '')?.mean ?? [128, 128, 128];
      const lines = document.layers.filter(({ info }) => info.id === 'lines');
      const made: FakeLayer[] = regions
        ? [
            {
              info: layer('shading', 'Shading', { blend: 'multiply', opacity: 0.8 }),
              rgba: await solid(w, h, (x) => [90, 90, 130, Math.round(160 * x)]),
            },
            { info: layer('flats', 'Flats'), rgba: await solid(w, h, () => [...mean, 255]) },
          ]
        : [];
      made.push({
        info: layer('colour', 'Colour', { visible: !regions }),
        rgba: await solid(w, h, (x, y) => [mean[0]! * x, mean[1]! * y, mean[2]!, 255]),
      });
      document.layers = [...lines, ...made];
      const seconds = (performance.now() - started) / 1000;
      return { drawing: describe(document), seconds, regionCount: 12, provider: 'cpu' as const };
    },
    'colorize.correspondence': async ({ documentId, x, y }) => {
      const { widthPx, heightPx } = documentOf(documentId).info;
      const columns = 32;
      const rows = 32;
      const heat = new Uint8Array(columns * rows);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const away = Math.hypot(column - (x / widthPx) * columns, row - (y / heightPx) * rows);
          heat[row * columns + column] = Math.round(255 * Math.exp(-(away ** 2) / 18));
        }
      return {
        references: [...references.keys()].map((referenceId) => ({ referenceId, columns, rows, heat })),
      };
    },
    'lines.draw': async ({ name, bytes }) => ({ name, mime: 'image/png', bytes }),
    'layer.pixels': async ({ documentId, layerId, maxSidePx }) => {
      const { info, layers } = documentOf(documentId);
      const found = layers.find((candidate) => candidate.info.id === layerId);
      if (!found) throw new Failure('input', 'This layer is gone.');
      const raw = { width: info.widthPx, height: info.heightPx, channels: 4 as const };
      const scaled = await sharp(found.rgba, { raw })
        .resize(maxSidePx, maxSidePx, { fit: 'inside', withoutEnlargement: true })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const { width: widthPx, height: heightPx } = scaled.info;
      return { widthPx, heightPx, xPx: 0, yPx: 0, rgba: new Uint8Array(scaled.data) };
    },
    'layer.update': async ({ documentId, layerId, ...patch }) => {
      if (behaviour.updateFails) throw new Failure('storage', behaviour.updateFails);
      const document = documentOf(documentId);
      document.layers = document.layers.map((candidate) =>
        candidate.info.id === layerId
          ? { ...candidate, info: { ...candidate.info, ...JSON.parse(JSON.stringify(patch)) } }
          : candidate,
      );
      return describe(document);
    },
    'painting.new': async ({ name, widthPx: w, heightPx: h, paper }) => {
      const documentId = `document-${next++}`;
      const info = { documentId, name, widthPx: w, heightPx: h, dpi: 72, notes: [], layers: [] };
      const layers: FakeLayer[] = [{ info: layer('layer-1', 'Layer 1'), rgba: Buffer.alloc(w * h * 4) }];
      if (paper)
        layers.push({
          info: layer('paper', 'Paper', { locked: true }),
          rgba: Buffer.alloc(w * h * 4, 255),
        });
      const document = { info, layers };
      documents.set(documentId, document);
      return describe(document);
    },
    'painting.pixels': async ({ documentId, layerId }) => {
      const { info, layers } = documentOf(documentId);
      const found = layers.find((candidate) => candidate.info.id === layerId);
      if (!found) throw new Failure('input', 'This layer is gone.');
      const { widthPx, heightPx } = info;
      return { xPx: 0, yPx: 0, widthPx, heightPx, rgba: new Uint8Array(found.rgba) };
    },
    'painting.put': async ({ documentId, layers: records, pixels }) => {
      if (behaviour.updateFails) throw new Failure('storage', behaviour.updateFails);
      const document = documentOf(documentId);
      const { widthPx: w, heightPx: h } = document.info;
      document.layers = records.map((record) => {
        const old = document.layers.find(({ info }) => info.id === record.id);
        const revision = old?.info.revision ?? 0;
        const rgba = Buffer.from(old?.rgba ?? Buffer.alloc(w * h * 4));
        for (const patch of pixels.filter(({ layerId }) => layerId === record.id))
          for (let y = Math.max(0, patch.yPx); y < Math.min(h, patch.yPx + patch.heightPx); y++) {
            const width = Math.min(w, patch.xPx + patch.widthPx) - patch.xPx;
            const from = (y - patch.yPx) * patch.widthPx * 4;
            const row = patch.rgba.length
              ? patch.rgba.subarray(from, from + width * 4)
              : Buffer.alloc(width * 4);
            rgba.set(row, (y * w + patch.xPx) * 4);
          }
        return { info: { ...record, revision }, rgba };
      });
      return {};
    },
    'file.read': () => Promise.reject(new Failure('words', 'A window in a browser names no places.')),
    'document.save': () => Promise.reject(new Failure('words', 'A window in a browser names no places.')),
    'document.export': async ({ documentId, format }) => {
      const { info, layers } = documentOf(documentId);
      const raw = { width: info.widthPx, height: info.heightPx, channels: 4 as const };
      const bytes = await sharp(layers[0]!.rgba, { raw }).png().toBuffer();
      return { name: `${info.name}.${format}`, mime: 'image/png', bytes: new Uint8Array(bytes) };
    },
  };
}

export async function startFakeHost(initial: Partial<Behaviour> = {}): Promise<FakeHost> {
  const behaviour: Behaviour = {
    runMs: 600,
    runFails: undefined,
    updateFails: undefined,
    withoutModel: false,
    faces: { faceMs: 40, faceFails: undefined, withoutFaceModel: false },
    ...initial,
  };
  const asked: Asked[] = [];
  const colour: ColourAsked = { previewed: [], ended: [], kept: [], gate: undefined, colourOf: undefined };
  const gallery = fakeGallery();
  const shell = emptyMemory();
  const handlers = makeHandlers(behaviour, asked, colour, gallery, shell);
  const sockets = new Set<WebSocket>();
  let refusing = false;

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = normalize(join(page, path === '/' ? 'index.html' : path));
    readFile(file.startsWith(page) ? file : '').then(
      (bytes) => response.writeHead(200, { 'content-type': types[extname(file)] ?? '' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  const sessions = new WebSocketServer({ noServer: true, maxPayload: 300 * 1024 * 1024 });
  server.on('upgrade', (request, socket, head) => {
    if (refusing) socket.destroy();
    else
      sessions.handleUpgrade(request, socket, head, (opened) => sessions.emit('connection', opened, request));
  });
  sessions.on('connection', (socket) => {
    sockets.add(socket);
    const session = openSession(handlers, (message) => socket.send(encode(message)));
    socket.on('message', (data: Buffer) => session.receive(decode(data)));
    socket.on('close', () => {
      sockets.delete(socket);
      session.close();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const drop = (refuse: boolean): void => {
    refusing = refuse;
    for (const socket of sockets) socket.terminate();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    behaviour,
    shell,
    asked,
    colour,
    gallery: gallery.gallery,
    drop,
    async close() {
      drop(true);
      await new Promise((resolve) => server.close(resolve));
      await gallery.close();
    },
  };
}
