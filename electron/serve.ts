import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import { packMessage, unpackMessage } from './contract/pack.ts';
import { openSession } from './contract/session.ts';
import { MAX_PICTURE_BYTES } from './contract/values.ts';
import { Failure } from './failure.ts';
import type { Host } from './host.ts';
import { RENDERER_FOLDER } from './places.ts';

/** The renderer's files have plain names and at most one folder; everything else is refused before a path is made. */
const FILE_NAME = /^\/(?:assets\/)?[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

export interface ServeOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly log?: (line: string) => void;
}

export interface Server {
  /** Opens the studio once: the token in it is spent with the first visit. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The browser door: the renderer's files and one WebSocket a window, on loopback only. The address carries a token
 * that is good for one visit and is exchanged for a cookie; requests under another host name (DNS rebinding) or from
 * another origin are refused.
 */
export async function serve(host: Host, options: ServeOptions): Promise<Server> {
  if (!(await stat(join(RENDERER_FOLDER, 'index.html')).catch(() => undefined)))
    throw new Failure('storage', 'The window is not built. Run "npm run build" and try again.');
  let token: string | undefined = randomBytes(24).toString('base64url');
  const cookie = randomBytes(24).toString('base64url');
  const cookieName = `inkwash${randomBytes(4).toString('hex')}`;
  const hosts = new Set<string>();

  const knows = (request: IncomingMessage): boolean => {
    const given = (request.headers.cookie ?? '').split(/;\s*/).find((c) => c.startsWith(`${cookieName}=`));
    return given !== undefined && equal(given.slice(cookieName.length + 1), cookie);
  };
  const refuse = (response: ServerResponse, status: number, sentence: string): void => {
    response
      .writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' })
      .end(`${sentence}\n`);
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!hosts.has(request.headers.host ?? ''))
      return refuse(response, 421, 'Inkwash answers to its own address only.');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'Only reading is offered here.');
    const url = new URL(request.url ?? '/', 'http://inkwash');
    const given = url.searchParams.get('token');
    if (url.pathname === '/' && given !== null && !knows(request)) {
      if (token === undefined || !equal(given, token))
        return refuse(
          response,
          403,
          'This address was used already. Start "inkwash serve" again for a new one.',
        );
      token = undefined;
    }
    if (url.pathname === '/' && given !== null) {
      const set = `${cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/`;
      response.writeHead(303, { ...HEADERS, Location: '/', 'Set-Cookie': set }).end();
      return;
    }
    if (!knows(request))
      return refuse(response, 403, 'Open the address that "inkwash serve" printed; it carries a token.');
    const name = url.pathname === '/' ? '/index.html' : url.pathname;
    const path = join(RENDERER_FOLDER, name);
    const file = FILE_NAME.test(name) ? await stat(path).catch(() => undefined) : undefined;
    if (!file?.isFile()) return refuse(response, 404, 'There is no such page.');
    response.writeHead(200, {
      ...HEADERS,
      'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
      'Content-Length': file.size,
    });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(path)
        .on('error', () => response.destroy())
        .pipe(response);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PICTURE_BYTES + 65_536,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request, socket, head) => {
    const allowed =
      hosts.has(request.headers.host ?? '') &&
      request.headers.origin === `http://${request.headers.host ?? ''}` &&
      request.url === '/session' &&
      knows(request);
    if (!allowed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => attend(host, ws, options.log));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new Failure(
          'storage',
          cause.code === 'EADDRINUSE'
            ? `Port ${options.port} is taken. Choose another with --port, or leave it out.`
            : `Port ${options.port} can't be opened. Choose another with --port.`,
          cause,
        ),
      ),
    );
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : options.port;
  hosts.add(`127.0.0.1:${port}`).add(`localhost:${port}`);
  return {
    address: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One window: its room lives as long as its socket. */
function attend(host: Host, socket: WebSocket, log?: (line: string) => void): void {
  const room = host.openRoom();
  const session = openSession(
    room.handlers,
    (message) => {
      if (socket.readyState === socket.OPEN) socket.send(packMessage(message));
    },
    log,
  );
  socket.on('message', (frame, isBinary) => {
    if (!isBinary || !Buffer.isBuffer(frame)) return;
    let message: unknown;
    try {
      message = unpackMessage(frame);
    } catch {
      log?.('A frame that is not MessagePack was ignored.');
      return;
    }
    session.receive(message);
  });
  socket.on('error', (cause) => log?.(`A window's connection failed: ${cause.message}`));
  socket.on('close', () => {
    session.close();
    void room.close();
  });
}

/** Compares secrets without telling by time how much of them was right. */
function equal(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
