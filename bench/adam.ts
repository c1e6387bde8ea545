import { randomStreams } from '../dist/bits/random.js';
import { type AdamUpdate, referenceAdam } from '../dist/kernels/adam.js';
import { wasmAdam } from '../dist/kernels/wasm/adam.js';
import { interleaved, type Spread, spread } from './timing.js';

/** Milliseconds of one update of clipped weights with their signs, as `qat` has it, by implementation. */
export async function adamTimes(weights: number, repeats: number): Promise<Record<string, Spread>> {
  const wasm = wasmAdam();
  const updates = { ...(wasm ? { wasm } : {}), reference: referenceAdam };
  const works = Object.fromEntries(
    Object.entries(updates).map(([name, update]) => [name, updateOf(update, weights)]),
  );
  const times = await interleaved(works, repeats);
  return Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, spread(ms)]));
}

function updateOf(update: AdamUpdate, weights: number): () => void {
  const stream = randomStreams(1).stream('adam');
  const normals = (scale: number): Float32Array =>
    Float32Array.from({ length: weights }, () => scale * stream.normal());
  const [values, gradient] = [normals(0.5), normals(0.01)];
  const [mean, meanSquare, signs] = [0, 1, 2].map(() => new Float32Array(weights));
  const factors = { rate: 0.001, rootScale: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, bound: 1 };
  return () => update(values, gradient, mean, meanSquare, factors, signs);
}
