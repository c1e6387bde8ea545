import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import type { Normalization } from '../../../src/rules/quantized/pieces.js';
import { cut } from '../float/helpers.js';
import {
  makeQat,
  OPTIONS,
  passOver,
  qatOracle,
  redrawn,
  relativeError,
  signBatch,
  trainedNames,
  valuesOf,
} from './helpers.js';
import { AdamOracle, batchStatistics, gradient, meanLoss, rightCount, runForward } from './oracle.js';

const NORMALIZATIONS: readonly Normalization[] = ['batch-norm', 'scaled', 'none'];
/** One and two hidden layers, of even and odd numbers of inputs: N, K₁ …, C. */
const NETWORKS = [
  [5, 7, 3],
  [6, 9, 4, 3],
];
const CASES = NORMALIZATIONS.flatMap((normalization) =>
  NETWORKS.map((widths) => ({ normalization, widths })),
);
const SAMPLES = 8;

describe.each(CASES)('a network $widths with normalization $normalization', ({ normalization, widths }) => {
  const [inputs, classes] = [widths[0], widths[widths.length - 1]];
  const task = { input: vector(inputs), classes, batchSize: SAMPLES, hasValidation: false };
  const layers = widths.slice(1, -1);
  const oracle = qatOracle(widths, normalization);
  const batch = signBatch(SAMPLES, inputs, classes, 'one-step');

  it('finds the gradient of the straight-through surrogate for every parameter', async () => {
    const learner = await makeQat({ layers, ...OPTIONS[normalization] }, task);
    const start = redrawn(learner.saveState(), randomStreams(1).stream('start'));
    learner.loadState(start);
    await learner.trainEpoch(passOver(batch, SAMPLES));
    const end = learner.saveState();
    const names = trainedNames(start);
    const expected = gradient(oracle, valuesOf(start), batch, names);
    expect(names).toHaveLength((widths.length - 1) * (normalization === 'batch-norm' ? 3 : 1));
    for (const name of names) {
      // After one step from moments of 0, the first moment is (1 − β₁)·G.
      const found = valuesOf(end)[`${name}/first-moment`].map((moment) => moment / 0.1);
      expect(Math.max(...expected[name].map(Math.abs)), name).toBeGreaterThan(1e-3);
      expect(relativeError(found, expected[name]), name).toBeLessThan(1e-5);
    }
    await learner.dispose();
  });

  it('follows Adam with latent weights in [−1, 1] over ragged batches', async () => {
    const constants = { learningRate: 0.02, beta1: 0.8, beta2: 0.9, epsilon: 1e-3 };
    const learner = await makeQat({ layers, ...OPTIONS[normalization], ...constants }, task);
    const start = redrawn(learner.saveState(), randomStreams(2).stream('start'));
    learner.loadState(start);
    const values = valuesOf(start);
    const adam = new AdamOracle(constants);
    const isWeights = (name: string): boolean => name.endsWith('weights');
    for (let epoch = 0; epoch < 4; epoch++) {
      await learner.trainEpoch(passOver(batch, 3));
      for (const part of cut(batch, 3)) {
        adam.descend(values, gradient(oracle, values, part, trainedNames(start)), isWeights);
      }
    }
    const end = learner.saveState();
    for (const name of trainedNames(start)) {
      expect(relativeError(end[name], values[name]), name).toBeLessThan(1e-4);
      expect(relativeError(end[name], start[name]), name).toBeGreaterThan(0.01);
    }
    await learner.dispose();
  });

  it('reports the mean loss and the right predictions from before the update', async () => {
    const learner = await makeQat({ layers, ...OPTIONS[normalization] }, task);
    const start = valuesOf(learner.saveState());
    const { loss, trainAccuracy } = await learner.trainEpoch(passOver(batch, SAMPLES));
    expect(loss).toBeCloseTo(meanLoss(oracle, start, batch), 4);
    expect(trainAccuracy).toBe((100 * rightCount(oracle, start, batch)) / SAMPLES);
    await learner.dispose();
  });
});

describe('latent weights', () => {
  const task = { input: vector(2), classes: 2, batchSize: 1, hasValidation: false };
  const batch = { inputs: [[1, 1]], labels: [0] };
  const config = { layers: [1], batchNorm: false, scaleProducts: true, learningRate: 0.25 };

  it('move while |w| ≤ 1, stand still beyond, and are clipped after the step', async () => {
    const learner = await makeQat(config, task);
    // Z₁ = 0, so Y₁ = 0 passes; the label's weight wants to grow, the other to fall.
    const weights = { 'layer-1/weights': Float32Array.of(-1, 0.9), 'layer-2/weights': Float32Array.of(1, 3) };
    learner.loadState({ ...learner.saveState(), ...weights });
    await learner.trainEpoch(passOver(batch, 1));
    const end = learner.saveState();
    // S₂ = (1, 1): equal logits, D₂ = (−½, ½), and E₁ = Σ_c D₂[c]·S₂[c] = 0, so that layer 1 stays.
    expect([...end['layer-1/weights']]).toEqual([-1, expect.closeTo(0.9, 6)]);
    expect([...end['layer-2/weights/first-moment']]).toEqual([expect.closeTo(-0.05, 7), 0]);
    expect([...end['layer-2/weights']]).toEqual([1, 1]);
    await learner.dispose();
  });

  it('of 0 count as +1', async () => {
    const learner = await makeQat(config, task);
    const zeros = {
      'layer-1/weights': Float32Array.of(0, -0),
      'layer-2/weights': Float32Array.of(-0.5, 0.5),
    };
    learner.loadState({ ...learner.saveState(), ...zeros });
    // S₁ = (1, 1), A₁ = 1, logits (−1, 1).
    expect([...(await learner.predict(passOver(batch, 1).data.inputs))]).toEqual([1]);
    const { loss } = await learner.trainEpoch(passOver(batch, 1));
    expect(loss).toBeCloseTo(Math.log(1 + Math.exp(2)), 6);
    await learner.dispose();
  });
});

describe('batch normalization', () => {
  const widths = [6, 9, 3];
  const task = { input: vector(6), classes: 3, batchSize: 4, hasValidation: false };
  const oracle = qatOracle(widths, 'batch-norm');

  it('keeps running statistics: 9 parts old, 1 part of the batch', async () => {
    const learner = await makeQat({ layers: [9] }, task);
    const values = valuesOf(learner.saveState());
    const batch = signBatch(4, 6, 3, 'running');
    await learner.trainEpoch(passOver(batch, 4));
    const end = learner.saveState();
    runForward(oracle, values, batch.inputs).products.forEach((products, l) => {
      const statistics = batchStatistics(products);
      const means = statistics.map(({ mean }) => 0.1 * mean);
      const variances = statistics.map(({ variance }) => 0.9 + 0.1 * variance);
      expect(relativeError(end[`layer-${l + 1}/running-mean`], means)).toBeLessThan(1e-6);
      expect(relativeError(end[`layer-${l + 1}/running-variance`], variances)).toBeLessThan(1e-6);
    });
    await learner.dispose();
  });

  it('predicts with them, so that a row does not depend on its neighbours', async () => {
    const learner = await makeQat(
      { layers: [3] },
      { input: vector(1), classes: 2, batchSize: 4, hasValidation: false },
    );
    const row = (...entries: number[]): Float32Array => Float32Array.from(entries);
    learner.loadState({
      ...learner.saveState(),
      'layer-1/weights': row(0.5, -0.5, 0.5),
      'layer-1/scale': row(1, 1, -1),
      'layer-1/shift': row(0, 0, 3),
      'layer-1/running-mean': row(2, 0, 0),
      'layer-1/running-variance': row(1, 4, 0),
      'layer-2/weights': row(1, 1, 1, -1, -1, -1),
      'layer-2/shift': row(0, 1.5),
      'layer-2/running-mean': row(0, 0),
      'layer-2/running-variance': row(4, 1),
    });
    // x = +1: Z₁ = (1, −1, 1), Y₁ = (−1, −½, 3 − 1/√0.001) → A₁ = (−1, −1, −1), Z₂ = (−3, 3), Y₂ ≈ (−1.5, 4.5).
    // x = −1: Z₁ = (−1, 1, −1), Y₁ = (−3, ½, 34.6) → A₁ = (−1, 1, 1), Z₂ = (1, −1), Y₂ ≈ (0.5, 0.5005).
    const { inputs } = passOver({ inputs: [[1], [-1]], labels: [0, 0] }, 2).data;
    expect([...(await learner.predict(inputs))]).toEqual([1, 1]);
    const lower = { ...learner.saveState(), 'layer-2/shift': row(0, 1.49) };
    learner.loadState(lower);
    expect([...(await learner.predict(inputs))]).toEqual([1, 0]);
    await learner.dispose();
  });

  it('of a batch of one sample gives the shift and stays finite', async () => {
    const learner = await makeQat({ layers: [9] }, task);
    const batch = signBatch(5, 6, 3, 'one');
    // The last batch has one sample: Y = β.
    await learner.trainEpoch(passOver(batch, 4));
    for (const values of Object.values(learner.saveState())) expect(values.every(Number.isFinite)).toBe(true);
    await learner.dispose();
  });
});
