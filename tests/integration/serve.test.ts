import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { packMessage, unpackMessage } from '../../electron/contract/pack.ts';
import type { ToRenderer } from '../../electron/contract/wire.ts';
import { createHost, type Host } from '../../electron/host.ts';
import { ENGINE_ENTRY } from '../../electron/places.ts';
import { serve, type Server } from '../../electron/serve.ts';

let host: Host;
let server: Server;
let cookie: string;
const origin = (): string => `http://127.0.0.1:${server.port}`;

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** A raw request, so that the Host header and the path are sent as given. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    asked.on('error', reject).end();
  });
}

function open(headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/session`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('error', reject);
  });
}

beforeAll(async () => {
  host = await createHost({ engineEntry: ENGINE_ENTRY, provider: 'cpu' });
  server = await serve(host, { port: 0 });
  const first = await get(new URL(server.address).pathname + new URL(server.address).search);
  cookie = String(first.headers['set-cookie']).split(';')[0]!;
  expect(first.status).toBe(303);
});
afterAll(async () => {
  await server.close();
  await host.close();
});

describe('the browser door', () => {
  it('listens on this machine only', () => {
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
  });

  it('takes its token once; whoever comes second with it is sent away', async () => {
    const { pathname, search } = new URL(server.address);
    expect((await get(pathname + search)).status).toBe(403);
    expect((await get('/?token=guess')).status).toBe(403);
  });

  it('shows nothing without the cookie, and the window with it', async () => {
    expect((await get('/')).status).toBe(403);
    expect((await get('/', { cookie: `${cookie}x` })).status).toBe(403);
    const page = await get('/', { cookie });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>Inkwash');
    expect(page.text).toContain('Content-Security-Policy');
  });

  it('answers under its own name only, whatever a rebound DNS name says', async () => {
    expect((await get('/', { cookie, host: `evil.example:${server.port}` })).status).toBe(421);
  });

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/../../electron/cli.js',
    '/assets',
    '/.env',
    '//etc/passwd',
  ])('gives nothing outside the window: %s', async (path) => {
    expect((await get(path, { cookie })).status).toBe(404);
  });

  it('takes no writing requests', async () => {
    expect((await get('/', { cookie }, 'POST')).status).toBe(405);
  });

  it('opens a session for its own page alone', async () => {
    await expect(open({ cookie, origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(open({ origin: origin() })).rejects.toThrow('403');
    await expect(open({ cookie })).rejects.toThrow('403');
    (await open({ cookie, origin: origin() })).terminate();
  });

  it('answers calls, and lives on after frames that are no messages', async () => {
    const socket = await open({ cookie, origin: origin() });
    socket.send('text');
    socket.send(Uint8Array.of(0xc1));
    socket.send(Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff));
    const answer = new Promise<ToRenderer>((resolve) => {
      socket.on('message', (frame: Buffer) => resolve(unpackMessage(frame) as ToRenderer));
    });
    socket.send(packMessage({ type: 'call', id: 7, channel: 'app.info', args: {} }));
    expect(await answer).toMatchObject({ type: 'result', id: 7, value: { version: host.version } });
    socket.terminate();
  });
});
