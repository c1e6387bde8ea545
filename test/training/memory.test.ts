import { describe, expect, it } from 'vitest';
import '../../src/rules/float-rules.js';
import { ArgumentError } from '../../src/core/errors.js';
import { randomStreams } from '../../src/core/random.js';
import { vector } from '../../src/core/shape.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import type { DatasetRecord } from '../../src/records/record.js';
import { configuredRule } from '../../src/rules/registry.js';
import { parseTrainConfig } from '../../src/training/config.js';
import { checkMemory, checkSizes, runMemory } from '../../src/training/memory.js';
import { problemOf } from '../../src/training/task-data.js';

const DATASET: DatasetRecord = {
  ...{
    name: 'x',
    sha256: '',
    classes: 3,
    features: 300,
    inputs: 300,
    shape: vector(300),
    inputShape: vector(300),
  },
  ...{ trainSamples: 1000, validationSamples: 10, testSamples: 40 },
};

/** The reference, counting bytes that it is asked for. */
function counting(): { readonly kernels: Kernels; bytes: number } {
  const counted = { kernels: referenceKernels, bytes: 0 };
  const count = <Made>(made: Made, { byteLength }: { readonly byteLength: number }): Made => {
    counted.bytes += byteLength;
    return made;
  };
  const { bitMatrix, int16Matrix, int32Matrix, stepList } = referenceKernels;
  counted.kernels = {
    ...referenceKernels,
    bitMatrix: (...sizes) => ((made) => count(made, made.words))(bitMatrix(...sizes)),
    int16Matrix: (...sizes) => ((made) => count(made, made.values))(int16Matrix(...sizes)),
    int32Matrix: (...sizes) => ((made) => count(made, made.values))(int32Matrix(...sizes)),
    stepList: (capacity) => {
      counted.bytes += 9 * capacity;
      return stepList(capacity);
    },
  };
  return counted;
}

describe('the memory of a run', () => {
  it('is that of its parts, worked out by hand', () => {
    const config = parseTrainConfig({
      dataset: 'x',
      rule: { name: 'local-error', layers: [100, 50], groupSize: 10 },
      batchSize: 20,
    });
    const { bytes, parts } = runMemory(config, DATASET);
    expect(parts.map(({ path, what }) => [path.join('.'), what])).toEqual([
      ['dataset', 'data [1050, 300]'],
      ['rule.layers.0', 'weights [100, 300]'],
      ['rule.layers.1', 'weights [50, 100]'],
      ['batchSize', 'activations [20, 100]'],
      ['batchSize', 'activations [20, 50]'],
    ]);
    expect(parts.map((part) => part.bytes)).toEqual([
      (1050 * 300) / 8,
      100 * (300 * 2.375 + 3),
      50 * (100 * 2.375 + 3),
      20 * (100 * 4.375 + 10 * 9),
      20 * (50 * 4.375 + 5 * 9),
    ]);
    expect(bytes).toBe(parts.reduce((sum, part) => sum + part.bytes, 0));
    expect(parts.map(({ matrixBytes }) => matrixBytes)).toEqual([0, 60_000, 10_000, 8000, 4000]);
  });

  it('counts no batch larger than there are samples', () => {
    const rule = { name: 'bep', layers: [10], groupSize: 5 } as const;
    const [small, large] = [1000, 1e15].map((batchSize) =>
      runMemory(parseTrainConfig({ dataset: 'x', rule, batchSize }), DATASET),
    );
    expect(large.bytes).toBe(small.bytes);
  });

  it.each([
    { name: 'local-error', layers: [200, 150], groupSize: 10 },
    { name: 'bep', layers: [200, 150], groupSize: 10 },
    { name: 'committee', layers: [200, 40] },
  ] as const)('of hidden weights is about what is allocated for them: $name', async (rule) => {
    const config = parseTrainConfig({ dataset: 'x', rule });
    const problem = problemOf(DATASET, config.batchSize);
    const counted = counting();
    const learner = await configuredRule(config.rule).createLearner(problem, {
      kernels: counted.kernels,
      streams: randomStreams(1),
    });
    const told = runMemory(config, DATASET).parts.filter(({ path }) => path[0] === 'rule');
    const bytes = told.reduce((sum, part) => sum + part.bytes, 0);
    expect(bytes).toBeGreaterThan(counted.bytes * 0.9);
    expect(bytes).toBeLessThan(counted.bytes * 1.5);
    await learner.dispose();
  });

  it.each([
    ['sgd', 2],
    ['adam', 4],
    ['qat', 5],
  ] as const)('of %s is that of each weight %i times as a float', (name, arrays) => {
    const rule = { name, layers: [10], ...(name === 'qat' && { batchNorm: false }) } as const;
    const parts = runMemory(parseTrainConfig({ dataset: 'x', rule }), DATASET).parts;
    const weights = parts.filter(({ what }) => what.startsWith('weights'));
    expect(weights.map(({ what, bytes }) => [what, bytes])).toEqual([
      ['weights [10, 300]', 4 * arrays * 3000],
      ['weights [3, 10]', 4 * arrays * 30],
    ]);
  });

  it('is refused beyond a limit, naming the largest part', () => {
    const config = parseTrainConfig({ dataset: 'x', rule: { name: 'bep', layers: [1000], groupSize: 10 } });
    const memory = runMemory(config, DATASET);
    expect(() => checkMemory(config, memory, memory.bytes)).not.toThrow();
    expect(() => checkMemory(config, memory, memory.bytes - 1)).toThrowError(ArgumentError);
    expect(() => checkMemory(config, memory, 2 ** 20)).toThrow(
      'rule.layers.0: expected a run that fits into 1 MiB of memory (weights [1000, 300] take 699 KiB of 2 MiB; see XNORLAB_MEMORY), got 1000',
    );
    const batch = parseTrainConfig({
      dataset: 'x',
      batchSize: 1000,
      rule: { name: 'bep', layers: [1000], groupSize: 10 },
    });
    expect(() => checkMemory(batch, runMemory(batch, DATASET), 2 ** 20)).toThrow(/^batchSize: .*, got 1000$/);
  });

  it('is refused before there is data, where no data would help', () => {
    const of = (layers: number[]) =>
      parseTrainConfig({ dataset: 'x', rule: { name: 'bep', layers, groupSize: 10 } });
    expect(() => checkSizes(of([10_000, 10_000]), 2 ** 30)).not.toThrow();
    expect(() => checkSizes(of([10_000, 10_000]), 2 ** 20)).toThrow(/^rule\.layers\.1: /);
    expect(() => checkSizes(of([100_000, 100_000]), 2 ** 60)).toThrow(
      'rule.layers.1: expected matrices of at most 4.00 GiB (weights [100000, 100000] take 18.63 GiB), got 100000',
    );
  });
});
