import { expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.js';
import { Hysteresis } from '../../src/layers/hysteresis.js';
import { selectKernels } from '../../src/node/kernels/select.js';

const [NEURONS, INPUTS, STEPS] = [3, 70, 200];

it.each([1, 2, 5, 40])('a weight flips when its hidden weight is more than %i beyond 0', (threshold) => {
  const kernels = selectKernels('reference');
  const stream = RandomStream.named(threshold, 'test/hysteresis');
  const weights = {
    hidden: kernels.int16Matrix(NEURONS, INPUTS),
    visible: kernels.bitMatrix(NEURONS, INPUTS),
  };
  const { values } = weights.hidden;
  // u and w as the definition has them; h = u + θ·w starts at ±1, ±3, … and must stay so.
  const signs: number[] = Array.from(values, () => (stream.below(2) === 0 ? 1 : -1));
  values.forEach((_, i) => {
    values[i] = signs[i] * (1 + 2 * stream.below(4));
  });
  const beyond = Array.from(values, (h, i) => h - threshold * signs[i]);
  kernels.packSigns(weights.hidden, weights.visible);
  const hysteresis = new Hysteresis(threshold, weights.visible);
  let flips = 0;
  for (let step = 0; step < STEPS; step++) {
    hysteresis.note(weights);
    values.forEach((_, i) => {
      const change = 2 * (stream.below(7) - 3);
      values[i] += change;
      beyond[i] += change;
      if (beyond[i] * signs[i] >= -threshold) return;
      signs[i] = -signs[i];
      flips++;
    });
    kernels.packSigns(weights.hidden, weights.visible);
    hysteresis.deepenFlipped(weights, 32767);
    expect([...values]).toEqual(beyond.map((u, i) => u + threshold * signs[i]));
    const visible = [0, 1, 2].flatMap((k) => [...weights.visible.signs(k)]);
    expect(visible).toEqual(signs);
  }
  expect(flips).toBeGreaterThan(threshold < 40 ? 200 : 0);
});
