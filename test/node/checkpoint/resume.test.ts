import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError, EnvironmentError, InterruptedError } from '../../../src/core/errors.js';
import { loadDataset } from '../../../src/node/data/load.js';
import { prepareData } from '../../../src/node/prepare-data.js';
import { type BackendOption, type TrainHooks, train } from '../../../src/node/train.js';
import type { EpochRecord, RunRecord } from '../../../src/records/record.js';
import { parseTrainConfig, type TrainOptions } from '../../../src/training/config.js';
import type { TrainedRun } from '../../../src/training/train-run.js';
import { errorOf, temporaryFolder } from '../../data/helpers.js';

const DATASET = {
  name: 'prototypes',
  prototypes: {
    features: 60,
    classes: 3,
    flipProbability: 0.35,
    trainSamples: 120,
    validationSamples: 40,
    testSamples: 40,
  },
};
const LOCAL_ERROR = { name: 'local-error', layers: [12, 12], groupSize: 4 } as const;
const OPTIONS: TrainOptions = { dataset: DATASET, rule: LOCAL_ERROR, epochs: 5, batchSize: 20 };

/** Every rule of the catalog, with every option that adds to the state. */
const RULES: readonly TrainOptions['rule'][] = [
  LOCAL_ERROR,
  { ...LOCAL_ERROR, trainClassifier: true },
  { ...LOCAL_ERROR, greedy: { epochsPerLayer: 1 }, inputFlipProbability: 0.1, readOut: 'summed' },
  { ...LOCAL_ERROR, groupSchedule: { patience: 1 } },
  { ...LOCAL_ERROR, zeros: 'published', initialDepth: 4 },
  { name: 'committee', layers: [12, 4], zeros: 'published', initialDepth: 4 },
  { name: 'bep', layers: [12, 12], groupSize: 2, groupSchedule: { patience: 1 } },
  { name: 'committee', layers: [12, 4] },
  { name: 'committee', layers: [12, 4], secondary: { probability: 0.5, threshold: 10 } },
  { name: 'sgd', layers: [10], momentum: 0.9 },
  { name: 'adam', layers: [10], inputs: 'binarized' },
  { name: 'qat', layers: [10], batchNorm: true },
  { name: 'iterative', layers: [10], epochsPerStage: 1 },
];

/** The record with what may differ between two runs taken out. */
function timeless(record: RunRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value)),
  );
}

/** Trains until epoch `last` has ended; the rest is left to a checkpoint. */
async function trainUntil(
  last: number,
  options: TrainOptions & BackendOption,
  hooks: TrainHooks,
): Promise<void> {
  const controller = new AbortController();
  const onEpoch = ({ epoch }: EpochRecord): void => {
    if (epoch === last) controller.abort();
  };
  const run = train(options, { ...hooks, signal: controller.signal, onEpoch });
  expect(await errorOf(() => run)).toBeInstanceOf(InterruptedError);
}

async function finish(options: TrainOptions & BackendOption, hooks: TrainHooks = {}): Promise<TrainedRun> {
  const run = await train(options, hooks);
  await run.learner.dispose();
  return run;
}

async function newFile(): Promise<string> {
  return path.join(await temporaryFolder(), 'run.checkpoint');
}

describe('a run that goes on from its checkpoint ends as one that never stopped', () => {
  for (const modelSelection of ['last', 'best-validation'] as const) {
    it.each(RULES.map((rule) => [JSON.stringify(rule), rule] as const))(
      `${modelSelection}, %s`,
      async (_, rule) => {
        const options: TrainOptions = { ...OPTIONS, rule, modelSelection };
        const whole = await finish(options);
        const file = await newFile();
        await trainUntil(2, options, { checkpoint: { file, everySeconds: 0 } });
        const before: EpochRecord[] = [];
        const after: number[] = [];
        const resumed = await finish(options, {
          checkpoint: { file, everySeconds: 0 },
          onResume: (epochs) => before.push(...epochs),
          onEpoch: ({ epoch }) => after.push(epoch),
        });
        expect(before.map(({ epoch }) => epoch)).toEqual([1, 2]);
        expect(after).toEqual([3, 4, 5]);
        expect(timeless(resumed.record)).toEqual(timeless(whole.record));
        expect(resumed.learner.saveState()).toEqual(whole.learner.saveState());
      },
    );
  }

  it('also when it is stopped after every epoch', async () => {
    const options: TrainOptions = { ...OPTIONS, modelSelection: 'best-validation' };
    const file = await newFile();
    for (const last of [1, 2, 3, 4]) await trainUntil(last, options, { checkpoint: { file } });
    const resumed = await finish(options, { checkpoint: { file } });
    const whole = await finish(options);
    expect(timeless(resumed.record)).toEqual(timeless(whole.record));
    expect(resumed.learner.saveState()).toEqual(whole.learner.saveState());
  });

  it('also on another backend', async () => {
    const file = await newFile();
    await trainUntil(3, { ...OPTIONS, backend: 'reference' }, { checkpoint: { file } });
    const resumed = await finish({ ...OPTIONS, backend: 'wasm' }, { checkpoint: { file } });
    const whole = await finish({ ...OPTIONS, backend: 'wasm' });
    expect(timeless(resumed.record)).toEqual(timeless(whole.record));
  });

  it('adds up the times of its parts, and began when the first one did', async () => {
    const file = await newFile();
    const started = Date.now();
    await trainUntil(2, OPTIONS, { checkpoint: { file } });
    const pausedAt = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { record } = await finish(OPTIONS, { checkpoint: { file } });
    expect(Date.parse(record.startedAt)).toBeGreaterThanOrEqual(started);
    expect(Date.parse(record.startedAt)).toBeLessThanOrEqual(pausedAt);
    const sum = (key: 'trainMs' | 'elapsedMs') => record.epochs.reduce((total, row) => total + row[key], 0);
    expect(record.totals.trainMs).toBe(sum('trainMs'));
    expect(record.totals.elapsedMs).toBeGreaterThanOrEqual(sum('elapsedMs'));
  });
});

describe('the file of a run in progress', () => {
  it('is written when a run is interrupted in the middle of an epoch: the finished ones are kept', async () => {
    const file = await newFile();
    const controller = new AbortController();
    let epochs = 0;
    const run = train(OPTIONS, {
      checkpoint: { file, everySeconds: 3600 },
      signal: controller.signal,
      onEpoch: ({ epoch }) => {
        epochs = epoch;
        expect(existsSync(file)).toBe(false);
        if (epoch === 3) controller.abort();
      },
    });
    await expect(run).rejects.toThrow(
      `training was interrupted; 3 of ${OPTIONS.epochs} epochs are kept in ${file}: the same call goes on from there`,
    );
    let resumedAt = 0;
    await finish(OPTIONS, { checkpoint: { file }, onResume: ({ length }) => (resumedAt = length) });
    expect([epochs, resumedAt]).toEqual([3, 3]);
  });

  it('of a run that had ended gives its record and network again', async () => {
    const options: TrainOptions = { ...OPTIONS, modelSelection: 'best-validation' };
    const file = await newFile();
    const checkpoint = { file, everySeconds: 0 };
    const first = await finish(options, { checkpoint });
    const onEpoch = (): void => expect.unreachable();
    const second = await finish(options, { checkpoint, onEpoch });
    expect(timeless(second.record)).toEqual(timeless(first.record));
    expect(second.learner.saveState()).toEqual(first.learner.saveState());
  });

  it('is not written before it is due', async () => {
    const file = await newFile();
    await finish(OPTIONS, { checkpoint: { file, everySeconds: 3600 } });
    expect(existsSync(file)).toBe(false);
  });

  it('is as it was after a failed start', async () => {
    const file = await newFile();
    await trainUntil(2, OPTIONS, { checkpoint: { file } });
    const bytes = readFileSync(file);
    await errorOf(() => train({ ...OPTIONS, seed: 2 }, { checkpoint: { file, everySeconds: 0 } }));
    expect(readFileSync(file)).toEqual(bytes);
  });

  it('ends the run, with a clear error, when it cannot be written', async () => {
    const file = '/proc/run.checkpoint';
    const error = await errorOf(() => train(OPTIONS, { checkpoint: { file, everySeconds: 0 } }));
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message).toMatch(/^cannot write \/proc\/run\.checkpoint: /);
  });

  it('cannot be written every minus one seconds', async () => {
    const error = await errorOf(async () =>
      train(OPTIONS, { checkpoint: { file: await newFile(), everySeconds: -1 } }),
    );
    expect(error.message).toBe('checkpoint.everySeconds: expected a number in [0, 86400], got -1');
  });

  it.each<[string, TrainOptions, string]>([
    [
      'configuration',
      { ...OPTIONS, rule: { ...LOCAL_ERROR, robustness: 0.5 } },
      'its config.rule.robustness is 0.25, here it is 0.5',
    ],
    [
      'rule',
      { ...OPTIONS, rule: { name: 'sgd', layers: [10] } },
      'its rule.name is "local-error", here it is "sgd"',
    ],
    ['number of epochs', { ...OPTIONS, epochs: 6 }, 'its config.epochs is 5, here it is 6'],
    ['seed', { ...OPTIONS, seed: 2 }, 'its config.seed is 1, here it is 2'],
    [
      'network',
      { ...OPTIONS, rule: { ...LOCAL_ERROR, layers: [12, 16] } },
      'its config.rule.layers.1 is 12, here it is 16',
    ],
    [
      'option that is left out',
      { ...OPTIONS, dataset: { ...DATASET, limitTrain: 100 } },
      'its config.dataset.limitTrain is absent, here it is 100',
    ],
  ])('is refused by a run of another %s', async (_, options, difference) => {
    const file = await newFile();
    await trainUntil(2, OPTIONS, { checkpoint: { file } });
    const error = await errorOf(() => train(options, { checkpoint: { file } }));
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error.message).toBe(`${file}: is of another run: ${difference}`);
  });

  it('is refused when the data of the same name has changed', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'run.checkpoint');
    const dataset = await loadDataset('prototypes', { prototypes: DATASET.prototypes });
    await trainUntil(2, OPTIONS, { dataset, checkpoint: { file } });
    const changed = { ...dataset, sha256: 'f'.repeat(64) };
    const error = await errorOf(() => train(OPTIONS, { dataset: changed, checkpoint: { file } }));
    expect(error.message).toBe(
      `${file}: is of another run: its dataset.sha256 is "${dataset.sha256}", here it is "${'f'.repeat(64)}"`,
    );
  });

  it('is refused when it is no such file', async () => {
    const file = await newFile();
    writeFileSync(file, 'epochs: 3\n');
    const error = await errorOf(() => train(OPTIONS, { checkpoint: { file } }));
    expect(error.message).toBe(`${file}: is not a file that xnorlab saved a network or a run in`);
  });
});

describe('data that is prepared already', () => {
  it('serves runs that differ in what is not data, and gives the same as loading it', async () => {
    const config = parseTrainConfig(OPTIONS);
    const prepared = await prepareData(config);
    for (const options of [
      OPTIONS,
      { ...OPTIONS, seed: 7, rule: { name: 'bep', layers: [12], groupSize: 4 } as const },
    ]) {
      const run = await finish(options, { prepared });
      expect(timeless(run.record)).toEqual(timeless((await finish(options)).record));
    }
  });

  it.each<[string, TrainOptions]>([
    ['set', { ...OPTIONS, dataset: 'fashion-mnist' }],
    ['number of training samples', { ...OPTIONS, dataset: { ...DATASET, limitTrain: 50 } }],
    ['binarizer', { ...OPTIONS, binarizer: { kind: 'median', per: 'image' } }],
    ['form of inputs', { ...OPTIONS, rule: { name: 'sgd', layers: [4] } }],
  ])('is refused by a configuration with another %s', async (_, options) => {
    const prepared = await prepareData(parseTrainConfig(OPTIONS));
    const error = await errorOf(() => train(options, { prepared }));
    expect(error.message).toMatch(/^prepared: expected data prepared for \{"dataset":/);
  });
});
