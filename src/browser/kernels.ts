import { checkedKernels } from '../kernels/checked.js';
import type { Kernels } from '../kernels/kernels.js';
import { instantiateWasmKernels } from '../kernels/wasm/instance.js';

/**
 * The kernels of a page or a worker: WebAssembly with SIMD, compiled without blocking. Each call makes an instance of its own.
 * A page with a content security policy has to allow `unsafe-eval`: operations are compiled from their table.
 * @param bytes - contents of `kernels.wasm`, which the package brings along as `xnorlab/kernels.wasm`
 * @throws CompileError (rejects) when the engine has no SIMD or no shared memory
 */
export async function loadKernels(bytes: Uint8Array): Promise<Kernels> {
  return checkedKernels(await instantiateWasmKernels(bytes));
}
