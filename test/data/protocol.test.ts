import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { RandomStream } from '../../src/core/random.js';
import { vector } from '../../src/core/shape.js';
import { createDataset, type SplitSource } from '../../src/data/create-dataset.js';
import { type Dataset, FeatureMatrix } from '../../src/data/dataset.js';
import { gatherRows } from '../../src/data/gather-rows.js';
import { describeProtocol, divideDataset, drawDivision, type Protocol } from '../../src/data/protocol.js';
import { generatePrototypes } from '../../src/data/prototypes.js';

const HOLDOUT = { kind: 'holdout', heldOut: 2, from: 'training', fitOn: 'training' } as const;

const fold = (number: number, folds = 3): Protocol => ({
  kind: 'cross-validation',
  folds,
  fold: number,
  from: 'training',
  fitOn: 'training',
});

/** Samples `first`, `first` + 1, …: their only feature says which one it is, their label whether that is odd. */
function split(first: number, samples: number): SplitSource {
  const numbers = Uint8Array.from({ length: samples }, (_, i) => first + i);
  return {
    features: new FeatureMatrix(samples, 1, numbers),
    labels: Int32Array.from(numbers, (number) => number % 2),
    featuresFile: 'made',
    labelsFile: 'made',
  };
}

/** Training samples 0 … 5, validation samples 6 … 8, test samples 9 … 12. */
function numbered(): Dataset {
  return createDataset({
    name: 'made',
    classes: ['even', 'odd'],
    shape: vector(1),
    train: split(0, 6),
    validation: split(6, 3),
    test: split(9, 4),
    files: [],
  });
}

const valuesOf = ({ features }: Dataset['train']): number[] => [...(features as FeatureMatrix).values];
const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

describe('a division', () => {
  it('holds out the last samples in the order of a stream of the seed', () => {
    const order = [...RandomStream.named(7, 'data/protocol').permutation(9)];
    expect(order).not.toEqual(ascending(order));
    const { train, heldOut } = drawDivision(HOLDOUT, 9, 7);
    expect([...train]).toEqual(order.slice(0, 7));
    expect([...heldOut]).toEqual(order.slice(7));
    expect([...drawDivision(HOLDOUT, 9, 8).heldOut]).not.toEqual([...heldOut]);
  });

  it('keeps some of the samples that are left for validation: the last of them', () => {
    const protocol = { ...HOLDOUT, validation: 3 };
    const { train, heldOut } = drawDivision(HOLDOUT, 9, 7);
    const divided = drawDivision(protocol, 9, 7);
    expect([...divided.heldOut]).toEqual([...heldOut]);
    expect([...divided.train]).toEqual([...train.subarray(0, 4)]);
    expect([...(divided.validation ?? [])]).toEqual([...train.subarray(4)]);
    expect(drawDivision({ ...protocol, validation: 0.4 }, 9, 7).validation).toHaveLength(3); // of 7
    const { dataset } = divideDataset(numbered(), protocol, 7);
    expect(dataset.validation && valuesOf(dataset.validation)).toEqual([...train.subarray(4)]);
    expect(dataset.sha256).not.toBe(divideDataset(numbered(), HOLDOUT, 7).dataset.sha256);
    expect(describeProtocol(protocol)).toBe('holdout 2, validation 3');
  });

  it.each([7, 8, 0.01, 0.95])('refuses %d samples for validation of 7', (validation) => {
    expect(() => drawDivision({ ...HOLDOUT, validation }, 9, 7)).toThrow(
      `dataset.protocol.validation: expected at least one and fewer than all of the 7 samples that are left to train on, got ${validation}`,
    );
  });

  it('takes a share, rounded to the nearest number', () => {
    const heldOut = (share: number): number =>
      drawDivision({ ...HOLDOUT, heldOut: share }, 9, 1).heldOut.length;
    expect([0.25, 0.3, 0.5, 0.9].map(heldOut)).toEqual([2, 3, 5, 8]);
  });

  it('has folds that hold each sample out once, of one order and nearly the same size', () => {
    const folds = [1, 2, 3, 4].map((number) => drawDivision(fold(number, 4), 10, 5));
    // ⌊10/4⌋, ⌊20/4⌋, ⌊30/4⌋ are where pieces begin.
    expect(folds.map(({ heldOut }) => heldOut.length)).toEqual([2, 3, 2, 3]);
    expect(folds.flatMap(({ heldOut }) => [...heldOut])).toEqual([
      ...RandomStream.named(5, 'data/protocol').permutation(10),
    ]);
    for (const { train, heldOut } of folds) {
      expect(ascending([...train, ...heldOut])).toEqual(ascending(Array(10).keys()));
    }
  });

  it('leaves no part empty', () => {
    expect(() => drawDivision({ ...HOLDOUT, heldOut: 9 }, 9, 1)).toThrow(
      'dataset.protocol.heldOut: expected at least one and fewer than all of the 9 samples that are divided, got 9',
    );
    expect(() => drawDivision({ ...HOLDOUT, heldOut: 0.01 }, 9, 1)).toThrow('got 0.01');
    expect(() => drawDivision(fold(1, 10), 9, 1)).toThrow(
      'dataset.protocol.folds: expected at most the 9 samples that are divided, got 10',
    );
    expect(drawDivision(fold(9, 9), 9, 1).train).toHaveLength(8);
  });
});

describe('a divided data set', () => {
  it('has the samples of the training file, each once, with their labels', () => {
    const given = numbered();
    const { dataset, fitOn } = divideDataset(given, HOLDOUT, 3);
    const order = [...RandomStream.named(3, 'data/protocol').permutation(9)];
    expect(valuesOf(dataset.train)).toEqual(order.slice(0, 7));
    expect(valuesOf(dataset.test)).toEqual(order.slice(7));
    for (const part of [dataset.train, dataset.test]) {
      expect([...part.labels]).toEqual(valuesOf(part).map((number) => number % 2));
    }
    expect(dataset.validation).toBeUndefined();
    expect(fitOn).toBeUndefined();
    expect(dataset).toMatchObject({ name: 'made', classes: ['even', 'odd'], shape: vector(1) });
    expect(valuesOf(given.train)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes test samples in when told so, and what is fitted on is all of them', () => {
    const { dataset, fitOn } = divideDataset(numbered(), { ...HOLDOUT, from: 'all', fitOn: 'all' }, 3);
    expect(dataset.train.labels).toHaveLength(11);
    expect(ascending([...valuesOf(dataset.train), ...valuesOf(dataset.test)])).toEqual([...Array(13).keys()]);
    expect([...(fitOn as FeatureMatrix).values]).toEqual([...Array(13).keys()]);
  });

  it('has the hash of its division', () => {
    const hash = (protocol: Protocol, seed: number): string =>
      divideDataset(numbered(), protocol, seed).dataset.sha256;
    const hashes = [hash(HOLDOUT, 1), hash(HOLDOUT, 2), hash(fold(1), 1), hash(fold(2), 1)];
    expect(new Set([numbered().sha256, ...hashes]).size).toBe(5);
    expect(hash({ ...HOLDOUT, fitOn: 'all' }, 1)).toBe(hash(HOLDOUT, 1));
  });

  it('keeps the bits of prototypes, all different', () => {
    const prototypes = generatePrototypes({
      ...{ features: 40, trainSamples: 30, validationSamples: 0, testSamples: 10 },
    });
    const { dataset } = divideDataset(prototypes, { ...HOLDOUT, heldOut: 0.25, from: 'all' }, 1);
    const rowsOf = ({ features }: Dataset['train']): string[] =>
      Array.from({ length: features.rows }, (_, row) => (features as BitMatrix).signs(row).join());
    const before = [...rowsOf(prototypes.train), ...rowsOf(prototypes.test)];
    const after = [...rowsOf(dataset.train), ...rowsOf(dataset.test)];
    expect(after.toSorted()).toEqual(before.toSorted());
    expect(new Set(after).size).toBe(40);
    expect(dataset.test.features.rows).toBe(10);
  });

  it('is refused where one class is left to train on', () => {
    const lopsided = createDataset({
      ...numbered(),
      train: { ...split(0, 2), labels: [0, 1] },
      validation: undefined,
      test: split(2, 2),
    });
    expect(() => divideDataset(lopsided, { ...HOLDOUT, heldOut: 1 }, 1)).toThrow(
      'dataset.protocol: expected a division whose training samples are of two classes at least',
    );
  });
});

describe('gatherRows', () => {
  it('counts rows through all parts', () => {
    const parts = [[1, 2], [3], [4, 5, 6]].map(
      (values) => new FeatureMatrix(values.length, 1, Uint8Array.from(values)),
    );
    expect(gatherRows(parts, Uint32Array.of(5, 0, 2, 2, 3))).toEqual(
      new FeatureMatrix(5, 1, Uint8Array.of(6, 1, 3, 3, 4)),
    );
  });

  it('gathers bits as bits, and bytes beside floats as floats', () => {
    const bits = BitMatrix.fromSigns([
      [1, -1],
      [-1, 1],
    ]);
    expect(gatherRows([bits, bits], Uint32Array.of(3, 0))).toEqual(
      BitMatrix.fromSigns([
        [-1, 1],
        [1, -1],
      ]),
    );
    const mixed = [new FeatureMatrix(1, 1, Uint8Array.of(7)), new FeatureMatrix(1, 1, Float32Array.of(0.5))];
    expect(gatherRows(mixed, Uint32Array.of(1, 0))).toEqual(new FeatureMatrix(2, 1, Float32Array.of(0.5, 7)));
  });
});

describe('describeProtocol', () => {
  it.each([
    [HOLDOUT, 'holdout 2'],
    [
      { ...HOLDOUT, heldOut: 0.2, from: 'all', fitOn: 'all' } as const,
      'holdout 0.2, of all samples, fitted on all',
    ],
    [fold(2), 'fold 2 of 3'],
  ])('of %o is %s', (protocol, text) => {
    expect(describeProtocol(protocol)).toBe(text);
  });
});
