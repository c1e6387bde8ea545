import { describe, expect, it } from 'vitest';
import { vector } from '../../../src/core/shape.js';
import { cut } from '../float/helpers.js';
import { integerPredictions, passOver, relativeError, signBatch, valuesOf } from '../quantized/helpers.js';
import { AdamOracle, gradient, meanLoss, rightCount, type Values } from '../quantized/oracle.js';
import { binaryLayers, makeIterative, stageOracle } from './helpers.js';

const NETWORKS = [
  [5, 7, 3],
  [6, 9, 4, 3],
];
const CASES: readonly { readonly order: string | readonly number[]; readonly widths: number[] }[] = [
  ...['input-first', 'output-first'].flatMap((order) => NETWORKS.map((widths) => ({ order, widths }))),
  { order: [2, 3, 1], widths: NETWORKS[1] },
];
/** Those of the rule but for the rate, which is larger so that few epochs go far. */
const ADAM = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Binarizes one layer of plain numbers. */
function binarize(values: Values, layer: number): void {
  const weights = values[`layer-${layer + 1}/weights`];
  const total = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  values[`layer-${layer + 1}/scale`] = [total / weights.length];
  values[`layer-${layer + 1}/weights`] = weights.map((weight) => (weight >= 0 ? 1 : -1));
}

describe.each(CASES)('a network $widths made binary $order', ({ order, widths }) => {
  const layers = widths.length - 1;
  const [inputs, classes] = [widths[0], widths[layers]];
  const task = { input: vector(inputs), classes, batchSize: 8, hasValidation: false };
  const batch = signBatch(8, inputs, classes, 'stages');
  const config = { layers: widths.slice(1, -1), order, learningRate: ADAM.learningRate };
  const stages = binaryLayers(layers, order);
  const names = widths.slice(1).map((_, layer) => `layer-${layer + 1}/weights`);

  it('follows Adam on the layers that are float in every stage, over ragged batches', async () => {
    const epochsPerStage = 2;
    const learner = await makeIterative({ ...config, epochsPerStage }, task);
    const values = valuesOf(learner.saveState());
    const adam = new AdamOracle(ADAM);
    for (const [stage, binary] of stages.entries()) {
      const oracle = stageOracle(widths, binary);
      const trained = names.filter((_, layer) => !binary.includes(layer));
      for (let epoch = 0; epoch < epochsPerStage; epoch++) {
        const plan = passOver(batch, 3);
        await learner.trainEpoch(plan);
        for (const part of cut(batch, 3))
          adam.descend(values, gradient(oracle, values, part, trained), () => false);
      }
      if (stage < layers) binarize(values, stages[stage + 1][stage]);
      const state = learner.saveState();
      for (const [layer, name] of names.entries()) {
        expect(relativeError(state[name], values[name]), `${name}, stage ${stage}`).toBeLessThan(1e-4);
        const scale = `layer-${layer + 1}/scale`;
        expect(relativeError(state[scale], values[scale]), `${scale}, stage ${stage}`).toBeLessThan(1e-4);
      }
    }
    await learner.dispose();
  });

  it('reports the loss and the right predictions of its stage', async () => {
    const learner = await makeIterative({ ...config, epochsPerStage: 1 }, task);
    for (const binary of stages) {
      const values = valuesOf(learner.saveState());
      const { loss, trainAccuracy } = await learner.trainEpoch(passOver(batch, 8));
      const oracle = stageOracle(widths, binary);
      expect(loss).toBeCloseTo(meanLoss(oracle, values, batch), 5);
      expect(trainAccuracy).toBe((100 * rightCount(oracle, values, batch)) / 8);
    }
    await learner.dispose();
  });

  it('makes one more layer ±1 at the end of each stage and never touches it again', async () => {
    const learner = await makeIterative({ ...config, epochsPerStage: 2 }, task);
    const plan = passOver(batch, 3);
    for (const binary of stages.slice(1)) {
      const before = learner.saveState();
      await learner.trainEpoch(plan);
      await learner.trainEpoch(plan);
      const after = learner.saveState();
      names.forEach((name, layer) => {
        const isBinary = after[name].every((weight) => Math.abs(weight) === 1);
        expect(isBinary, name).toBe(binary.includes(layer));
        const wasBinary = binary.slice(0, -1).includes(layer);
        if (wasBinary) expect(after[name]).toEqual(before[name]);
        else expect(after[name]).not.toEqual(before[name]);
      });
    }
    await learner.dispose();
  });

  it('is a network of signs in the end, as binary kernels run it, and stays so', async () => {
    const learner = await makeIterative({ ...config, epochsPerStage: 1 }, task);
    const plan = passOver(batch, 3);
    for (let epoch = 0; epoch < layers; epoch++) await learner.trainEpoch(plan);
    const state = learner.saveState();
    const test = signBatch(200, inputs, classes, 'test');
    const predictions = await learner.predict(passOver(test, 8).data.inputs);
    expect([...predictions]).toEqual(integerPredictions(state, widths, test));
    await learner.trainEpoch(plan);
    const { progress: _, ...later } = learner.saveState();
    const { progress: __, ...final } = state;
    expect(later).toEqual(final);
    await learner.dispose();
  });
});
