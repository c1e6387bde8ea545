import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkInteger } from '../../../core/check.js';
import type { BackendLoad, KernelOptions } from '../../../kernels/kernels.js';
import { kernelsFromModule } from '../../../kernels/wasm/instance.js';
import { type WasmModule, webAssembly } from '../../../kernels/wasm/web-assembly.js';

/** From src/node/kernels/wasm and from dist/node/kernels/wasm alike. */
const MODULE_FILE = join(__dirname, '../../../../dist/kernels/wasm/kernels.wasm');

/** Compiled once for each thread; the engine goes on optimising it for all instances. */
let compiled: WasmModule | undefined;

/**
 * The contract in WebAssembly with SIMD: portable, and built by npm alone.
 *
 * Each call makes an instance with memory of its own, up to 4 GiB, which is freed when its kernels and all
 * matrices that they made are unreachable. Matrices from elsewhere work too, but are copied in and out.
 * @param options - any number of threads is accepted, one is used
 */
export function wasmKernels(options: KernelOptions = {}): BackendLoad {
  checkInteger('threads', options.threads ?? 1, 1);
  try {
    compiled ??= new webAssembly.Module(readFileSync(MODULE_FILE));
    return { kernels: kernelsFromModule(compiled) };
  } catch (error) {
    return { unavailable: reason(error as NodeJS.ErrnoException) };
  }
}

function reason(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT'
    ? 'its WebAssembly module is not built; run `node src/kernels/wasm/build.mjs`'
    : `this JavaScript engine cannot run it: ${error.message}`;
}
