import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createFrameReader, writeFrame } from './contract/frames.ts';
import { fromHostProcess, type Lost, type ToHost, type ToRenderer } from './contract/wire.ts';

export interface HostEvents {
  message(message: ToRenderer): void;
  /** Called once, when the process is gone without having been asked to go. */
  lost(lost: Lost): void;
}

export interface HostProcessOptions {
  /** The executable: Node, or Electron's own as Node. */
  readonly node: string;
  /** The compiled host process. */
  readonly entry: string;
  readonly log: (line: string) => void;
}

/** A running host process, owned by one window. */
export interface HostProcess {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  send(message: ToHost): void;
  /** Ends it, within two seconds whatever it is doing; resolves when it is gone. */
  close(): Promise<void>;
}

const PATIENCE_MS = 2000;
const LAST_WORDS = 4000;
const LOST = 'The part of Inkwash that works on your pictures stopped. Reconnect to start it again.';
const NO_NODE =
  'Inkwash found no Node.js to work on pictures with. Install Node.js 20.19 or newer, then reconnect.';

/**
 * The executable that runs the host. On Linux not Electron's, which brings a GLib of its own beside sharp's
 * (https://sharp.pixelplumbing.com/install#electron-and-linux): there it is the Node that `npm start` ran in, or the
 * one a packaged program carries in its resources, or the one on the PATH.
 */
export function nodeExecutable(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  executable: string,
  resources: string,
): string {
  if (platform !== 'linux') return executable;
  const carried = join(resources, 'node');
  return env['INKWASH_NODE'] ?? (existsSync(carried) ? carried : 'node');
}

/** Starts a host process. What it sends is checked before it is passed on; one that sends anything else is ended. */
export function startHostProcess(options: HostProcessOptions, events: HostEvents): HostProcess {
  const { log } = options;
  const child = spawn(options.node, [options.entry], {
    stdio: 'pipe',
    windowsHide: true,
    // Electron's own executable runs as plain Node with this set; Node ignores it.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  let lastWords = '';
  let farewell: Lost | undefined;
  let closing = false;

  const read = createFrameReader((raw) => {
    const message = fromHostProcess.parse(raw);
    if (message.type === 'lost') farewell = message;
    else if (!closing) events.message(message);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch (thrown) {
      child.stdout.removeAllListeners('data').resume();
      log(`The host process said something that is not part of the contract: ${String(thrown)}`);
      child.kill('SIGKILL');
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS);
    log(text.trimEnd());
  });
  // Writing to a process that is going: `close` follows.
  child.stdin.on('error', () => undefined);

  const gone = new Promise<void>((resolve) => {
    const end = (reason: string, sentence: string): void => {
      resolve();
      if (closing) return;
      closing = true;
      log(`The host process ended: ${reason}`);
      events.lost(farewell ?? { type: 'lost', sentence, details: `${reason}\n${lastWords}`.trim() });
    };
    child.once('error', (cause) => end(cause.message, NO_NODE));
    child.once('close', (code, signal) => end(signal ?? `code ${code}`, LOST));
  });

  return {
    pid: child.pid,
    send: (message) => writeFrame(child.stdin, message),
    async close() {
      closing = true;
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
