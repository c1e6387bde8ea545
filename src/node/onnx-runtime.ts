import { EnvironmentError } from '../core/errors.js';
import type { OnnxRuntime } from '../rules/float/runtime.js';
import { checkPart } from './parts.js';

/**
 * ONNX Runtime for Node, loaded when it is first asked for: runs of binary rules do not pay for it.
 * @throws EnvironmentError when it is not installed, and when there is no build of it for this machine
 */
export async function onnxRuntime(): Promise<OnnxRuntime> {
  checkPart('float');
  try {
    const runtime = await import('onnxruntime-node');
    runtime.env.logLevel = 'error';
    return runtime;
  } catch (cause) {
    throw new EnvironmentError(
      `onnxruntime-node does not load on ${process.platform} ${process.arch}`,
      'Install it again, or use a binary rule, which does not need it',
      { cause },
    );
  }
}
