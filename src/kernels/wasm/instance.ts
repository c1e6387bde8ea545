import { BitMatrix, rowWordsFor } from '../../core/bit-matrix.js';
import { Int16Matrix, Int32Matrix } from '../../core/int-matrix.js';
import { matrixEntries } from '../../core/matrix-size.js';
import { referenceFloatKernels } from '../float-reference.js';
import type { Kernels } from '../kernels.js';
import { checkCapacity, SampleList, StepList } from '../lists.js';
import type { WasmExports } from './exports.js';
import { LinearMemory } from './linear-memory.js';
import { wasmOperations } from './operations.js';
import { type WasmModule, webAssembly } from './web-assembly.js';

/**
 * The wasm backend where files cannot be read or compilation must not block: in a browser.
 * @param bytes - contents of `kernels.wasm`
 * @throws CompileError (rejects) when the engine has no SIMD or no shared memory
 */
export async function instantiateWasmKernels(bytes: Uint8Array): Promise<Kernels> {
  return kernelsFromModule(await webAssembly.compile(bytes));
}

/** A new instance with memory of its own, which is freed with it and the matrices that it made. */
export function kernelsFromModule(module: WasmModule): Kernels {
  const memory = new LinearMemory();
  const instance = new webAssembly.Instance(module, {
    // Scratch memory, asked for by an operation, for as long as its call.
    env: { memory: memory.memory, scratch: (sizeBytes: number) => memory.scratch(sizeBytes >>> 0) },
  });
  const wasm = instance.exports as WasmExports;
  memory.reserveUpTo(wasm.heapBase.value);
  return {
    backend: 'wasm',
    description: 'wasm (SIMD, 1 thread)',
    float: referenceFloatKernels,
    bitMatrix(rows, columns) {
      const words = matrixEntries(rows, columns, rowWordsFor(columns), Uint32Array.BYTES_PER_ELEMENT);
      return new BitMatrix(rows, columns, memory.array(Uint32Array, words));
    },
    int16Matrix(rows, columns) {
      const entries = matrixEntries(rows, columns, columns, Int16Array.BYTES_PER_ELEMENT);
      return new Int16Matrix(rows, columns, memory.array(Int16Array, entries));
    },
    int32Matrix(rows, columns) {
      const entries = matrixEntries(rows, columns, columns, Int32Array.BYTES_PER_ELEMENT);
      return new Int32Matrix(rows, columns, memory.array(Int32Array, entries));
    },
    sampleList(capacity) {
      checkCapacity(capacity);
      return new SampleList(memory.array(Uint32Array, capacity));
    },
    stepList(capacity) {
      checkCapacity(capacity);
      const samples = memory.array(Uint32Array, capacity);
      const neurons = memory.array(Uint32Array, capacity);
      return new StepList(samples, neurons, memory.array(Int8Array, capacity));
    },
    ...wasmOperations(memory, wasm),
  };
}
