/**
 * The engine process: the only place that loads ONNX Runtime. `session.run` blocks this process's event loop for the
 * whole run, which is why it is a process of its own; to cancel a run, its owner ends it.
 */
import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { SETTINGS_VARIABLE, type EngineSettings, type FromEngine, type ToEngine } from './messages.ts';
import { chooseProvider, type Choice } from './providers.ts';
import type { GraphSignature, Tensor } from './types.ts';

const settings = JSON.parse(process.env[SETTINGS_VARIABLE] ?? 'null') as EngineSettings | null;
if (!settings || !process.send) {
  console.error('This file is started by Inkwash itself.');
  process.exit(2);
}

const sessions = new Map<string, Promise<InferenceSession>>();
let choice: Promise<Choice> | undefined;
const chosen = (): Promise<Choice> =>
  (choice ??= chooseProvider(settings, (provider) => send({ type: 'trying', provider })));

function send(message: FromEngine): void {
  process.send?.(message);
}

function sessionFor(path: string): Promise<InferenceSession> {
  let session = sessions.get(path);
  if (!session) {
    session = chosen().then(({ chosen: provider }) =>
      InferenceSession.create(path, {
        executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
        intraOpNumThreads: settings?.threads ?? 1,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
        // Threads that wait for a next run in a loop would keep a core from everything else for some thirty milliseconds.
        extra: { session: { force_spinning_stop: '1' } },
      }),
    );
    session.catch(() => sessions.delete(path));
    sessions.set(path, session);
  }
  return session;
}

type RunMessage = Extract<ToEngine, { type: 'run' }>;

async function run({ path, feeds, outputs: wanted }: RunMessage): Promise<Record<string, Tensor>> {
  const session = await sessionFor(path);
  const inputs = toInputs(feeds);
  return floatsOf(wanted ? await session.run(inputs, [...wanted]) : await session.run(inputs));
}

function toInputs(feeds: Readonly<Record<string, Tensor>>): Record<string, OrtTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, dims }]) => [name, new OrtTensor('float32', data, [...dims])]),
  );
}

function floatsOf(results: InferenceSession.ReturnType): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(results)) {
    if (!(value.data instanceof Float32Array))
      throw new Error(`The output "${name}" is ${value.type}, not float32.`);
    outputs[name] = { data: value.data, dims: value.dims };
  }
  return outputs;
}

/** What the steps of chains gave last, by their graph: large maps that a next stroke leaves as they are. */
const kept = new Map<
  string,
  { readonly feeds: Readonly<Record<string, Tensor>>; readonly output: OrtTensor }
>();
const MOST_KEPT = 8;

type ChainMessage = Extract<ToEngine, { type: 'chain' }>;

async function runChain({
  steps,
  path,
}: ChainMessage): Promise<{ outputs: Record<string, Tensor>; ran: boolean[] }> {
  const inputs: Record<string, OrtTensor> = {};
  const ran: boolean[] = [];
  for (const { path: stepPath, feeds, output, becomes } of steps) {
    const before = kept.get(stepPath);
    ran.push(!before || !sameFeeds(before.feeds, feeds));
    kept.delete(stepPath);
    const found = before && !ran.at(-1) ? before.output : await runStep(stepPath, feeds, output);
    kept.set(stepPath, { feeds, output: found });
    inputs[becomes] = found;
  }
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return { outputs: floatsOf(await (await sessionFor(path)).run(inputs)), ran };
}

async function runStep(
  path: string,
  feeds: Readonly<Record<string, Tensor>>,
  output: string,
): Promise<OrtTensor> {
  const results = await (await sessionFor(path)).run(toInputs(feeds), [output]);
  const found = results[output];
  if (!(found instanceof OrtTensor)) throw new Error(`There is no output "${output}".`);
  return found;
}

function sameFeeds(a: Readonly<Record<string, Tensor>>, b: Readonly<Record<string, Tensor>>): boolean {
  return (
    Object.keys(a).length === Object.keys(b).length &&
    Object.entries(a).every(([name, { data, dims }]) => {
      const other = b[name];
      return (
        other?.data.length === data.length &&
        dims.every((n, i) => n === other.dims[i]) &&
        data.every((value, i) => value === other.data[i])
      );
    })
  );
}

async function inspect(path: string): Promise<GraphSignature> {
  const { inputMetadata, outputMetadata } = await sessionFor(path);
  const shapes = (values: readonly InferenceSession.ValueMetadata[]): GraphSignature['inputs'] =>
    Object.fromEntries(
      values.map((value) => {
        if (!value.isTensor || value.type !== 'float32')
          throw new Error(`"${value.name}" is ${value.isTensor ? value.type : 'no tensor'}, not float32.`);
        return [value.name, value.shape];
      }),
    );
  return { inputs: shapes(inputMetadata), outputs: shapes(outputMetadata) };
}

async function answer(message: ToEngine): Promise<void> {
  try {
    if (message.type === 'run') {
      send({ type: 'outputs', id: message.id, outputs: await run(message) });
    } else if (message.type === 'chain') {
      send({ type: 'chained', id: message.id, ...(await runChain(message)) });
    } else if (message.type === 'inspect') {
      send({ type: 'signature', id: message.id, signature: await inspect(message.path) });
    } else {
      const report = {
        ...(await chosen()),
        threads: settings?.threads ?? 1,
        runtimeVersion: env.versions.node ?? 'unknown',
      };
      send({ type: 'report', id: message.id, report });
    }
  } catch (thrown) {
    send({
      type: 'refused',
      id: message.id,
      reason: thrown instanceof Error ? thrown.message : String(thrown),
    });
  }
}

// One after another: two runs at once would only share the same cores.
let queue = Promise.resolve();
process.on('message', (message: ToEngine) => {
  queue = queue.then(() => answer(message));
});
process.on('disconnect', () => process.exit(0));
send({ type: 'ready' });
