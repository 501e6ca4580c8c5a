/** A dense float32 tensor in row-major order. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
export type ProviderChoice = Provider | 'auto';

/** What the engine found, tried and settled on. */
export interface ProviderReport {
  readonly found: readonly Provider[];
  readonly tried: readonly { provider: Provider; ok: boolean; reason?: string }[];
  readonly chosen: Provider;
  readonly threads: number;
  readonly runtimeVersion: string;
}

/** A graph of an installed model: file path already verified by the registry. */
export interface GraphRef {
  readonly model: string;
  readonly graph: string;
  readonly path: string;
}

/** A graph whose one output is an input of a chain's last graph. */
export interface ChainStep {
  readonly graph: GraphRef;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly output: string;
  /** The last graph's input that it becomes. */
  readonly becomes: string;
}

/** Inputs and outputs of a graph as the runtime read them; a free dimension is its name. */
export interface GraphSignature {
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: Readonly<Record<string, readonly (number | string)[]>>;
}

/**
 * Runs ONNX graphs in a process of its own. Sessions are created on first use and kept. Runs are served one after
 * another. Aborting a run that has started ends the process, and the next run starts a new one; aborted by something
 * newer (`Superseded`), it ends in its own time and its answer is dropped.
 */
export interface Engine {
  /**
   * @param outputs which outputs to bring back, all when left out: large ones cost more to carry than to compute.
   * @throws Failure `cancelled`, or `engine` when the process died or the graph refused its inputs.
   */
  run(
    graph: GraphRef,
    feeds: Readonly<Record<string, Tensor>>,
    signal?: AbortSignal,
    outputs?: readonly string[],
  ): Promise<Record<string, Tensor>>;
  /**
   * Runs graphs whose outputs are another's inputs, without carrying those out of the engine. A step is not run again
   * while its feeds are those of the last time; `ran` says which were.
   * @throws Failure as `run`.
   */
  chain(
    steps: readonly ChainStep[],
    last: GraphRef,
    signal?: AbortSignal,
  ): Promise<{ readonly outputs: Record<string, Tensor>; readonly ran: readonly boolean[] }>;
  /** Opens a graph and says what it takes and gives. @throws Failure `engine` when it can't be opened or isn't float32. */
  inspect(graph: GraphRef, signal?: AbortSignal): Promise<GraphSignature>;
  report(): Promise<ProviderReport>;
  /** Ends the process at once and starts it anew when needed; a run under way is repeated. */
  restart(): void;
  close(): Promise<void>;
}
