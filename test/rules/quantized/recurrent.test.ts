import { afterEach, describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { referenceKernels } from '../../../src/kernels/reference.js';
import { RecurrentPredictor } from '../../../src/models/recurrent-predictor.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { adam, adamConfig, sgd, sgdConfig } from '../../../src/rules/gradient-descent.js';
import type { Learner, Problem } from '../../../src/rules/rule.js';
import { makeQat, NO_KERNELS, OPTIONS, passOver, prototypeBatch } from './helpers.js';

const [STEPS, COLUMNS, CLASSES] = [4, 5, 3];
const TASK: Problem = {
  input: { kind: 'sequence', steps: STEPS, of: vector(COLUMNS) },
  classes: CLASSES,
  batchSize: 8,
  hasValidation: false,
};
const BATCH = prototypeBatch(60, STEPS * COLUMNS, CLASSES, 0.05);
const PLAN = passOver(BATCH, TASK.batchSize);
const RECURRENT = { layers: [33, 20], learningRate: 0.02, recurrent: { expansion: 31 } };

const made: Learner[] = [];

async function qat(config: Record<string, unknown>, task = TASK): Promise<Learner> {
  const learner = await makeQat(config, task);
  made.push(learner);
  return learner;
}

async function accuracyAfter(learner: Learner, epochs: number): Promise<number> {
  made.push(learner);
  for (let epoch = 0; epoch < epochs; epoch++) await learner.trainEpoch(PLAN);
  const { inputs, labels } = PLAN.data;
  const predictions = await learner.predict(inputs);
  return (
    predictions.reduce((right, predicted, i) => right + Number(predicted === labels[i]), 0) / labels.length
  );
}

afterEach(async () => {
  for (const learner of made.splice(0)) await learner.dispose();
});

describe('recurrent quantization-aware training', () => {
  it.each(Object.entries(OPTIONS).filter(([normalization]) => normalization !== 'batch-norm'))(
    'with normalization %s predicts what its network of bits gives',
    async (_, options) => {
      const learner = await qat({ ...RECURRENT, ...options });
      for (let epoch = 0; epoch < 3; epoch++) await learner.trainEpoch(PLAN);
      const network = learner.network?.();
      if (network?.kind !== 'recurrent') throw new Error('no recurrent network');
      expect([network.steps, network.startState, network.expansion?.rows]).toEqual([STEPS, 'zero', 31]);
      const inputs = PLAN.data.inputs;
      expect(await learner.predict(inputs)).toEqual(
        await new RecurrentPredictor(network, referenceKernels).predict(inputs),
      );
    },
  );

  it('with batch normalization has a normalization of its own for each step, and no network as plain data', async () => {
    const learner = await qat(RECURRENT);
    expect(learner.network).toBeUndefined();
    const names = Object.keys(learner.saveState()).filter((name) => name.endsWith('running-mean'));
    expect(names).toEqual([
      ...Array.from({ length: STEPS }, (_, t) => `layer-1/step-${t + 1}/running-mean`),
      'layer-2/running-mean',
      'layer-3/running-mean',
    ]);
    // R is not trained, nor are running statistics.
    const weights = 33 * 31 + 33 * 33 + 20 * 33 + CLASSES * 20;
    expect(learner.parameters).toBe(weights + 2 * (STEPS * 33 + 20 + CLASSES));
  });

  it.each([...Object.entries(OPTIONS), ['no expansion', { recurrent: { expansion: 0 } }] as const])(
    'learns with %s',
    async (_, options) => {
      // Without normalization little gets through: that is the baseline as published.
      const enough = 'batchNorm' in options && !('scaleProducts' in options) ? 0.5 : 0.85;
      expect(await accuracyAfter(await qat({ ...RECURRENT, ...options }), 20)).toBeGreaterThan(enough);
    },
  );

  it('leaves the fixed random matrix as it was, and trains the weights of states', async () => {
    const learner = await qat(RECURRENT);
    const before = learner.saveState();
    await learner.trainEpoch(PLAN);
    const after = learner.saveState();
    expect(after['layer-1/expansion']).toEqual(before['layer-1/expansion']);
    expect(new Set(before['layer-1/expansion'])).toEqual(new Set([-1, 1]));
    expect(after['layer-1/state-weights']).not.toEqual(before['layer-1/state-weights']);
  });

  it('takes data that is no sequence for one step', async () => {
    const learner = await qat({ ...RECURRENT, ...OPTIONS.none }, { ...TASK, input: vector(STEPS * COLUMNS) });
    await learner.trainEpoch(PLAN);
    const network = learner.network?.();
    if (network?.kind !== 'recurrent') throw new Error('no recurrent network');
    expect(network.steps).toBe(1);
    const inputs = PLAN.data.inputs;
    expect(await learner.predict(inputs)).toEqual(
      await new RecurrentPredictor(network, referenceKernels).predict(inputs),
    );
  });
});

describe('recurrent networks of floats', () => {
  const context = () => ({ kernels: NO_KERNELS, streams: randomStreams(1), onnxRuntime });
  const common = { layers: [20, 10], inputs: 'binarized', recurrent: { expansion: 0 } } as const;

  it('learn by Adam and by gradient descent, with and without momentum', async () => {
    const config = adamConfig.parse({ name: 'adam', learningRate: 0.01, ...common });
    expect(await accuracyAfter(await adam.createLearner(config, TASK, context()), 15)).toBeGreaterThan(0.85);
    for (const momentum of [0, 0.9]) {
      const rate = { learningRate: 0.05 * (1 - momentum), momentum };
      const plain = sgdConfig.parse({ name: 'sgd', ...rate, ...common });
      const learner = await sgd.createLearner(plain, TASK, context());
      expect(await accuracyAfter(learner, 30)).toBeGreaterThan(0.85);
      expect(learner.network).toBeUndefined();
    }
  });
});
