import '../../src/rules/float-rules.js';
import { describe, expect, it } from 'vitest';
import { type Shape, sizeOf, vector } from '../../src/core/shape.js';
import { createDataset } from '../../src/data/create-dataset.js';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { generatePrototypes } from '../../src/data/prototypes.js';
import { prepareData } from '../../src/node/prepare-data.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from '../../src/training/config.js';
import { preparedDataKey, resolvedConfig } from '../../src/training/prepared-data.js';

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
