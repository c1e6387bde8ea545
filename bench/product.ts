import { randomStreams } from '../dist/core/random.js';
import type { Kernels } from '../dist/kernels/kernels.js';
import { interleaved, type Spread, spread } from './timing.js';

/** The shape that the project measures itself by. */
const SAMPLES = 100;
const INPUTS = 784;
const NEURONS = 1024;

/** One ±1 product and sum for each of these. */
const BITS = SAMPLES * INPUTS * NEURONS;

const TURN_MS = 40;

/** Speed of the binary product 100×784 · 1024×784 in Gbit/s, by backend. */
export async function productSpeeds(all: Readonly<Record<string, Kernels>>): Promise<Record<string, Spread>> {
  const works = Object.fromEntries(Object.entries(all).map(([name, kernels]) => [name, turn(kernels)]));
  const times = await interleaved(
    Object.fromEntries(names(works).map((name) => [name, works[name].run])),
    15,
  );
  return Object.fromEntries(
    names(works).map((name) => {
      const speeds = times[name].map((ms) => (BITS * works[name].products) / ms / 1e6);
      return [name, spread(speeds)];
    }),
  );
}

interface Turn {
  /** Products in one turn. */
  readonly products: number;
  run(): void;
}

/** Repeats the product for about `TURN_MS`, far longer than the clock's resolution. */
function turn(kernels: Kernels): Turn {
  const stream = randomStreams(1).stream('bench/product');
  const inputs = kernels.bitMatrix(SAMPLES, INPUTS);
  const weights = kernels.bitMatrix(NEURONS, INPUTS);
  inputs.words.set(stream.signs(SAMPLES, INPUTS).words);
  weights.words.set(stream.signs(NEURONS, INPUTS).words);
  const out = kernels.int32Matrix(SAMPLES, NEURONS);
  const once = (): void => kernels.product(inputs, weights, out);
  for (let warmUp = 0; warmUp < 3; warmUp++) once();
  const start = performance.now();
  once();
  const products = Math.max(1, Math.round(TURN_MS / (performance.now() - start)));
  return {
    products,
    run: () => {
      for (let i = 0; i < products; i++) once();
    },
  };
}

function names(works: object): string[] {
  return Object.keys(works);
}
