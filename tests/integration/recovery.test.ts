import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Channel, Result } from '../../electron/contract/table.ts';
import type { ToRenderer } from '../../electron/contract/wire.ts';
import { readOraBytes } from '../../electron/document/read-ora.ts';
import { startHostProcess, type HostProcess } from '../../electron/host-owner.ts';
import { HOST_ENTRY } from '../../electron/places.ts';
import { sample } from '../e2e/real-door.ts';

let data: string;
const running: HostProcess[] = [];
const usual = process.env['INKWASH_DATA'];

beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'inkwash-recovery-'));
  // The host process is started with this process's environment.
  process.env['INKWASH_DATA'] = data;
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((host) => host.close()));
});
afterAll(() => {
  process.env['INKWASH_DATA'] = usual;
  rmSync(data, { recursive: true });
});

/** A host as a window has it. */
class Window {
  readonly #heard: ToRenderer[] = [];
  readonly #lost: unknown[] = [];
  readonly process: HostProcess;
  #lastId = 0;

  constructor() {
    const events = {
      message: (message: ToRenderer) => this.#heard.push(message),
      lost: (lost: unknown) => this.#lost.push(lost),
    };
    const options = { node: process.execPath, entry: HOST_ENTRY, log: () => undefined };
    this.process = startHostProcess(options, events);
    running.push(this.process);
  }

  send(channel: Channel, args: unknown): number {
    this.process.send({ type: 'call', id: ++this.#lastId, channel, args });
    return this.#lastId;
  }

  async call<C extends Channel>(channel: C, args: unknown): Promise<Result<C>> {
    const id = this.send(channel, args);
    const answer = await vi.waitFor(
      () => {
        const found = this.#heard.find((message) => message.id === id && message.type !== 'progress');
        if (!found) throw new Error(`No answer to ${channel}.`);
        return found;
      },
      { timeout: 30_000, interval: 10 },
    );
    if (answer.type !== 'result') throw new Error(JSON.stringify(answer));
    return answer.value as Result<C>;
  }

  /** As a crash ends it, whatever it is doing. */
  async kill(): Promise<void> {
    process.kill(this.process.pid!, 'SIGKILL');
    await vi.waitFor(() => expect(this.#lost).toHaveLength(1), { timeout: 30_000, interval: 10 });
  }
}

const WHITE = 255;
/** Paints a square on the only layer that is not Paper. */
function square(documentId: string, sidePx: number, value = WHITE) {
  const rgba = new Uint8Array(sidePx * sidePx * 4).fill(value);
  const look = {
    visible: true,
    opacity: 1,
    blend: 'normal',
    locked: false,
    alphaLocked: false,
    clipped: false,
  };
  return {
    documentId,
    layers: [{ id: 'layer-1', kind: 'raster', name: 'Layer 1', depth: 0, ...look }],
    pixels: [{ layerId: 'layer-1', xPx: 0, yPx: 0, widthPx: sidePx, heightPx: sidePx, rgba }],
  };
}

async function paintedWindow(
  windowId: string,
  name: string,
): Promise<{ window: Window; documentId: string }> {
  const window = new Window();
  await window.call('recovery.begin', { windowId });
  const size = { widthPx: 1200, heightPx: 900, dpi: 150, paper: false };
  const { documentId } = await window.call('painting.new', { name, ...size });
  await window.call('painting.put', square(documentId, 256));
  return { window, documentId };
}

describe('a host that is killed', () => {
  it('loses no drawing that had a copy: the next start offers it with its picture and age', async () => {
    const { window } = await paintedWindow('windowaaaa', 'Unsaved');
    await window.call('recovery.save', {});
    await window.kill();

    const next = new Window();
    const { found } = await next.call('recovery.begin', { windowId: 'windowbbbb' });
    expect(found).toMatchObject([{ name: 'Unsaved', widthPx: 1200, heightPx: 900 }]);
    expect(found[0]!.thumbnail?.length).toBeGreaterThan(50);
    const { name, bytes } = await next.call('recovery.read', { recoveryId: found[0]!.recoveryId });
    const opened = await next.call('drawing.open', { name, bytes });
    expect(opened).toMatchObject({ name: 'Unsaved.ora', widthPx: 1200, layers: [{ name: 'Layer 1' }] });
    const pixels = await next.call('painting.pixels', {
      documentId: opened.documentId,
      layerId: opened.layers[0]!.id,
    });
    expect([pixels.widthPx, pixels.heightPx, pixels.rgba[0]]).toEqual([256, 256, WHITE]);
    await next.call('recovery.forget', { recoveryId: found[0]!.recoveryId });
    expect((await next.call('recovery.begin', { windowId: 'windowbbbb' })).found).toEqual([]);
  });

  it.each([0, 5, 20, 60])(
    'while it writes a copy, %i ms into it, leaves the one before whole',
    async (afterMs) => {
      const { window, documentId } = await paintedWindow(`windowcut${afterMs}`, `Cut ${afterMs}`);
      await window.call('recovery.save', {});
      await window.call('painting.put', square(documentId, 900, 128));
      window.send('recovery.save', {});
      // Where in the writing it is hit is left to chance; what holds is the same wherever.
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await window.kill();
      const next = new Window();
      const { found } = await next.call('recovery.begin', { windowId: 'windownext' });
      const copy = found.find(({ name }) => name === `Cut ${afterMs}`);
      const { bytes } = await next.call('recovery.read', { recoveryId: copy!.recoveryId });
      const { document } = await readOraBytes(bytes, 'copy');
      expect(document.layers).toHaveLength(1);
      await next.call('recovery.forget', { recoveryId: copy!.recoveryId });
    },
  );

  it('never wrote over the artist’s file', async () => {
    const path = join(data, 'mine.webp');
    const before = await readFile(sample('first-minute/boy-with-cats.webp'));
    await writeFile(path, before);
    const { mtimeMs } = await stat(path);
    const window = new Window();
    await window.call('recovery.begin', { windowId: 'windowfile' });
    const opened = await window.call('drawing.open', { name: 'mine.webp', bytes: before, path });
    await window.call('layer.update', { documentId: opened.documentId, layerId: 'lines', opacity: 0.5 });
    await window.call('recovery.save', {});
    await window.kill();
    expect(await readFile(path)).toEqual(before);
    expect((await stat(path)).mtimeMs).toBe(mtimeMs);
    const next = new Window();
    const [recent] = await next.call('recents.list', {});
    expect(recent).toMatchObject({ name: 'mine.webp', folder: data, gone: false });
  });
});

describe('a window that is closed', () => {
  it('leaves a copy of what was not saved, and none of what was', async () => {
    const { window, documentId } = await paintedWindow('windowsave', 'Saved');
    await window.call('recovery.save', {});
    await window.call('document.export', { documentId, format: 'ora' });
    await window.process.close();
    const folders = await readdir(join(data, 'recovery'));
    expect(folders.filter((name) => name.startsWith('windowsave'))).toEqual([]);

    const unsaved = await paintedWindow('windowleft', 'Left');
    await unsaved.window.process.close();
    const next = new Window();
    const { found } = await next.call('recovery.begin', { windowId: 'windowlast' });
    expect(found.map(({ name }) => name)).toContain('Left');
  });
});
