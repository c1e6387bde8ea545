import { BitMatrix } from '../../bits/bit-matrix.js';
import { checkInteger } from '../../bits/check.js';
import { Int16Matrix, Int32Matrix } from '../../bits/int-matrix.js';
import type { BackendLoad, KernelOptions } from '../kernels.js';
import { SampleList, StepList } from '../lists.js';
import { builtModule } from './built-module.js';
import { kernelsFromModule } from './instance.js';

const CONTAINERS = { BitMatrix, Int16Matrix, Int32Matrix, SampleList, StepList };

/**
 * The contract in WebAssembly with SIMD: portable, and built by npm alone.
 *
 * Each call makes an instance with memory of its own, up to 4 GiB, which is freed when its kernels and all
 * matrices that they made are unreachable. Matrices from elsewhere work too, but are copied in and out.
 * @param options - any number of threads is accepted, one is used
 */
export function wasmKernels(options: KernelOptions = {}): BackendLoad {
  checkInteger('threads', options.threads ?? 1, 1);
  const built = builtModule('kernels');
  return 'unavailable' in built ? built : { kernels: kernelsFromModule(built.module, CONTAINERS) };
}
