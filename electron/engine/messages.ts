import type { GraphSignature, Provider, ProviderChoice, ProviderReport, Tensor } from './types.ts';

/** What the owner sends to the engine process. Answers carry the same `id`. */
export type ToEngine =
  | {
      readonly type: 'run';
      readonly id: number;
      readonly path: string;
      readonly feeds: Readonly<Record<string, Tensor>>;
      /** Names of the outputs wanted; all when left out. */
      readonly outputs?: readonly string[];
    }
  | {
      readonly type: 'chain';
      readonly id: number;
      readonly steps: readonly {
        readonly path: string;
        readonly feeds: Readonly<Record<string, Tensor>>;
        readonly output: string;
        /** The last graph's input that it becomes. */
        readonly becomes: string;
      }[];
      readonly path: string;
    }
  | { readonly type: 'inspect'; readonly id: number; readonly path: string }
  | { readonly type: 'report'; readonly id: number };

export type FromEngine =
  | { readonly type: 'ready' }
  | { readonly type: 'trying'; readonly provider: Provider }
  | { readonly type: 'outputs'; readonly id: number; readonly outputs: Record<string, Tensor> }
  | {
      readonly type: 'chained';
      readonly id: number;
      readonly outputs: Record<string, Tensor>;
      readonly ran: readonly boolean[];
    }
  | { readonly type: 'signature'; readonly id: number; readonly signature: GraphSignature }
  | { readonly type: 'report'; readonly id: number; readonly report: ProviderReport }
  | { readonly type: 'refused'; readonly id: number; readonly reason: string };

/** Settings of an engine process, in its environment as JSON. */
export interface EngineSettings {
  readonly provider: ProviderChoice;
  /** 1–64. */
  readonly threads: number;
  /** Providers that brought an earlier process down. */
  readonly avoid: readonly Provider[];
}

export const SETTINGS_VARIABLE = 'INKWASH_ENGINE_SETTINGS';
