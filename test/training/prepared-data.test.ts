import '../../src/rules/float-rules.js';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.js';
import { type Shape, sizeOf, vector } from '../../src/core/shape.js';
import { createDataset, type SplitSource } from '../../src/data/create-dataset.js';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { generatePrototypes } from '../../src/data/prototypes.js';
import { prepareData } from '../../src/node/prepare-data.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from '../../src/training/config.js';
import { preparedDataKey, resolvedConfig } from '../../src/training/prepared-data.js';
import { type RunHost, trainRun } from '../../src/training/train-run.js';

const BINARY = { name: 'local-error', layers: [10], groupSize: 5 } as const;
const FLOAT = { name: 'sgd', layers: [10] } as const;
const MEDIAN = { kind: 'median', per: 'feature' } as const;

function configOf(options: Partial<TrainOptions>): TrainConfig {
  return parseTrainConfig({ dataset: 'prototypes', rule: BINARY, ...options });
}

describe('preparedDataKey', () => {
  const key = (options: Partial<TrainOptions>): string => preparedDataKey(configOf(options));

  it('is the same whenever the same data is shown', () => {
    const same: Partial<TrainOptions> = {
      dataset: { name: 'prototypes' },
      rule: { ...BINARY, layers: [20, 20], robustness: 0.5 },
      seed: 7,
      epochs: 3,
      batchSize: 10,
      modelSelection: 'best-validation',
    };
    expect(key(same)).toBe(key({}));
    expect(key({ rule: FLOAT, binarizer: MEDIAN })).toBe(key({ rule: FLOAT }));
    expect(key({ rule: { ...FLOAT, inputs: 'binarized' } })).toBe(key({}));
  });

  it('does not depend on the order in which options are written', () => {
    const [one, other] = [
      { trainSamples: 10, seed: 1 },
      { seed: 1, trainSamples: 10 },
    ];
    expect(key({ dataset: { name: 'prototypes', prototypes: one } })).toBe(
      key({ dataset: { prototypes: other, name: 'prototypes' } }),
    );
  });

  it('differs where the data does', () => {
    const keys = [
      {},
      { dataset: 'mnist' },
      { dataset: { name: 'prototypes', limitTrain: 10 } },
      { dataset: { name: 'prototypes', prototypes: { seed: 1 } } },
      { rule: FLOAT },
      { binarizer: { kind: 'thermometer', levels: 2, thresholds: 'even' } as const },
    ].map(key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a protocol', () => {
  // Training samples 0 … 7 and a test sample: of the 8, the last in the order of the seed is held out.
  const numbers = (values: readonly number[]): SplitSource => ({
    features: new FeatureMatrix(values.length, 1, Uint8Array.from(values)),
    labels: values.map((value) => value % 2),
    featuresFile: 'made',
    labelsFile: 'made',
  });
  const dataset = createDataset({
    name: 'made',
    classes: ['even', 'odd'],
    shape: vector(1),
    train: numbers([0, 1, 2, 3, 4, 5, 6]),
    validation: numbers([7]),
    test: numbers([200]),
    files: [],
  });
  const holdout = { kind: 'holdout', heldOut: 0.5, fitOn: 'all' } as const;
  const withProtocol = (protocol: object, more: object = {}): TrainConfig =>
    parseTrainConfig({ dataset: { name: 'made', protocol }, rule: BINARY, ...more });
  const thresholdOf = async (config: TrainConfig): Promise<number | undefined> => {
    const { task } = await prepareData(config, { dataset });
    const { transformation } = task;
    return transformation.inputForm === 'binarized' ? transformation.thresholds?.[0] : undefined;
  };

  it('is in the description, and has the counts and the hash of its division', async () => {
    const { description, task } = await prepareData(withProtocol(holdout), { dataset });
    expect(description).toMatchObject({
      protocol: 'holdout 0.5, fitted on all',
      trainSamples: 4,
      validationSamples: 0,
      testSamples: 4,
    });
    expect(description.sha256).not.toBe(dataset.sha256);
    expect(task.validation).toBeUndefined();
    const official = await prepareData(configOf({ dataset: 'made' }), { dataset });
    expect(official.description).not.toHaveProperty('protocol');
    expect(official.description.sha256).toBe(dataset.sha256);
  });

  it('has its median fitted on what it says', async () => {
    // Lower medians: of 0 … 7 the 3, of 0 … 7 and 200 the 4.
    expect(await thresholdOf(withProtocol(holdout))).toBe(3);
    expect(await thresholdOf(withProtocol({ ...holdout, from: 'all' }))).toBe(4);
    const seed = 2;
    const order = [...RandomStream.named(seed, 'data/protocol').permutation(8)];
    const [, lowerMedian] = order.slice(0, 4).sort((a, b) => a - b);
    const ofTraining = { ...holdout, fitOn: 'training' };
    expect(lowerMedian).not.toBe(3);
    expect(await thresholdOf(withProtocol(ofTraining, { seed }))).toBe(lowerMedian);
    // The first training samples of the division.
    const limited = { name: 'made', protocol: ofTraining, limitTrain: 1 };
    expect(await thresholdOf(parseTrainConfig({ dataset: limited, rule: BINARY, seed }))).toBe(order[0]);
  });

  it('has standardization fitted on what it says', async () => {
    const { task } = await prepareData(withProtocol(holdout, { rule: FLOAT }), { dataset });
    const { transformation } = task;
    const mean = transformation.inputForm === 'full-precision' && transformation.moments?.mean[0];
    expect(mean).toBe(3.5);
  });

  it('makes data of a seed differ from that of another, and only then', () => {
    const key = (dataset: object, seed: number): string =>
      preparedDataKey(parseTrainConfig({ dataset, rule: BINARY, seed }));
    const divided = { name: 'made', protocol: holdout };
    expect(key(divided, 1)).not.toBe(key(divided, 2));
    expect(key({ name: 'made' }, 1)).toBe(key({ name: 'made' }, 2));
  });

  it('has its defaults filled in, and is checked', () => {
    expect(withProtocol({ kind: 'cross-validation', folds: 3, fold: 3 }).dataset.protocol).toEqual({
      ...{ kind: 'cross-validation', folds: 3, fold: 3, from: 'training', fitOn: 'training' },
    });
    expect(() => withProtocol({ kind: 'cross-validation', folds: 3, fold: 4 })).toThrow(
      'dataset.protocol.fold: expected one of the 3 folds, got 4',
    );
    expect(() => withProtocol({ kind: 'holdout', heldOut: 1.5 })).toThrow(
      'dataset.protocol.heldOut: expected a number of samples, or a share below 1, got 1.5',
    );
    expect(() => withProtocol({ kind: 'official' })).toThrow('dataset.protocol.kind');
  });

  it('leaves nothing to choose an epoch by', async () => {
    const config = withProtocol(holdout, { modelSelection: 'best-validation' });
    const prepared = await prepareData(config, { dataset });
    await expect(trainRun(config, prepared, {} as RunHost)).rejects.toThrow(
      'modelSelection: expected last, as made has no validation samples',
    );
  });
});

describe('prepareData', () => {
  const dataset = generatePrototypes({
    features: 40,
    trainSamples: 20,
    validationSamples: 5,
    testSamples: 10,
  });

  it('describes the data as it is shown', async () => {
    const config = configOf({ dataset: { name: 'prototypes', limitTrain: 8 } });
    const { description, task, classes, binarizer, key } = await prepareData(config, { dataset });
    expect(description).toMatchObject({
      name: 'prototypes',
      classes: 10,
      features: 40,
      inputs: 40,
      trainSamples: 8,
      validationSamples: 5,
      testSamples: 10,
    });
    expect(description.sha256).not.toBe(dataset.sha256);
    expect(task.train.inputs.rows).toBe(8);
    expect(task.validation?.labels).toEqual(dataset.validation?.labels);
    expect(classes).toEqual(dataset.classes);
    expect(binarizer).toEqual(MEDIAN);
    expect(key).toBe(preparedDataKey(config));
  });

  it('has a binarizer only where one was used', async () => {
    const full = await prepareData(configOf({ rule: FLOAT }), { dataset });
    expect(full.binarizer).toBeUndefined();
    expect(full.task.inputForm).toBe('full-precision');
  });

  it('refuses data of another name', async () => {
    await expect(prepareData(configOf({ dataset: 'mnist' }), { dataset })).rejects.toThrow(
      "dataset: expected prototypes, the data set handed in, got 'mnist'",
    );
  });
});

describe('resolvedConfig', () => {
  it('fills in what the data decided', () => {
    const config = configOf({});
    expect(resolvedConfig(config, { binarizer: MEDIAN })).toEqual({ ...config, binarizer: MEDIAN });
    expect(resolvedConfig(config, {})).toEqual(config);
  });
});

describe('the shape that a network sees', () => {
  const shapesOf = async (
    shape: Shape,
    binarizer: TrainOptions['binarizer'],
    rule: TrainOptions['rule'] = BINARY,
  ): Promise<readonly unknown[]> => {
    const features = new FeatureMatrix(
      4,
      sizeOf(shape),
      Uint8Array.from({ length: 4 * sizeOf(shape) }, (_, i) => i),
    );
    const split = { features, labels: [0, 1, 0, 1], featuresFile: 'made', labelsFile: 'made' };
    const dataset = createDataset({
      name: 'made',
      classes: ['a', 'b'],
      shape,
      train: split,
      test: split,
      files: [],
    });
    const { description, task } = await prepareData(configOf({ dataset: 'made', binarizer, rule }), {
      dataset,
    });
    expect(description.inputShape).toEqual(task.input);
    expect(description.inputs).toBe(task.train.inputs.columns);
    return [description.shape, description.inputShape];
  };
  const image: Shape = { kind: 'image', channels: 1, height: 2, width: 3 };
  const series: Shape = { kind: 'sequence', steps: 4, of: vector(2) };

  it('is that of the data, for one bit or one number each', async () => {
    expect(await shapesOf(image, undefined)).toEqual([image, image]);
    expect(await shapesOf(series, undefined)).toEqual([series, series]);
    expect(await shapesOf(image, undefined, FLOAT)).toEqual([image, image]);
  });

  it('has as many channels more as a thermometer has levels', async () => {
    const thermometer = { kind: 'thermometer', levels: 3, thresholds: 'even' } as const;
    expect(await shapesOf(image, thermometer)).toEqual([image, { ...image, channels: 3, interleaved: 3 }]);
    expect(await shapesOf(series, thermometer)).toEqual([series, { ...series, of: vector(6) }]);
  });
});
