import type { AdamUpdate } from '../adam.js';
import { builtModule } from './built-module.js';
import { type WasmMemory, type WasmModule, webAssembly } from './web-assembly.js';

/** What assembly/adam.ts exports: addresses of blocks in its memory, and the update of what they hold. */
interface AdamExports {
  readonly memory: WasmMemory;
  /** Entries of a block. */
  readonly capacity: { readonly value: number };
  readonly values: { readonly value: number };
  readonly gradient: { readonly value: number };
  readonly mean: { readonly value: number };
  readonly meanSquare: { readonly value: number };
  readonly signs: { readonly value: number };
  update(
    length: number,
    rate: number,
    rootScale: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    bound: number,
  ): void;
}

/** One for each thread. */
let update: AdamUpdate | undefined;

/** Adam in WebAssembly, two entries at a time, on arrays anywhere; undefined where the module does not load. */
export function wasmAdam(): AdamUpdate | undefined {
  const built = builtModule('adam');
  if ('module' in built) update ??= blockwiseAdam(built.module);
  return update;
}

/** Block after block is copied in, updated and copied out, which costs little while it stays in the nearest cache. */
function blockwiseAdam(module: WasmModule): AdamUpdate {
  const wasm = new webAssembly.Instance(module, {}).exports as AdamExports;
  const capacity = wasm.capacity.value;
  const [w, g, m, s, signsOfW] = [wasm.values, wasm.gradient, wasm.mean, wasm.meanSquare, wasm.signs].map(
    (address) => new Float32Array(wasm.memory.buffer, address.value, capacity),
  );
  return (values, gradient, mean, meanSquare, factors, signs) => {
    const { rate, rootScale, beta1, beta2, epsilon, bound } = factors;
    for (let start = 0; start < values.length; start += capacity) {
      const end = Math.min(values.length, start + capacity);
      w.set(values.subarray(start, end));
      g.set(gradient.subarray(start, end));
      m.set(mean.subarray(start, end));
      s.set(meanSquare.subarray(start, end));
      const count = end - start;
      wasm.update(count, rate, rootScale, beta1, beta2, epsilon, bound);
      values.set(w.subarray(0, count), start);
      mean.set(m.subarray(0, count), start);
      meanSquare.set(s.subarray(0, count), start);
      signs?.set(signsOfW.subarray(0, count), start);
    }
  };
}
