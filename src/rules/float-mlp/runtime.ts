import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { EnvironmentError } from '../../core/errors.js';

type Runtime = typeof import('onnxruntime-node');

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
 * ONNX Runtime, loaded when it is first asked for: runs of binary rules do not pay for it.
 * @throws EnvironmentError when there is no build of it for this machine
 */
export async function loadRuntime(): Promise<Runtime> {
  try {
    const runtime = await import('onnxruntime-node');
    runtime.env.logLevel = 'error';
    return runtime;
  } catch (cause) {
    throw new EnvironmentError(
      `onnxruntime-node does not load on ${process.platform} ${process.arch}`,
      'Install the dependencies again with npm ci, or use a binary rule, which does not need it',
      { cause },
    );
  }
}

/**
 * Loads a graph, on one thread.
 * @param model - bytes of an ONNX model
 */
export function openSession(runtime: Runtime, model: Uint8Array): Promise<Session> {
  return runtime.InferenceSession.create(model, SESSION_OPTIONS);
}
