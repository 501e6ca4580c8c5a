import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { Failure, Superseded } from '../failure.ts';
import { SETTINGS_VARIABLE, type EngineSettings, type FromEngine, type ToEngine } from './messages.ts';
import type { Engine, GraphSignature, Provider, ProviderChoice, ProviderReport, Tensor } from './types.ts';

export interface EngineOptions {
  readonly provider?: ProviderChoice;
  /** 1–64; the machine's cores when left out. */
  readonly threads?: number;
  /** The compiled engine process. */
  readonly entry: string;
  /** The engine process is ended after this long without work, in milliseconds. 0: never. */
  readonly idleMs?: number;
  readonly log?: (line: string) => void;
}

/** An engine whose process can be watched from outside (tests and `doctor`). */
export interface OwnedEngine extends Engine {
  /** Sets what computes, from the next job on: a run under way ends on what it began with. */
  configure(settings: { provider: ProviderChoice; threads: number | undefined }): void;
  /** The running process's id, undefined while none runs. */
  readonly pid: number | undefined;
}

type Unnumbered = { [T in ToEngine['type']]: Omit<Extract<ToEngine, { type: T }>, 'id'> }[ToEngine['type']];
type Answer = Extract<FromEngine, { id: number }>;

interface Job {
  readonly message: ToEngine;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (failure: Failure) => void;
  /** Once more after a death that was not this job's fault; a second death is its fault. */
  retriesLeft: number;
  /** Nobody waits for its answer any more. */
  dropped: boolean;
}

/**
 * Owns the engine process: starts it with the first job, hands it one job at a time, ends it to cancel a run, starts
 * it anew after a death and repeats the job that was under way once. A provider that brings the process down while
 * it is being tried is not tried again.
 */
export function createEngine(options: EngineOptions): OwnedEngine {
  const { entry } = options;
  const avoid: Provider[] = [];
  const waiting: Job[] = [];
  let child: ChildProcess | undefined;
  let current: Job | undefined;
  let trying: Provider | undefined;
  let lastId = 0;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;
  let { provider, threads } = options;
  /** The process was started with other settings. */
  let stale = false;

  function start(): ChildProcess {
    const settings: EngineSettings = {
      provider: provider ?? 'auto',
      threads: threads ?? Math.min(64, availableParallelism()),
      avoid,
    };
    const started = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // Electron's own executable runs as plain Node with this set; Node ignores it.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', [SETTINGS_VARIABLE]: JSON.stringify(settings) },
    });
    let lastWords = '';
    started.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-2000);
    });
    started.on('message', (message: FromEngine) => {
      if (started === child) receive(message);
    });
    started.on('error', (cause) => lost(started, cause.message));
    started.on('exit', (code, signal) => lost(started, `${signal ?? `code ${code}`}. ${lastWords}`.trim()));
    // A program that has nothing else to do may end, and its engine with it.
    started.unref();
    started.channel?.unref();
    return started;
  }

  function receive(message: FromEngine): void {
    if (message.type === 'ready') return;
    if (message.type === 'trying') {
      trying = message.provider;
      return;
    }
    trying = undefined;
    if (current?.message.id !== message.id) return;
    const job = current;
    current = undefined;
    job.resolve(message);
    next();
  }

  function lost(which: ChildProcess, reason: string): void {
    if (which !== child) return;
    child = undefined;
    options.log?.(`The engine process ended: ${reason}`);
    if (trying !== undefined && trying !== 'cpu') avoid.push(trying);
    const blamed = trying !== undefined;
    trying = undefined;
    const job = current;
    current = undefined;
    if (job && !job.dropped && !closed) {
      if (blamed || job.retriesLeft > 0) {
        if (!blamed) job.retriesLeft--;
        waiting.unshift(job);
      } else {
        job.reject(
          new Failure(
            'engine',
            'The colouring engine stopped twice on this job. Try a smaller size or fewer threads.',
            new Error(reason),
          ),
        );
      }
    }
    next();
  }

  function end(): void {
    const old = child;
    child = undefined;
    trying = undefined;
    old?.kill('SIGKILL');
  }

  function next(): void {
    clearTimeout(idle);
    if (current) return;
    const job = waiting.shift();
    if (!job) {
      const { idleMs = 0 } = options;
      if (child && idleMs > 0) idle = setTimeout(end, idleMs).unref();
      return;
    }
    if (stale) end();
    stale = false;
    current = job;
    child ??= start();
    // Keeps the program alive for as long as the job runs.
    child.ref();
    child.channel?.ref();
    child.send(job.message, (error) => {
      // A process that died between two jobs: `exit` follows and repeats the job.
      if (error) options.log?.(`The engine process did not take a job: ${error.message}`);
    });
  }

  async function ask(message: Unnumbered, signal?: AbortSignal): Promise<Answer> {
    if (closed) throw new Failure('engine', 'The engine is closed.');
    if (signal?.aborted) throw new Failure('cancelled', 'Cancelled.');
    let abort: (() => void) | undefined;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const job: Job = {
          message: { ...message, id: ++lastId },
          resolve,
          reject,
          retriesLeft: 1,
          dropped: false,
        };
        abort = () => {
          const at = waiting.indexOf(job);
          job.dropped = true;
          if (at >= 0) waiting.splice(at, 1);
          else if (current === job && !(signal?.reason instanceof Superseded)) {
            current = undefined;
            end();
            next();
          }
          reject(new Failure('cancelled', 'Cancelled.'));
        };
        signal?.addEventListener('abort', abort, { once: true });
        waiting.push(job);
        next();
      });
    } finally {
      if (abort) signal?.removeEventListener('abort', abort);
      if (!current) {
        child?.unref();
        child?.channel?.unref();
      }
    }
  }

  return {
    get pid() {
      return child?.pid;
    },
    async run(graph, feeds, signal, outputs): Promise<Record<string, Tensor>> {
      const answer = await ask({ type: 'run', path: graph.path, feeds, ...(outputs && { outputs }) }, signal);
      if (answer.type === 'outputs') return answer.outputs;
      const reason = answer.type === 'refused' ? answer.reason : 'unexpected answer';
      throw new Failure(
        'engine',
        `The model "${graph.model}" could not run (${graph.graph}). Check it with "inkwash models verify".`,
        new Error(reason),
      );
    },
    async chain(steps, last, signal) {
      const sent = steps.map(({ graph, ...step }) => ({ ...step, path: graph.path }));
      const answer = await ask({ type: 'chain', steps: sent, path: last.path }, signal);
      if (answer.type === 'chained') return answer;
      const reason = answer.type === 'refused' ? answer.reason : 'unexpected answer';
      throw new Failure(
        'engine',
        `The model "${last.model}" could not run (${last.graph}). Check it with "inkwash models verify".`,
        new Error(reason),
      );
    },
    async inspect(graph, signal): Promise<GraphSignature> {
      const answer = await ask({ type: 'inspect', path: graph.path }, signal);
      if (answer.type === 'signature') return answer.signature;
      const reason = answer.type === 'refused' ? answer.reason : 'unexpected answer';
      throw new Failure(
        'engine',
        `The model "${graph.model}" can't be opened (${graph.graph}). Check it with "inkwash models verify".`,
        new Error(reason),
      );
    },
    async report(): Promise<ProviderReport> {
      const answer = await ask({ type: 'report' });
      if (answer.type === 'report') return answer.report;
      throw new Failure(
        'engine',
        'The colouring engine did not start. Run "inkwash doctor" for details.',
        answer,
      );
    },
    configure(settings) {
      if (settings.provider === provider && settings.threads === threads) return;
      ({ provider, threads } = settings);
      // Chosen again, it is tried again.
      avoid.length = 0;
      stale = true;
    },
    restart() {
      const job = current;
      current = undefined;
      end();
      if (job && !job.dropped) waiting.unshift(job);
      next();
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      for (const job of waiting.splice(0)) job.reject(new Failure('cancelled', 'Cancelled.'));
      current?.reject(new Failure('cancelled', 'Cancelled.'));
      current = undefined;
      const old = child;
      const gone =
        old &&
        old.exitCode === null &&
        old.signalCode === null &&
        new Promise((resolve) => old.once('exit', resolve));
      // An idle engine does not keep the program alive; waiting for its end must.
      old?.ref();
      end();
      await gone;
    },
  };
}
