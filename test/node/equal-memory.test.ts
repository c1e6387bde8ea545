import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import type { Dataset } from '../../src/data/dataset.js';
import { equalMemory } from '../../src/node/equal-memory.js';
import { train } from '../../src/node/train.js';
import type { TrainOptions } from '../../src/training/config.js';

/** The counts of FashionMNIST: 50,000 training samples of 784 inputs, 10 classes. Nothing here looks at the values. */
const IMAGES: Dataset = {
  name: 'fashion-mnist',
  classes: Array.from({ length: 10 }, (_, c) => String(c)),
  shape: { kind: 'vector', size: 784 },
  train: { features: new BitMatrix(50_000, 784), labels: new Int32Array(50_000) },
  test: { features: new BitMatrix(1, 784), labels: new Int32Array(1) },
  sha256: '',
  files: [],
};
const localError = (...layers: number[]): TrainOptions => ({
  dataset: IMAGES.name,
  rule: { name: 'local-error', layers, groupSize: 1 },
});
const sgd = (...layers: number[]): TrainOptions => ({ dataset: IMAGES.name, rule: { name: 'sgd', layers } });

describe('equal memory at the size of FashionMNIST', () => {
  it('gives the published 1,560 of 50,000 where both networks take the same memory', async () => {
    const { options, ...numbers } = await equalMemory(localError(135, 135), sgd(51, 51), { dataset: IMAGES });
    const binaryWeights = 784 * 135 + 135 * 135;
    const floatWeights = 784 * 51 + 51 * 51 + 51 * 10;
    const binaryBits = 16 * binaryWeights + 2 * 10 * 135 + 2 * 270 * 100 + 50_000 * 784;
    expect(numbers).toEqual({
      binaryBits,
      floatBits: 32 * floatWeights + 2 * 32 * (51 + 51 + 10) * 100 + 1560 * 784 * 32,
      binarySamples: 50_000,
      floatSamples: 1560,
    });
    expect(options).toEqual({ ...sgd(51, 51), dataset: { name: IMAGES.name, limitTrain: 1560 } });
  });

  it.each([
    [[35, 35], 1523],
    [[135, 135], 1412],
    [[525, 525], 855],
  ])('at equal widths %o the larger float network costs samples: %i', async (layers, samples) => {
    const { floatSamples } = await equalMemory(localError(...layers), sgd(...layers), { dataset: IMAGES });
    expect(floatSamples).toBe(samples);
  });

  it('says so when no sample fits', async () => {
    const layers = [1035, 1035];
    // 16·1,882,665 + 20,700 + 414,000 + 39,200,000; 32·1,893,015 + 6400·2080
    await expect(equalMemory(localError(...layers), sgd(...layers), { dataset: IMAGES })).rejects.toThrow(
      'float: expected a network with a sample of 25088 bits within the 69757340 bits of the binary run, ' +
        "got '73888480 bits without samples'",
    );
  });
});

describe('equal memory as the authors of LBES count it', () => {
  const accounting = 'published';
  const WIDTHS = [35, 75, 135, 255, 525];

  // The pairs of the published tables of FashionMNIST.
  it.each([
    ['sgd', [5, 11, 21, 44, 105]],
    ['adam', [3, 6, 11, 23, 56]],
  ] as const)('makes %s on 1/32 of the images as narrow as published: %o', async (name, widths) => {
    const found = WIDTHS.map(async (width) => {
      const float = { dataset: IMAGES.name, rule: { name, layers: [1, 1] } };
      const { options } = await equalMemory(localError(width, width), float, { dataset: IMAGES, accounting });
      expect(options.dataset).toEqual({ name: IMAGES.name, limitTrain: 1562 });
      return (options.rule as { readonly layers: readonly number[] }).layers;
    });
    expect(await Promise.all(found)).toEqual(widths.map((width) => [width, width]));
  });

  it('says the bits of both, counted so', async () => {
    const { binaryBits, floatBits, floatSamples } = await equalMemory(localError(525, 525), sgd(1, 1), {
      dataset: IMAGES,
      accounting,
    });
    const binaryWeights = 784 * 525 + 525 * 525;
    expect(binaryBits).toBe(50_000 * 784 + 8 * binaryWeights + 8 * 1050 * 100 + 525 * 10);
    const floatWeights = 784 * 105 + 105 * 105 + 105 * 10;
    expect(floatBits).toBe(1562 * 784 * 32 + 32 * (floatWeights + 210 * 100 + 784 * 105));
    expect(floatSamples).toBe(1562);
  });

  it('leaves a float run on bits all samples', async () => {
    const float: TrainOptions = {
      dataset: IMAGES.name,
      rule: { name: 'sgd', layers: [1, 1], inputs: 'binarized' },
    };
    const { options, floatSamples } = await equalMemory(localError(525, 525), float, {
      dataset: IMAGES,
      accounting,
    });
    expect(floatSamples).toBe(50_000);
    expect(options.dataset).toEqual({ name: IMAGES.name });
    expect(options.rule).toMatchObject({ layers: [105, 105], inputs: 'binarized' });
  });

  it('is of LBES beside sgd and adam alone', async () => {
    const committee: TrainOptions = { dataset: IMAGES.name, rule: { name: 'committee', layers: [44, 4] } };
    const options = { dataset: IMAGES, accounting } as const;
    await expect(equalMemory(committee, sgd(1), options)).rejects.toThrow(
      "binary.rule.name: expected local-error, which the published accounting is of, got 'committee'",
    );
    await expect(equalMemory(localError(9), localError(9), options)).rejects.toThrow(
      "float.rule.name: expected sgd or adam, which the published accounting is of, got 'local-error'",
    );
  });
});

const PROTOTYPES = {
  features: 100,
  classes: 4,
  trainSamples: 400,
  validationSamples: 0,
  testSamples: 10,
};
const DATASET = { name: 'prototypes', prototypes: PROTOTYPES };

describe('equal memory', () => {
  it.each<TrainOptions['rule']>([
    { name: 'bep', layers: [30, 30], groupSize: 10 },
    { name: 'committee', layers: [30, 6] },
    { name: 'local-error', layers: [30, 30], groupSize: 10, inputFlipProbability: 0.1 },
  ])('is what the records of both runs say: %o', async (rule) => {
    const common = { dataset: DATASET, epochs: 1, batchSize: 10 } as const;
    const float: TrainOptions = { ...common, rule: { name: 'adam', layers: [2] } };
    const { binaryBits, floatBits, floatSamples, options } = await equalMemory({ ...common, rule }, float);
    const binaryRun = await train({ ...common, rule });
    const floatRun = await train(options);
    expect(binaryRun.record.totals.memoryBits).toBe(binaryBits);
    expect(floatRun.record.totals.memoryBits).toBe(floatBits);
    expect(floatRun.record.dataset.trainSamples).toBe(floatSamples);
    expect(floatBits).toBeLessThanOrEqual(binaryBits);
    expect(floatBits + 32 * PROTOTYPES.features).toBeGreaterThan(binaryBits);
    await binaryRun.learner.dispose();
    await floatRun.learner.dispose();
  });

  const binary: TrainOptions = { dataset: DATASET, rule: { name: 'committee', layers: [300, 6] } };
  const float: TrainOptions = { dataset: DATASET, rule: { name: 'sgd', layers: [1] }, batchSize: 1 };

  it('counts the samples of a binary run that is limited itself', async () => {
    const limited = { ...binary, dataset: { ...DATASET, limitTrain: 200 } };
    const rule = { name: 'sgd', layers: [40] } as const;
    const whole = await equalMemory(binary, { ...float, rule });
    const half = await equalMemory(limited, { ...float, rule });
    expect(half.binarySamples).toBe(200);
    expect(whole.binaryBits - half.binaryBits).toBe(200 * 100);
    expect(whole.floatSamples - half.floatSamples).toBeGreaterThanOrEqual(6);
  });

  it.each<[string, TrainOptions, string]>([
    [
      'all samples leave memory unused',
      { ...float, rule: { name: 'sgd', layers: [1], inputs: 'binarized' } },
      /^float: expected at least the \d+ bits of the binary run with all 400 samples, got '\d+ bits'$/.source,
    ],
    [
      'the samples are limited already',
      { ...float, dataset: { ...DATASET, limitTrain: 5 } },
      'dataset.limitTrain: expected none, as it follows from the memory of the binary run, got 5',
    ],
    [
      'the data differs',
      { ...float, dataset: 'prototypes' },
      'dataset: expected that of the binary run, .*"features":100.*, got { name: .prototypes. }',
    ],
  ])('refuses when %s', async (_, options, message) => {
    await expect(equalMemory(binary, options)).rejects.toThrow(new RegExp(message));
  });
});
