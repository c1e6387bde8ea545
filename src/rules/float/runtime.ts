import type {
  InferenceSession,
  InferenceSessionFactory,
  Tensor,
  TensorConstructor,
} from 'onnxruntime-common';

/**
 * ONNX Runtime as a host provides it: `onnxruntime-node` and `onnxruntime-web`, as they are imported, are ones. Rules
 * import neither.
 */
export interface OnnxRuntime {
  readonly Tensor: TensorConstructor;
  readonly InferenceSession: InferenceSessionFactory;
}

/** A loaded graph. */
export type Session = InferenceSession;

/** Values by name. */
export type Tensors = Record<string, Tensor>;

/** One thread: sums are then added up in the same order in every run, on a busy machine too. */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
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
export function openSession(runtime: OnnxRuntime, model: Uint8Array): Promise<Session> {
  return runtime.InferenceSession.create(model, SESSION_OPTIONS);
}
