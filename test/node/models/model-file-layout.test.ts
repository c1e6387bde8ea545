import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rowValues } from '../../../src/data/dataset.js';
import { encodeModel } from '../../../src/models/model-bytes.js';
import { train } from '../../../src/node/train.js';
import type { TrainOptions } from '../../../src/training/config.js';
import { classOf, logitsOf, type PlainArray, type PlainNetwork } from '../../models/export/plain-network.js';
import { DATASET } from '../../models/pictures.js';

const READERS = {
  int16: (view: DataView, at: number) => view.getInt16(at, true),
  int32: (view: DataView, at: number) => view.getInt32(at, true),
  uint32: (view: DataView, at: number) => view.getUint32(at, true),
  float32: (view: DataView, at: number) => view.getFloat32(at, true),
  float64: (view: DataView, at: number) => view.getFloat64(at, true),
} as const;
const SIZES = { int16: 2, int32: 4, uint32: 4, float32: 4, float64: 8 } as const;

interface Content {
  readonly classes: string[];
  readonly transformation: {
    readonly inputForm: string;
    readonly inputColumns: number;
    readonly columns: number;
  };
  readonly network: {
    readonly kind: 'binary' | 'float';
    readonly readOut?: 'last' | 'summed';
    readonly layers: readonly {
      inputs: number;
      neurons: number;
      voters?: number;
      classes?: number;
      scale?: number;
      activation?: string;
    }[];
  };
}

/** Reads bytes as docs/model-file.md says, without anything of ours, into what the reader of exported files computes with. */
function read(bytes: Uint8Array): PlainNetwork {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x58, 0x4e, 0x4f, 0x52, 0x0d, 0x0a, 0x1a]);
  expect(view.getUint32(8, true)).toBe(2);
  expect(view.getBigUint64(16, true)).toBe(BigInt(bytes.length));
  const end = bytes.length - 32;
  expect([...bytes.subarray(end)]).toEqual([...createHash('sha256').update(bytes.subarray(0, end)).digest()]);
  const headerEnd = 24 + view.getUint32(12, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(24, headerEnd))) as {
    kind: string;
    content: Content;
    arrays: { name: string; type: keyof typeof READERS; length: number }[];
  };
  expect(header.kind).toBe('network');
  let at = headerEnd;
  const numbers = new Map<string, number[]>();
  for (const { name, type, length } of header.arrays) {
    numbers.set(
      name,
      Array.from({ length }, (_, i) => READERS[type](view, at + i * SIZES[type])),
    );
    at += length * SIZES[type];
  }
  expect(at).toBe(end);
  return plain(header.content, numbers);
}

function plain(
  { classes, transformation, network }: Content,
  numbers: ReadonlyMap<string, number[]>,
): PlainNetwork {
  const arrays = new Map<string, PlainArray>();
  const put = (name: string, values: readonly number[] | undefined, shape: readonly number[] = []): void => {
    if (values) arrays.set(name, { shape, type: '', values });
  };
  // Words from the least significant byte on: rows of an even number of words.
  const bits = (name: string): readonly number[] | undefined =>
    numbers.get(name)?.flatMap((word) => [0, 8, 16, 24].map((shift) => (word >>> shift) & 255));
  const rowBytes = (columns: number): number => 8 * Math.ceil(columns / 64);
  network.layers.forEach(({ inputs, neurons, voters = 1 }, l) => {
    const [from, to] = [`network/layer-${l + 1}`, `layer${l + 1}`];
    if (network.kind === 'float') put(`${to}.weights`, numbers.get(`${from}/weights`), [neurons, inputs]);
    else {
      put(`${to}.weights`, bits(`${from}/weights`), [neurons, rowBytes(inputs)]);
      put(`${to}.thresholds`, numbers.get(`${from}/thresholds`) ?? new Array<number>(neurons).fill(0));
      put(`${to}.classifier`, bits(`${from}/classifier`), [0, rowBytes(neurons / voters)]);
    }
  });
  for (const part of ['mean', 'deviation', 'scale', 'shift']) {
    put(`logit_norm.${part}`, numbers.get(`network/logit-norm/${part}`));
  }
  const thresholds = numbers.get('transformation/thresholds');
  put('inputs.thresholds', thresholds);
  put('inputs.mean', numbers.get('transformation/mean'));
  put('inputs.scale', numbers.get('transformation/scale'));
  const isBinarized = transformation.inputForm === 'binarized';
  const features = isBinarized ? transformation.inputColumns : transformation.columns;
  const form = isBinarized ? (thresholds ? 'thresholds' : 'own-median') : 'standardized';
  return {
    description: {
      kind: network.kind,
      inputs: { form, features, levels: (thresholds?.length ?? features) / features },
      layers: network.layers.map(({ classes: own, voters = 1, scale = 1, activation = '', ...sizes }) => ({
        ...sizes,
        voters,
        scale,
        activation,
        hasClassifier: own !== undefined,
      })),
      ...(network.readOut && { readOut: network.readOut }),
      classes,
      training: {},
    },
    arrays,
  };
}

const RULES: readonly Partial<TrainOptions>[] = [
  { rule: { name: 'local-error', layers: [15, 9], groupSize: 3, readOut: 'summed' } },
  {
    rule: { name: 'local-error', layers: [9], groupSize: 3 },
    binarizer: { kind: 'thermometer', levels: 3, thresholds: 'even' },
  },
  { rule: { name: 'bep', layers: [12], groupSize: 2 }, binarizer: { kind: 'median', per: 'image' } },
  { rule: { name: 'committee', layers: [12, 4] } },
  { rule: { name: 'qat', layers: [9, 7] } },
  { rule: { name: 'adam', layers: [8] } },
  { rule: { name: 'iterative', layers: [9, 7], epochsPerStage: 1 }, epochs: 1 },
];

describe('docs/model-file.md', () => {
  it.each(RULES.map((options) => [JSON.stringify(options), options] as const))(
    'says all that it takes to predict: %s',
    async (_, options) => {
      const run = await train(
        {
          dataset: DATASET.name,
          rule: { name: 'bep', layers: [12], groupSize: 2 },
          epochs: 3,
          batchSize: 20,
          ...options,
        },
        { dataset: DATASET },
      );
      const network = read(encodeModel(run));
      const { features } = DATASET.test;
      const expected = await run.predict(features);
      expect(new Set(expected).size).toBeGreaterThan(1);
      const predicted = Array.from({ length: features.rows }, (_, row) =>
        classOf(logitsOf(network, [...rowValues(features, row)])),
      );
      expect(predicted).toEqual([...expected]);
      await run.dispose();
    },
  );
});
