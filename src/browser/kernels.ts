import { BitMatrix } from '../core/bit-matrix.js';
import { Int16Matrix, Int32Matrix } from '../core/int-matrix.js';
import { checkedKernels } from '../kernels/checked.js';
import type { Kernels } from '../kernels/kernels.js';
import { SampleList, StepList } from '../kernels/lists.js';
import { instantiateWasmKernels } from '../kernels/wasm/instance.js';

const CONTAINERS = { BitMatrix, Int16Matrix, Int32Matrix, SampleList, StepList };

/**
 * The kernels of a page or a worker: WebAssembly with SIMD, compiled without blocking. Each call makes an instance of its own.
 * @param bytes - contents of `kernels.wasm`, which the package brings along as `xnorlab/kernels.wasm`
 * @throws CompileError (rejects) when the engine has no SIMD or no shared memory
 */
export async function loadKernels(bytes: Uint8Array): Promise<Kernels> {
  return checkedKernels(await instantiateWasmKernels(bytes, CONTAINERS));
}
