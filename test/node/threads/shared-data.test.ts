import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { type Dataset, FeatureMatrix } from '../../../src/data/dataset.js';
import { generatePrototypes } from '../../../src/data/prototypes.js';
import { prepareData } from '../../../src/node/prepare-data.js';
import { attachData, type SharedData, shareData } from '../../../src/node/threads/shared-data.js';
import type { Inputs } from '../../../src/rules/rule.js';
import { parseTrainConfig, type TrainOptions } from '../../../src/training/config.js';
import type { PreparedData } from '../../../src/training/prepared-data.js';

const BITS = generatePrototypes({ features: 40, trainSamples: 20, validationSamples: 5, testSamples: 10 });
const samples = (...values: number[]) => ({
  features: new FeatureMatrix(values.length / 2, 2, Float32Array.from(values)),
  labels: Int32Array.from({ length: values.length / 2 }, (_, i) => i % 2),
});
const NUMBERS: Dataset = {
  name: 'numbers',
  classes: ['a', 'b'],
  shape: { kind: 'vector', size: 2 },
  train: samples(1, 5, 3, 5, 2, 7),
  test: samples(9, 9),
  sha256: '0'.repeat(64),
  files: [],
};
const BINARY = { name: 'local-error', layers: [10], groupSize: 5 } as const;
const FLOAT = { name: 'sgd', layers: [10] } as const;

function prepare(dataset: Dataset, rule: TrainOptions['rule']): Promise<PreparedData> {
  return prepareData(parseTrainConfig({ dataset: dataset.name, rule }), { dataset });
}

function floats(inputs: Inputs): number[][] {
  return Array.from({ length: inputs.rows }, (_, row) => {
    if (inputs instanceof BitMatrix) return [...inputs.signs(row)];
    const target = new Float32Array(inputs.columns);
    inputs.copyRow(row, target, 0);
    return [...target];
  });
}

function arraysOf({ task }: SharedData): (Uint8Array | Uint32Array | Int32Array | Float32Array)[] {
  return [task.train, task.validation, task.test].flatMap((split) =>
    split ? [split.labels, split.source.kind === 'bits' ? split.source.words : split.source.values] : [],
  );
}

describe('shared data', () => {
  it.each([
    ['packed ±1 for a binary rule', BITS, BINARY],
    ['packed ±1 as numbers', BITS, FLOAT],
    ['numbers for a binary rule', NUMBERS, BINARY],
    ['numbers, standardized', NUMBERS, FLOAT],
  ])('is what was prepared: %s', async (_, dataset, rule) => {
    const prepared = await prepare(dataset, rule);
    const { task, ...about } = attachData(structuredClone(shareData(prepared)));
    const { task: expected, ...expectedAbout } = prepared;
    expect(about).toEqual(expectedAbout);
    expect(Object.keys(task).sort()).toEqual(Object.keys(expected).sort());
    expect(task).toMatchObject({
      input: expected.input,
      inputForm: expected.inputForm,
      transformation: expected.transformation,
    });
    for (const split of ['train', 'validation', 'test'] as const) {
      const [got, wanted] = [task[split], expected[split]];
      expect(got?.labels).toEqual(wanted?.labels);
      expect(got && floats(got.inputs)).toEqual(wanted && floats(wanted.inputs));
      expect(got?.inputs.constructor).toBe(wanted?.inputs.constructor);
    }
  });

  it('lies in shared memory as a whole, and says how much', async () => {
    const bits = shareData(await prepare(BITS, BINARY));
    expect(arraysOf(bits).every(({ buffer }) => buffer instanceof SharedArrayBuffer)).toBe(true);
    // 35 rows of 40 bits, in two words, and a label
    expect(bits.sizeBytes).toBe(35 * (8 + 4));
    // 4 rows of 2 floats and a label
    expect(shareData(await prepare(NUMBERS, FLOAT)).sizeBytes).toBe(4 * (8 + 4));
  });

  it('holds plain bytes where a file gave a Buffer', async () => {
    const features = new FeatureMatrix(2, 2, Buffer.of(1, 5, 3, 250));
    const train = { features, labels: Int32Array.of(0, 1) };
    const { task } = shareData(await prepare({ ...NUMBERS, train, test: train }, FLOAT));
    expect(task.train.source).toEqual({
      kind: 'features',
      rows: 2,
      columns: 2,
      values: Uint8Array.of(1, 5, 3, 250),
    });
  });

  it('is not copied on its way', async () => {
    const shared = shareData(await prepare(NUMBERS, FLOAT));
    const arrived = structuredClone(shared);
    for (const [i, array] of arraysOf(shared).entries()) {
      array[0] = 77;
      expect(arraysOf(arrived)[i][0]).toBe(77);
    }
  });

  it('takes only the rows of a limited training set', async () => {
    const config = parseTrainConfig({ dataset: { name: 'prototypes', limitTrain: 8 }, rule: BINARY });
    const limited = shareData(await prepareData(config, { dataset: BITS }));
    expect(limited.sizeBytes).toBe((8 + 5 + 10) * (8 + 4));
  });

  it('refuses inputs of an unknown kind', async () => {
    const prepared = await prepare(NUMBERS, FLOAT);
    const inputs = { rows: 1, columns: 2, copyRow: () => {} };
    const task = { ...prepared.task, test: { inputs, labels: Int32Array.of(0) } };
    expect(() => shareData({ ...prepared, task })).toThrow('inputs of the class Object cannot be shared');
  });
});
