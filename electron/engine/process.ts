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
  const inputs: Record<string, OrtTensor> = {};
  for (const [name, { data, dims }] of Object.entries(feeds))
    inputs[name] = new OrtTensor('float32', data, [...dims]);
  const results = wanted ? await session.run(inputs, [...wanted]) : await session.run(inputs);
  const outputs: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(results)) {
    if (!(value.data instanceof Float32Array))
      throw new Error(`The output "${name}" is ${value.type}, not float32.`);
    outputs[name] = { data: value.data, dims: value.dims };
  }
  return outputs;
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
