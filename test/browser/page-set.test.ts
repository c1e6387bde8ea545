import { describe, expect, it } from 'vitest';
import { decodePageSet, encodePageSet, type PageSet, preparedFor } from '../../src/browser/page-set.js';
import { createDataset } from '../../src/data/create-dataset.js';
import { FeatureMatrix } from '../../src/data/dataset.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { train } from '../../src/node/train.js';
import { parseTrainConfig, type TrainOptions } from '../../src/training/config.js';
import { prepareDataset } from '../../src/training/prepared-data.js';
import { trainRun } from '../../src/training/train-run.js';

const OPTIONS: TrainOptions = {
  dataset: 'pictures',
  rule: { name: 'local-error', layers: [6], groupSize: 3 },
  epochs: 2,
};

const split = (count: number, seed: number) => ({
  features: new FeatureMatrix(
    count,
    9,
    Uint8Array.from({ length: count * 9 }, (_, i) => (i * 37 + seed * 11 + (i % 5) * 50) % 256),
  ),
  labels: Int32Array.from({ length: count }, (_, i) => i % 2),
  featuresFile: 'features',
  labelsFile: 'labels',
});

const dataset = createDataset({
  name: 'pictures',
  classes: ['no', 'yes'],
  shape: { kind: 'image', channels: 1, height: 3, width: 3 },
  train: split(24, 1),
  validation: split(7, 2),
  test: split(8, 3),
  files: [],
});

function pageSet(): PageSet {
  const { binarizer, ...prepared } = prepareDataset(parseTrainConfig(OPTIONS), dataset);
  if (!binarizer) throw new Error('the rule is shown bits');
  return { ...prepared, binarizer };
}

describe('a data set that a page brings along', () => {
  it('is what was packed', () => {
    const { key: _, ...expected } = pageSet() as PageSet & { key: string };
    expect(decodePageSet('digits', encodePageSet(pageSet()))).toEqual(expected);
  });

  it('gives the record of the data that it was made of', async () => {
    const set = decodePageSet('digits', encodePageSet(pageSet()));
    const config = parseTrainConfig(OPTIONS);
    const software = { xnorlab: '', commit: '', node: '' };
    const { record } = await trainRun(config, preparedFor(set, config), {
      kernels: referenceKernels,
      software,
    });
    const expected = await train(OPTIONS, { dataset });
    expect(record.testAccuracy).toBe(expected.record.testAccuracy);
    expect(record.dataset).toEqual(expected.record.dataset);
    expect(record.config).toEqual(expected.record.config);
    expect(record.epochs.map(({ flips }) => flips)).toEqual(expected.record.epochs.map(({ flips }) => flips));
  });

  it('is refused when it is damaged', () => {
    const packed = encodePageSet(pageSet());
    expect(() => decodePageSet('digits', packed.subarray(0, packed.length - 20))).toThrow(
      'digits: is damaged: it is not what this page was built with',
    );
  });

  it.each([
    [{ dataset: 'mnist' }, "dataset: expected pictures, got 'mnist'"],
    [
      { dataset: { name: 'pictures', limitTrain: 5 } },
      'dataset.limitTrain: expected none in a page, whose digits are packed already, got 5',
    ],
    [
      { binarizer: { kind: 'median', per: 'image' } },
      'binarizer: expected {"kind":"median","per":"channel"}, as which its bits are packed',
    ],
  ] as const)('is refused for a configuration that wants other data: %j', (changed, message) => {
    const config = parseTrainConfig({ ...OPTIONS, ...changed });
    expect(() => preparedFor(pageSet(), config)).toThrow(message);
  });
});
