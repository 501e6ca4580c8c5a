import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lost, ToHost, ToRenderer } from '../../electron/contract/wire.ts';
import { startHostProcess, type HostProcess } from '../../electron/host-owner.ts';
import { HOST_ENTRY } from '../../electron/places.ts';

let scratch: string;
let running: Started | undefined;

interface Started {
  readonly process: HostProcess;
  readonly heard: ToRenderer[];
  readonly lost: Lost[];
  readonly log: string[];
}

function start(entry = HOST_ENTRY, node = process.execPath): Started {
  const heard: ToRenderer[] = [];
  const lost: Lost[] = [];
  const log: string[] = [];
  const events = { message: (m: ToRenderer) => heard.push(m), lost: (l: Lost) => lost.push(l) };
  const started = startHostProcess({ node, entry, log: (line) => log.push(line) }, events);
  return (running = { process: started, heard, lost, log });
}

/** A program in place of the host. */
function program(name: string, source: string): string {
  const path = join(scratch, name);
  writeFileSync(path, source);
  return path;
}

const call = (id: number, channel: string, args: unknown = {}): ToHost => ({
  type: 'call',
  id,
  channel,
  args,
});
const WAIT = { timeout: 30_000, interval: 20 };
const answered = (to: Started, id: number): Promise<ToRenderer> =>
  vi.waitFor(() => {
    const answer = to.heard.find((message) => message.id === id && message.type !== 'progress');
    if (!answer) throw new Error(`No answer to ${id}. ${to.log.join('\n')}`);
    return answer;
  }, WAIT);
const lostBy = (started: Started): Promise<Lost> =>
  vi.waitFor(() => {
    expect(started.lost).toHaveLength(1);
    return started.lost[0]!;
  }, WAIT);
const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // An ended process whose adopted parent has not taken notice of it yet.
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'inkwash-host-'));
});
afterEach(() => running?.process.close());
afterAll(() => rmSync(scratch, { recursive: true }));

describe('a host in a process of its own', () => {
  it('decodes, answers with pixels, and refuses wrong arguments in a sentence', async () => {
    const host = start();
    host.process.send(call(1, 'sample.open'));
    expect(await answered(host, 1)).toMatchObject({
      type: 'result',
      value: { drawing: { name: 'boy-with-kitten.webp', layers: [{ name: 'Lines' }] } },
    });
    const pixels = { documentId: 'drawing-1', layerId: 'lines', maxSidePx: 64 };
    host.process.send(call(2, 'layer.pixels', pixels));
    const { value } = (await answered(host, 2)) as {
      value: { rgba: Uint8Array; widthPx: number; heightPx: number };
    };
    expect(value.rgba).toHaveLength(value.widthPx * value.heightPx * 4);
    host.process.send(call(3, 'layer.pixels', { ...pixels, maxSidePx: 1e9 }));
    expect(await answered(host, 3)).toMatchObject({ type: 'failure', kind: 'words' });
    host.process.send(call(4, 'shell.run'));
    expect(await answered(host, 4)).toMatchObject({ type: 'failure', kind: 'words' });
    expect(host.lost).toEqual([]);
  });

  it('ends when asked, without calling it a loss', async () => {
    const host = start();
    host.process.send(call(1, 'app.info'));
    await answered(host, 1);
    await host.process.close();
    expect(runs(host.process.pid!)).toBe(false);
    expect(host.lost).toEqual([]);
  });

  it('is reported lost once, in one sentence, when it dies', async () => {
    const host = start();
    host.process.send(call(1, 'app.info'));
    await answered(host, 1);
    process.kill(host.process.pid!, 'SIGKILL');
    expect(await lostBy(host)).toEqual({
      type: 'lost',
      sentence: 'The part of Inkwash that works on your pictures stopped. Reconnect to start it again.',
      details: 'SIGKILL',
    });
    expect(() => host.process.send(call(2, 'app.info'))).not.toThrow();
    await sleep(100);
    expect(host.lost).toHaveLength(1);
  });

  it('does not outlive an owner that is killed', async () => {
    const owner = fileURLToPath(new URL('../../dist/electron/host-owner.js', import.meta.url));
    const path = program(
      'owner.mjs',
      `import { startHostProcess } from ${JSON.stringify(owner)};
       const host = startHostProcess(
         { node: process.execPath, entry: ${JSON.stringify(HOST_ENTRY)}, log: () => undefined },
         { message: () => console.log(host.pid), lost: () => undefined },
       );
       host.send({ type: 'call', id: 1, channel: 'app.info', args: {} });`,
    );
    const parent = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))),
    );
    expect(runs(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(runs(pid)).toBe(false), WAIT);
  });
});

describe('a host that can not start', () => {
  it('is a sentence about Node where there is no Node', async () => {
    const lost = await lostBy(start(HOST_ENTRY, join(scratch, 'no-node')));
    expect(lost.sentence).toContain('Install Node.js');
    expect(lost.details).toContain('ENOENT');
  });

  it('says why in its last words', async () => {
    const host = start(program('broken.mjs', 'throw new Error("libvips is missing");'));
    const lost = await lostBy(host);
    expect(lost.details).toContain('libvips is missing');
    expect(host.log.join('\n')).toContain('libvips is missing');
  });

  it('passes its own sentence on', async () => {
    const frames = fileURLToPath(new URL('../../dist/electron/contract/frames.js', import.meta.url));
    const lost = { type: 'lost', sentence: 'Inkwash could not start: no disk.', details: 'EIO' };
    const source = `import { writeFrame } from ${JSON.stringify(frames)};
      writeFrame(process.stdout, ${JSON.stringify(lost)});
      process.exitCode = 1;`;
    expect(await lostBy(start(program('sorry.mjs', source)))).toEqual(lost);
  });

  it('is ended when it says what is not in the contract', async () => {
    const host = start(program('loud.mjs', 'console.log("hello there"); setInterval(() => 0, 1000);'));
    await lostBy(host);
    expect(runs(host.process.pid!)).toBe(false);
  });

  it('is ended by force when it does not end by itself', async () => {
    const host = start(program('deaf.mjs', 'process.on("SIGTERM", () => 0); setInterval(() => 0, 1000);'));
    await host.process.close();
    expect(runs(host.process.pid!)).toBe(false);
    expect(host.lost).toEqual([]);
  });
});
