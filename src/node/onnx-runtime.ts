import { EnvironmentError } from '../core/errors.js';
import { referenceFloatKernels } from '../kernels/float-reference.js';
import type { Kernels } from '../kernels/kernels.js';
import { graphRuntime } from '../rules/float/graph-runtime/graph-runtime.js';
import type { OnnxRuntime, OnnxSession, OnnxTensorConstructor } from '../rules/float/runtime.js';
import { checkPart } from './parts.js';

/**
 * What runs the graphs of float rules beside these kernels: their own float operations where they are native, which are faster and
 * give the same on every processor, else ONNX Runtime.
 */
export function floatRuntime({ float }: Kernels): () => Promise<OnnxRuntime> {
  return float === referenceFloatKernels ? onnxRuntime : async () => graphRuntime(float);
}

/**
 * ONNX Runtime for Node, loaded when it is first asked for: runs of binary rules do not pay for it.
 * @throws EnvironmentError when it is not installed, and when there is no build of it for this machine
 */
export async function onnxRuntime(): Promise<OnnxRuntime> {
  checkPart('float');
  try {
    const runtime = await import('onnxruntime-node');
    runtime.env.logLevel = 'error';
    return {
      Tensor: runtime.Tensor as unknown as OnnxTensorConstructor,
      InferenceSession: {
        // Its sessions take and give values of more types than our graphs have.
        create: async (model, options) =>
          (await runtime.InferenceSession.create(model, options)) as unknown as OnnxSession,
      },
    };
  } catch (cause) {
    throw new EnvironmentError(
      `onnxruntime-node does not load on ${process.platform} ${process.arch}`,
      'Install it again, or use a binary rule, which does not need it',
      { cause },
    );
  }
}
