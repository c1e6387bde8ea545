import { beforeAll, describe, expect, it } from 'vitest';
import { XnorlabError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/data/dataset.js';
import { loadDataset } from '../../src/node/data/load.js';
import { train } from '../../src/node/train.js';
import type { RunRecord } from '../../src/records/record.js';
import type { TrainOptions } from '../../src/training/config.js';

const PROTOTYPES = {
  features: 100,
  classes: 4,
  flipProbability: 0.3,
  trainSamples: 300,
  validationSamples: 100,
  testSamples: 100,
};
const LOCAL_ERROR = { name: 'local-error', layers: [30, 30], groupSize: 10 } as const;
/** Every rule of the catalog. */
const EVERY_RULE: readonly TrainOptions['rule'][] = [
  LOCAL_ERROR,
  { name: 'bep', layers: [30, 30], groupSize: 10 },
  { name: 'committee', layers: [30, 6] },
  { name: 'sgd', layers: [20] },
  { name: 'adam', layers: [20] },
  { name: 'qat', layers: [20] },
  { name: 'iterative', layers: [20], epochsPerStage: 1 },
];
const OPTIONS: TrainOptions = {
  dataset: { name: 'prototypes', prototypes: PROTOTYPES },
  rule: LOCAL_ERROR,
  epochs: 3,
};

/** The record with what may differ between two runs taken out. */
function timeless(record: RunRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value)),
  );
}

async function failure(options: unknown): Promise<string> {
  try {
    await train(options as TrainOptions);
  } catch (error) {
    if (error instanceof XnorlabError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('train', () => {
  let dataset: Dataset;
  beforeAll(async () => {
    dataset = await loadDataset('prototypes', { prototypes: PROTOTYPES });
  });

  it('records configuration, data, epochs and totals', async () => {
    const { record } = await train(OPTIONS);
    expect(record.config).toMatchObject({
      dataset: { name: 'prototypes' },
      binarizer: { kind: 'median', per: 'feature' },
      rule: { ...LOCAL_ERROR, robustness: 0.25, reinforcement: 0.5, hiddenBits: 16 },
      epochs: 3,
      batchSize: 100,
      modelSelection: 'last',
      seed: 1,
    });
    expect(record.dataset).toEqual({
      name: 'prototypes',
      sha256: dataset.sha256,
      classes: 4,
      features: 100,
      inputs: 100,
      shape: { kind: 'vector', size: 100 },
      inputShape: { kind: 'vector', size: 100 },
      trainSamples: 300,
      validationSamples: 100,
      testSamples: 100,
    });
    expect(record.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    const last = record.epochs[2];
    expect(last.flips).toBe(last.layers?.reduce((sum, { flips }) => sum + flips, 0));
    expect(record).toMatchObject({ selectedEpoch: 3, testAccuracy: last.testAccuracy });
    // Weights 100·30 + 30·30 of 16 bits and two classifiers 4·30 of 1 bit; 2·60 bits for each of 100 samples
    expect(record.totals).toMatchObject({
      parameters: 3900,
      modelBits: 3900 * 16 + 240,
      activationBits: 12_000,
      dataBits: 30_000,
      memoryBits: 3900 * 16 + 240 + 12_000 + 30_000,
    });
  });

  it('gives the same record twice, times aside, for every rule', async () => {
    for (const rule of EVERY_RULE) {
      const options = { ...OPTIONS, rule };
      const first = await train(options);
      const second = await train(options);
      expect(timeless(second.record)).toEqual(timeless(first.record));
      await Promise.all([first.learner.dispose(), second.learner.dispose()]);
    }
  });

  it('gives another record with another seed', async () => {
    const accuracies = async (seed: number) => (await train({ ...OPTIONS, seed })).record.epochs[0].flips;
    expect(await accuracies(1)).not.toEqual(await accuracies(2));
  });

  it('returns the network whose accuracy it reports', async () => {
    const run = await train({ ...OPTIONS, epochs: 6, modelSelection: 'best-validation' });
    const predictions = await run.predict(dataset.test.features);
    const right = predictions.filter((prediction, i) => prediction === dataset.test.labels[i]).length;
    expect((100 * right) / 100).toBe(run.record.testAccuracy);
    const validation = run.record.epochs.map(({ validationAccuracy }) => validationAccuracy ?? 0);
    expect(run.record.selectedEpoch).toBe(1 + validation.indexOf(Math.max(...validation)));
    expect(run.record.validationAccuracy).toBe(Math.max(...validation));
  });

  it('sees less data with limitTrain', async () => {
    const { record } = await train({
      ...OPTIONS,
      dataset: { name: 'prototypes', prototypes: PROTOTYPES, limitTrain: 50 },
    });
    expect(record.dataset.trainSamples).toBe(50);
    expect(record.dataset.sha256).not.toBe(dataset.sha256);
  });

  it('tells its progress and can be stopped by a signal', async () => {
    const controller = new AbortController();
    const epochs: number[] = [];
    const run = train(
      { ...OPTIONS, epochs: 1000 },
      {
        signal: controller.signal,
        onEpoch: ({ epoch }) => {
          epochs.push(epoch);
          if (epoch === 2) controller.abort();
        },
      },
    );
    await expect(run).rejects.toThrow('training was interrupted');
    expect(epochs).toEqual([1, 2]);
  });

  it('can be stopped by SIGINT and leaves no listener behind', async () => {
    const listeners = process.listenerCount('SIGINT');
    const run = train({ ...OPTIONS, epochs: 1000 }, { onEpoch: () => process.emit('SIGINT') });
    await expect(run).rejects.toThrow('training was interrupted');
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });
});

describe('configurations that are refused', () => {
  const rule = LOCAL_ERROR;
  const dataset = { name: 'prototypes', prototypes: PROTOTYPES };
  it.each([
    [{ rule }, 'dataset: expected the name of a data set, or name and options, got undefined'],
    [
      { dataset, rule: { name: 'magic' } },
      "rule.name: expected one of local-error, bep, committee, bep-tt, local-error-conv, sgd, adam, qat, iterative, float-conv, qat-conv, real-to-binary, got 'magic'",
    ],
    [
      { dataset, rule: { ...rule, robustness: 1.5 } },
      'rule.robustness: expected a number of at most 1, got 1.5',
    ],
    [
      { dataset, rule: { ...rule, robustness: -0.1 } },
      'rule.robustness: expected a number of at least 0, got -0.1',
    ],
    [
      { dataset, rule: { ...rule, layers: [] } },
      'rule.layers: expected a list whose length is at least 1, got []',
    ],
    [{ dataset, rule: { ...rule, layers: [0] } }, 'rule.layers.0: expected a number of at least 1, got 0'],
    [
      { dataset, rule: { ...rule, groupSize: 7 } },
      "rule.groupSize: expected a divisor of the layer's 30 neurons, got 7",
    ],
    [
      { dataset, rule: { ...rule, layers: [30, 30, 30], greedy: { epochsPerLayer: 2 } }, epochs: 4 },
      'epochs: expected more than the 4 epochs that the layers before the last take, got 4',
    ],
    [
      { dataset, rule: { ...rule, hiddenBits: 17 } },
      'rule.hiddenBits: expected a number of at most 16, got 17',
    ],
    [{ dataset, rule, epochs: 0 }, 'epochs: expected a number of at least 1, got 0'],
    [{ dataset, rule, seed: -1 }, 'seed: expected a number of at least 0, got -1'],
    [
      { dataset, rule, backend: 'cuda' },
      "backend: expected one of auto, native, wasm, reference, got 'cuda'",
    ],
    [{ dataset: { ...dataset, limitTrain: 301 }, rule }, 'samples: expected an integer in [1, 300], got 301'],
    [
      {
        dataset: { name: 'prototypes', prototypes: { ...PROTOTYPES, validationSamples: 0 } },
        rule,
        modelSelection: 'best-validation',
      },
      "modelSelection: expected last, as prototypes has no validation samples, got 'best-validation'",
    ],
    [{ dataset, rule, binarizer: { kind: 'thermometer', levels: 4, thresholds: 'even' } }, /thermometer/],
  ])('%o', async (options, expected) => {
    const message = await failure(options);
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });
});
