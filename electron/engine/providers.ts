import { InferenceSession, listSupportedBackends, Tensor as OrtTensor } from 'onnxruntime-node';
import type { EngineSettings } from './messages.ts';
import type { Provider } from './types.ts';

/** ONNX model of one Add over four floats (opset 17), 69 bytes: proves that a provider works at all. */
const PROBE = 'CAgSADo5Cg4KAWEKAWESAWIiA0FkZBIFcHJvYmVaDwoBYRIKCggIARIECgIIBGIPCgFiEgoKCAgBEgQKAggEQgQKABAR';

/** Fastest first; `auto` takes the first that works. */
const PREFERENCE: readonly Provider[] = ['cuda', 'coreml', 'dml', 'webgpu', 'cpu'];

export interface Choice {
  readonly found: Provider[];
  readonly tried: { provider: Provider; ok: boolean; reason?: string }[];
  readonly chosen: Provider;
}

function isProvider(name: string): name is Provider {
  return (PREFERENCE as readonly string[]).includes(name);
}

/** Providers this build of the runtime can offer here. CUDA counts only where its library was installed. */
export function findProviders(): Provider[] {
  return listSupportedBackends()
    .filter((backend) => backend.bundled)
    .map((backend) => backend.name)
    .filter(isProvider);
}

/** Tries the wanted providers in order on a tiny graph; falls back to the CPU with the reason noted. */
export async function chooseProvider(
  settings: EngineSettings,
  announce: (provider: Provider) => void,
): Promise<Choice> {
  const found = findProviders();
  const wanted =
    settings.provider === 'auto' ? PREFERENCE.filter((p) => found.includes(p)) : [settings.provider];
  const tried: { provider: Provider; ok: boolean; reason?: string }[] = [];
  for (const provider of wanted.includes('cpu') ? wanted : [...wanted, 'cpu' as const]) {
    if (settings.avoid.includes(provider)) {
      tried.push({ provider, ok: false, reason: 'it ended the engine process when it was tried' });
      continue;
    }
    // Said before the try, so that the owner knows whom to blame if this process dies in it.
    announce(provider);
    const reason = await probe(provider);
    tried.push(reason === undefined ? { provider, ok: true } : { provider, ok: false, reason });
    if (reason === undefined) return { found, tried, chosen: provider };
  }
  return { found, tried, chosen: 'cpu' };
}

async function probe(provider: Provider): Promise<string | undefined> {
  try {
    const session = await InferenceSession.create(Buffer.from(PROBE, 'base64'), {
      executionProviders: [provider],
      logSeverityLevel: 4,
    });
    const a = new OrtTensor('float32', Float32Array.of(1, 2, 3, 4), [4]);
    const { b } = await session.run({ a });
    await session.release();
    return b?.data[3] === 8 ? undefined : 'it calculated wrongly';
  } catch (thrown) {
    return (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? 'unknown';
  }
}
