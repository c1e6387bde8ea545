import { describe, expect, it } from 'vitest';
import { adamStep } from '../../../../src/rules/float/optimizer.js';
import type { Parameter } from '../../../../src/rules/float/parameter.js';
import { chain } from '../../../../src/rules/float/pieces/chain.js';
import { clip } from '../../../../src/rules/float/pieces/clip.js';
import { product } from '../../../../src/rules/float/pieces/product.js';
import { recurrent } from '../../../../src/rules/float/pieces/recurrent.js';
import { relu } from '../../../../src/rules/float/pieces/relu.js';
import { expectAdjoint, type Formula, type Matrix } from './adjoint.js';

const ADAM = adamStep({ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
const STEPS = 3;
/** Some of the sums below are beyond it. */
const BOUND = 6;
const [COLUMNS, SEEN, NEURONS] = [2, 3, 4];

const parameter = (name: string, rows: number, columns: number, isTrained = true): Parameter => ({
  name,
  shape: [rows, columns],
  initial: () => new Float32Array(rows * columns),
  ...(isTrained && { optimizer: ADAM }),
});
const EXPANSION = parameter('r', SEEN, COLUMNS, false);
const OF_INPUTS = parameter('w', NEURONS, SEEN);
const OF_STATE = parameter('u', NEURONS, NEURONS);

/** X·Wᵀ, W row after row. */
const times = (x: Matrix, w: readonly number[], rows: number): number[][] =>
  x.map((row) =>
    Array.from({ length: rows }, (_, k) =>
      row.reduce((sum, entry, n) => sum + entry * w[k * row.length + n], 0),
    ),
  );

/** Step after step, each state from the one before; with R in front, and what makes states of sums. */
const unrolled =
  (state: (z: number) => number, steps = STEPS): Formula =>
  (x, { r, w, u }) => {
    let before: number[][] | undefined;
    for (let t = 0; t < steps; t++) {
      const shown = x.map((row) => row.slice(t * COLUMNS, (t + 1) * COLUMNS));
      const ofInputs = times(times(shown, r, SEEN), w, NEURONS);
      const ofState: number[][] | undefined = before && times(before, u, NEURONS);
      before = ofInputs.map((row, b) => row.map((z, k) => state(z + (ofState?.[b][k] ?? 0))));
    }
    return before ?? [];
  };

const layer = (steps: number, hasSigns = false) => ({
  steps,
  columns: COLUMNS,
  shown: product(EXPANSION),
  ofInputs: { ...OF_INPUTS, hasSigns },
  ofState: { ...OF_STATE, hasSigns },
});
const clipped = (z: number): number => Math.max(-BOUND, Math.min(BOUND, z));
const rectified = (z: number): number => Math.max(0, z);

describe('the adjoint of a recurrent layer is the gradient of the network laid out in time', () => {
  it('with bounded states', () =>
    expectAdjoint(
      recurrent({ ...layer(STEPS), activation: () => clip(BOUND) }),
      STEPS * COLUMNS,
      unrolled(clipped),
    ));
  it('by the signs of weights', () =>
    expectAdjoint(
      recurrent({ ...layer(STEPS, true), activation: () => relu() }),
      STEPS * COLUMNS,
      unrolled(rectified),
    ));
  it('of one step, which has no state to look at', async () => {
    const single = recurrent({ ...layer(1), activation: () => clip(BOUND) });
    expect(single.parameters.map(({ name }) => name)).toEqual(['r', 'w']);
    await expectAdjoint(single, COLUMNS, unrolled(clipped, 1));
  });
  it('without states that are bounded, nor anything in front', async () => {
    const plain = recurrent({
      ...layer(STEPS),
      columns: SEEN,
      shown: chain([]),
      activation: () => chain([]),
    });
    const formula: Formula = (x, { w, u }) => {
      const part = (t: number): Matrix => x.map((row) => row.slice(t * SEEN, (t + 1) * SEEN));
      return Array.from({ length: STEPS }, (_, t) => times(part(t), w, NEURONS)).reduce((state, z) =>
        times(state, u, NEURONS).map((row, b) => row.map((entry, k) => entry + z[b][k])),
      );
    };
    await expectAdjoint(plain, STEPS * SEEN, formula);
  });
});

describe('costs', () => {
  it('grow linearly with steps: N·K and K·K products, forward and for gradients', () => {
    const { cost } = recurrent({ ...layer(STEPS), activation: () => clip(BOUND) });
    const [seen, ofInputs, ofState] = [COLUMNS * SEEN, SEEN * NEURONS, NEURONS * NEURONS];
    expect(cost.forward).toBe(2 * (STEPS * (seen + ofInputs) + (STEPS - 1) * ofState));
    expect(cost.gradient).toBe(2 * (STEPS * ofInputs + 2 * (STEPS - 1) * ofState));
  });
});
