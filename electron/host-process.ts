/**
 * The desktop door's host, in a process of its own: Electron's Linux binary and sharp each bring a GLib and can't share
 * a process, and nowhere should reading a page hold up the window's process. It serves one window: frames (see
 * contract/frames.ts) come on standard input and go to standard output, log lines to standard error. It ends when its
 * owner lets go of its input, however that came about.
 */
import { Console } from 'node:console';
import { once } from 'node:events';
import { createFrameReader, writeFrame } from './contract/frames.ts';
import { openSession } from './contract/session.ts';
import type { Lost, ToRenderer } from './contract/wire.ts';
import { asFailure } from './failure.ts';
import { createHost } from './host.ts';

/** What recovery copies may take of a closing window's time; its owner waits little longer. */
const CLOSE_MS = 1500;
const ENGINE_IDLE_MS = 5 * 60_000;

// Standard output is for frames alone; what a library prints belongs in the log.
globalThis.console = new Console(process.stderr);
const log = (line: string): void => console.error(line);
const send = (message: ToRenderer | Lost): void => writeFrame(process.stdout, message);

// An owner that is gone closes the input too, and that ends this process in order.
process.stdout.on('error', () => undefined);
// Ctrl+C in a terminal reaches every process of it; the window, which may hold unsaved work, decides when to end.
process.on('SIGINT', () => undefined);

async function serveWindow(): Promise<void> {
  const host = await createHost({
    followSettings: true,
    trustsPaths: true,
    engineIdleMs: ENGINE_IDLE_MS,
    log,
  });
  const room = host.openRoom();
  const session = openSession(room.handlers, send, log);
  const read = createFrameReader((message) => session.receive(message));
  const end = async (code: number): Promise<void> => {
    session.close();
    await Promise.race([room.close(), once(AbortSignal.timeout(CLOSE_MS), 'abort')]);
    await host.close();
    process.exit(code);
  };
  process.stdin.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch (thrown) {
      log(`What came from the window can't be read: ${asFailure(thrown).message}`);
      void end(1);
    }
  });
  process.stdin.once('close', () => void end(0));
}

serveWindow().catch((thrown: unknown) => {
  const { message, cause } = asFailure(thrown);
  const details = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause ?? '');
  log(`${message}\n${details}`);
  send({ type: 'lost', sentence: `Inkwash could not start: ${message}`, details });
  process.exitCode = 1;
});
