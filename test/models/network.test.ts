import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random.js';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { generatePrototypes } from '../../src/data/prototypes.js';
import { transformerOf } from '../../src/data/transformation.js';
import { createPredictor } from '../../src/models/predictor.js';
import { selectKernels } from '../../src/node/kernels/select.js';
import { onnxRuntime } from '../../src/node/onnx-runtime.js';
import { train } from '../../src/node/train.js';
import type { TrainOptions } from '../../src/training/config.js';
import { PRESENT_BACKENDS } from '../rules/binary/problem.js';
import { DATASET } from './pictures.js';

const LOCAL_ERROR = { name: 'local-error', layers: [15, 9], groupSize: 3 } as const;
const BEP = { name: 'bep', layers: [12, 10], groupSize: 2 } as const;
const ITERATIVE = { name: 'iterative', layers: [9, 7], epochsPerStage: 1 } as const;

/** Every rule, with every option that changes what it predicts with. */
const CONFIGURATIONS: readonly Partial<TrainOptions>[] = [
  { rule: LOCAL_ERROR },
  { rule: { ...LOCAL_ERROR, readOut: 'summed', trainClassifier: true } },
  { rule: { ...LOCAL_ERROR, majorityAfterEpochs: 1 }, epochs: 4 },
  { rule: { ...LOCAL_ERROR, flipThreshold: 3, initialDepth: 4, classifier: 'equiangular' } },
  { rule: { ...LOCAL_ERROR, greedy: { epochsPerLayer: 2 } }, epochs: 3 },
  { rule: { ...LOCAL_ERROR, greedy: { epochsPerLayer: 2 }, readOut: 'summed' }, epochs: 3 },
  { rule: { ...LOCAL_ERROR, zeros: 'published', initialDepth: 4 } },
  { rule: { ...LOCAL_ERROR, zeros: ['activations'], readOut: 'summed' } },
  { rule: { name: 'committee', layers: [12, 4], zeros: 'published', initialDepth: 4 } },
  { rule: BEP },
  { rule: { ...BEP, groupSchedule: { patience: 1 } }, modelSelection: 'best-validation', epochs: 4 },
  { rule: { name: 'committee', layers: [12, 4] } },
  { rule: { name: 'committee', layers: [12, 6], secondary: { probability: 0.5, threshold: 9 } } },
  { rule: { name: 'bep-tt', layers: [12, 10], groupSize: 2, expansion: 9 } },
  { rule: { name: 'sgd', layers: [8, 6], learningRate: 0.1 } },
  { rule: { name: 'sgd', layers: [8], inputs: 'binarized' } },
  { rule: { name: 'adam', layers: [8] } },
  { rule: { name: 'qat', layers: [9, 7] } },
  { rule: { name: 'qat', layers: [9], batchNorm: false } },
  { rule: { name: 'qat', layers: [9], batchNorm: false, scaleProducts: true } },
  ...[1, 2, 3, 4].map((epochs) => ({ rule: ITERATIVE, epochs })),
  ...[1, 2].map((epochs) => ({ rule: { ...ITERATIVE, order: 'output-first' as const }, epochs })),
];

/** Features that no network has seen; many, so that more than one chunk is computed. */
function unseen(seed: number, columns: number): FeatureMatrix {
  const stream = RandomStream.named(seed, 'test/unseen');
  const values = Float32Array.from({ length: 1203 * columns }, () => 4 + 6 * stream.normal());
  return new FeatureMatrix(1203, columns, values);
}

describe('the network that a learner describes', () => {
  it.each(CONFIGURATIONS.map((options) => [JSON.stringify(options), options] as const))(
    'predicts as the learner does, on every backend: %s',
    async (_, options) => {
      const run = await train(
        { dataset: DATASET.name, rule: LOCAL_ERROR, epochs: 3, batchSize: 20, ...options },
        { dataset: DATASET },
      );
      if (!run.network) throw new TypeError('every rule of the catalog describes its network');
      const { network, learner } = run;
      const transform = transformerOf(run.transformation);
      const backends = network.kind === 'float' ? ['reference'] : PRESENT_BACKENDS;
      const predictors = backends.map((backend) =>
        createPredictor(network, { kernels: selectKernels(backend), onnxRuntime }),
      );
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (seed) => {
          const inputs = transform(unseen(seed, 24));
          const expected = await learner.predict(inputs);
          expect(new Set(expected).size).toBeGreaterThan(1);
          for (const predictor of predictors) expect(await predictor.predict(inputs)).toEqual(expected);
        }),
        { numRuns: 5, seed: 1 },
      );
      await Promise.all([run.dispose(), ...predictors.map((predictor) => predictor.dispose())]);
    },
  );

  it('has antipodal classifiers for a single unit', async () => {
    const dataset = generatePrototypes({
      features: 70,
      classes: 2,
      trainSamples: 60,
      validationSamples: 0,
      testSamples: 600,
    });
    const run = await train(
      { dataset: dataset.name, rule: { ...LOCAL_ERROR, output: 'single-unit' }, epochs: 2, batchSize: 20 },
      { dataset },
    );
    if (run.network?.kind !== 'binary') throw new TypeError('local-error has a network of bits');
    const { classifier } = run.network.layers[1];
    expect(classifier?.signs(1)).toEqual(classifier?.signs(0).map((sign) => -sign));
    const predictor = createPredictor(run.network, run);
    expect(await predictor.predict(transformerOf(run.transformation)(dataset.test.features))).toEqual(
      await run.predict(dataset.test.features),
    );
  });

  it('ends at the layer whose turn it is, trained greedily', async () => {
    const options = { epochs: 4, batchSize: 20, modelSelection: 'best-validation' } as const;
    const rule = { ...LOCAL_ERROR, greedy: { epochsPerLayer: 2 } };
    const run = await train({ dataset: DATASET.name, rule, ...options }, { dataset: DATASET });
    expect(run.record.selectedEpoch).toBeLessThanOrEqual(2);
    if (run.network?.kind !== 'binary') throw new TypeError('local-error has a network of bits');
    expect(run.network.layers).toHaveLength(1);
    const inputs = transformerOf(run.transformation)(DATASET.test.features);
    const predictions = await createPredictor(run.network, run).predict(inputs);
    expect(predictions).toEqual(await run.predict(DATASET.test.features));
  });

  it('has thresholds that no product is on the wrong side of, whatever the batch normalization', async () => {
    const rule = { name: 'qat', layers: [9, 7] } as const;
    const run = await train({ dataset: DATASET.name, rule, epochs: 1, batchSize: 20 }, { dataset: DATASET });
    const inputs = transformerOf(run.transformation)(unseen(1, 24));
    const stream = RandomStream.named(1, 'test/norms');
    for (let round = 0; round < 30; round++) {
      const state = run.learner.saveState();
      for (const [name, values] of Object.entries(state)) {
        if (!/scale$|shift$|running/.test(name)) continue;
        // Means that are products, so that many lie at the threshold; scales of both signs, and 0.
        const draw = name.endsWith('mean')
          ? () => 2 * stream.below(6) - 6
          : () => (round % 3 === 0 ? stream.below(3) - 1 : stream.normal());
        values.set(Float32Array.from(values, name.endsWith('variance') ? () => stream.uniform() * 9 : draw));
      }
      run.learner.loadState(state);
      const network = run.learner.network?.();
      if (!network) throw new TypeError('qat describes its network');
      const expected = await run.learner.predict(inputs);
      expect(await createPredictor(network, run).predict(inputs)).toEqual(expected);
    }
    await run.dispose();
  });

  it('needs ONNX Runtime of its host where it is of floats', async () => {
    const run = await train(
      { dataset: DATASET.name, rule: { name: 'sgd', layers: [4] }, epochs: 1, batchSize: 20 },
      { dataset: DATASET },
    );
    const { network, kernels } = run;
    if (!network) throw new TypeError('sgd describes its network');
    expect(() => createPredictor(network, { kernels })).toThrow(EnvironmentError);
    expect(() => createPredictor(network, { kernels })).toThrow(
      'needs ONNX Runtime, which is not provided here',
    );
    await run.dispose();
  });

  it('is of bits where nothing but signs and sums is needed', async () => {
    const kindAfter = async (rule: TrainOptions['rule'], epochs: number): Promise<string | undefined> => {
      const run = await train({ dataset: DATASET.name, rule, epochs, batchSize: 20 }, { dataset: DATASET });
      await run.dispose();
      return run.network?.kind;
    };
    expect(await kindAfter({ name: 'qat', layers: [9] }, 1)).toBe('binary');
    expect(await kindAfter(ITERATIVE, 3)).toBe('binary');
    expect(await kindAfter(ITERATIVE, 2)).toBe('float');
    expect(await kindAfter({ name: 'sgd', layers: [9] }, 1)).toBe('float');
  });

  it('keeps the scale of layers that are binary among floats, so that logits are rounded alike', async () => {
    const run = await train(
      { dataset: DATASET.name, rule: ITERATIVE, epochs: 1, batchSize: 20 },
      { dataset: DATASET },
    );
    if (run.network?.kind !== 'float') throw new TypeError('two of three layers are of floats yet');
    const [scale] = run.learner.saveState()['layer-1/scale'];
    expect(scale).toBeGreaterThan(0);
    expect(run.network.layers.map((layer) => [layer.scale, layer.activation])).toEqual([
      [scale, 'sign'],
      [undefined, 'clip'],
      [undefined, 'identity'],
    ]);
    await run.dispose();
  });

  it('stays what it was while its learner goes on', async () => {
    const run = await train(
      { dataset: DATASET.name, rule: LOCAL_ERROR, epochs: 1, batchSize: 20 },
      { dataset: DATASET },
    );
    const before = structuredClone(run.network);
    const transform = transformerOf(run.transformation);
    const data = { inputs: transform(DATASET.train.features), labels: DATASET.train.labels };
    const order = Uint32Array.from({ length: 90 }, (_, i) => i);
    await run.learner.trainEpoch({ data, order, batchSize: 10, afterBatch: () => undefined });
    expect(structuredClone(run.network)).toEqual(before);
    expect(structuredClone(run.learner.network?.())).not.toEqual(before);
  });
});

describe('hidden weights of a learner', () => {
  it('have the signs of the network, and are copies', async () => {
    for (const rule of [LOCAL_ERROR, BEP, { name: 'committee', layers: [12, 4] } as const]) {
      const run = await train(
        { dataset: DATASET.name, rule, epochs: 1, batchSize: 20 },
        { dataset: DATASET },
      );
      const hidden = run.learner.hiddenWeights?.() ?? [];
      if (run.network?.kind !== 'binary') throw new TypeError('the rule has a network of bits');
      expect(hidden.length).toBe(run.network.layers.length);
      run.network.layers.forEach(({ weights }, l) => {
        const { columns, values } = hidden[l];
        for (let k = 0; k < weights.rows; k++) {
          const row = values.slice(k * columns, (k + 1) * columns);
          expect([...row].map(Math.sign)).toEqual([...weights.signs(k)]);
        }
      });
      hidden[0].values.fill(1);
      expect(run.learner.hiddenWeights?.()[0].values).not.toEqual(hidden[0].values);
    }
  });
});
