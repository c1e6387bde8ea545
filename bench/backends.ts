import { checkedKernels } from '../dist/kernels/checked.js';
import type { BackendLoad, Kernels } from '../dist/kernels/kernels.js';
import { referenceKernels } from '../dist/kernels/reference.js';
import { instructionSets, nativeKernels } from '../dist/node/kernels/native/backend.js';
import { wasmKernels } from '../dist/node/kernels/wasm/backend.js';

/** Every backend and instruction set that runs here, by name, as training uses it. One thread. */
export function backends(): Record<string, Kernels> {
  const all: Record<string, Kernels> = {};
  for (const instructionSet of instructionSets()) {
    all[`native ${instructionSet}`] = ready(nativeKernels({ instructionSet }));
  }
  all.wasm = ready(wasmKernels());
  all.reference = checkedKernels(referenceKernels);
  return all;
}

/** The fastest native backend with `threads` threads. */
export function nativeWithThreads(threads: number): Kernels {
  return ready(nativeKernels({ threads }));
}

function ready(loaded: BackendLoad): Kernels {
  if ('unavailable' in loaded) throw new Error(loaded.unavailable);
  return checkedKernels(loaded.kernels);
}
