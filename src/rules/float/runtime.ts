/** A value as runtimes take and give it. */
export interface OnnxTensor {
  readonly type: 'float32' | 'int32';
  readonly data: Float32Array | Int32Array;
  readonly dims: readonly number[];
}

/** Values by name. */
export type OnnxTensors = Record<string, OnnxTensor>;

/** Makes a value of an array, which is not copied: what is fed to a graph is what the array then holds. */
export type OnnxTensorConstructor = new (
  type: OnnxTensor['type'],
  data: OnnxTensor['data'],
  dims: readonly number[],
) => OnnxTensor;

/** A loaded graph. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  /** Computes the outputs. They are valid until the next run, and what is fed to that one as long as it is fed. */
  run(feeds: OnnxTensors): Promise<OnnxTensors>;
  release(): Promise<void>;
}

/** What ONNX Runtime is asked for. */
export interface OnnxSessionOptions {
  readonly executionProviders: string[];
  readonly intraOpNumThreads: number;
  readonly interOpNumThreads: number;
  readonly executionMode: 'sequential';
  readonly logSeverityLevel: 3;
}

/**
 * What runs ONNX graphs, as a host provides it: `onnxruntime-node` and `onnxruntime-web` have these members, and so has
 * `graphRuntime` on float kernels. Rules import none.
 */
export interface OnnxRuntime {
  readonly Tensor: OnnxTensorConstructor;
  readonly InferenceSession: { create(model: Uint8Array, options: OnnxSessionOptions): Promise<OnnxSession> };
}

/** One thread: sums are then added up in the same order in every run, on a busy machine too. */
const SESSION_OPTIONS: OnnxSessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
};

/**
 * Loads a graph, on one thread.
 * @param model - bytes of an ONNX model
 */
export function openSession(runtime: OnnxRuntime, model: Uint8Array): Promise<OnnxSession> {
  return runtime.InferenceSession.create(model, SESSION_OPTIONS);
}
