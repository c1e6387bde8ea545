import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { saveModel } from '../../src/node/models/model-file.js';
import { train } from '../../src/node/train.js';
import { bytesOf, errorOf, idxBytes, npyBytes, writeFiles } from '../data/helpers.js';
import { printed } from './printed.js';

const COLUMNS = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'] as const;
type Column = (typeof COLUMNS)[number];

/** Sizes of three kinds of iris, in centimetres. */
const KINDS: Readonly<Record<string, readonly number[]>> = {
  setosa: [5, 3.4, 1.5, 0.2],
  versicolor: [5.9, 2.8, 4.3, 1.3],
  virginica: [6.6, 3, 5.6, 2],
};
const NAMES = Object.keys(KINDS);

/** Flower number `i`, a little larger or smaller than its kind. */
function flower(i: number, kinds: readonly string[]) {
  const kind = kinds[i % kinds.length];
  const sizes = KINDS[kind].map((size, c) => (size * (1 + 0.02 * (((i + c) % 5) - 2))).toFixed(2));
  return { kind, sizes: Object.fromEntries(COLUMNS.map((name, c) => [name, sizes[c]])) };
}

interface TableOptions {
  readonly header?: readonly string[];
  readonly kinds?: readonly string[];
}

/** `rows` flowers as CSV, with the columns asked for, in that order; `label` is the kind. */
function flowers(
  rows: number,
  columns: readonly string[],
  { header = columns, kinds = NAMES }: TableOptions = {},
): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const { kind, sizes } = flower(i, kinds);
    return columns.map((name) => (name === 'label' ? kind : (sizes[name] ?? '7'))).join(',');
  });
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

/** The same without header and label, in the given order of columns. */
function numbers(rows: number, columns: readonly Column[]): Float32Array {
  return Float32Array.from({ length: rows * columns.length }, (_, i) => {
    const { sizes } = flower(Math.floor(i / columns.length), NAMES);
    return Number(sizes[columns[i % columns.length]]);
  });
}

const TRAINED = [...COLUMNS, 'label'];
const TURNED = ['petal_length', 'petal_width', 'sepal_length', 'sepal_width'] as const;

describe('xnorlab predict finds columns and classes by their names', () => {
  let folder: string;
  let model: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-names-'));
    model = path.join(folder, 'iris.xnorlab');
    await writeFiles(folder, {
      'iris/train.csv': flowers(90, TRAINED),
      'iris/test.csv': flowers(30, TRAINED),
      'same.csv': flowers(30, TRAINED),
      'reordered.csv': flowers(30, [...TURNED, 'label']),
      'label-first.csv': flowers(30, ['label', ...TURNED]),
      'unlabelled.csv': flowers(30, TURNED),
      'spaced.csv': flowers(30, [...TURNED, 'label'], {
        header: [' petal_length', '"petal_width "', 'sepal_length', ' sepal_width ', 'label'],
      }),
      'turned/train.csv': flowers(60, [
        'petal_width',
        'label',
        'sepal_width',
        'sepal_length',
        'petal_length',
      ]),
      'turned/test.csv': flowers(30, ['petal_width', 'label', 'sepal_width', 'sepal_length', 'petal_length']),
      'two-kinds/train.csv': flowers(40, [...TURNED, 'label'], { kinds: ['virginica', 'versicolor'] }),
      'two-kinds/test.csv': flowers(20, [...TURNED, 'label'], { kinds: ['virginica', 'versicolor'] }),
      'lacking.csv': flowers(30, ['sepal_length', 'petal_length', 'petal_width', 'label']),
      'more.csv': flowers(30, [...COLUMNS, 'colour', 'label']),
      'twice.csv': flowers(30, [...COLUMNS, 'petal_width', 'label']),
      'cased.csv': flowers(30, TRAINED, { header: ['Sepal_Length', ...COLUMNS.slice(1), 'label'] }),
      'kind.csv': flowers(30, TRAINED, { header: [...COLUMNS, 'kind'] }),
      'index.csv': flowers(30, ['row', ...TRAINED]),
      'lacking/train.csv': flowers(40, ['sepal_length', 'petal_length', 'petal_width', 'label']),
      'lacking/test.csv': flowers(40, ['sepal_length', 'petal_length', 'petal_width', 'label']),
      'other-kind.csv': `${COLUMNS.join()},label\n5,3,1,0.2,iris\n`,
      'rows.npy': npyBytes('<f4', [30, 4], bytesOf(numbers(30, COLUMNS))),
      'turned.npy': npyBytes('<f4', [30, 4], bytesOf(numbers(30, TURNED))),
      'narrow.npy': npyBytes(
        '<f4',
        [30, 3],
        bytesOf(numbers(30, ['sepal_length', 'sepal_width', 'petal_width'])),
      ),
    });
    const rule = { name: 'sgd', layers: [8], learningRate: 0.1 } as const;
    const run = await train({ dataset: 'iris', rule, epochs: 40, batchSize: 5 }, { dataDir: folder });
    await saveModel(run, model);
    await run.dispose();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  interface Answer {
    readonly accuracy?: number;
    readonly predictions: readonly number[];
  }
  async function predict(name: string, ...args: string[]): Promise<Answer & { readonly notes: string }> {
    const { out, notes } = await printed(model, '--dataset', path.join(folder, name), '--json', ...args);
    return { ...(JSON.parse(out) as Answer), notes };
  }

  it.each(['same.csv', 'reordered.csv', 'label-first.csv', 'spaced.csv', 'turned'])(
    'in %s: all flowers are told rightly',
    async (name) => {
      const { accuracy, notes } = await predict(name);
      expect(accuracy).toBe(100);
      expect(notes).toBe('');
    },
  );

  it('where there is no label', async () => {
    const { predictions } = await predict('unlabelled.csv');
    expect(predictions).toEqual((await predict('same.csv')).predictions);
  });

  it('where class numbers are others: 0 is versicolor there, setosa here', async () => {
    const { accuracy, predictions } = await predict('two-kinds');
    expect(accuracy).toBe(100);
    expect(new Set(predictions)).toEqual(new Set([1, 2]));
  });

  it('where the label has another name, which must be said', async () => {
    expect((await predict('kind.csv', '--label-column', 'kind')).accuracy).toBe(100);
    const error = await errorOf(() => predict('kind.csv'));
    expect(error.message).toBe(
      `${path.join(folder, 'kind.csv')}: line 2, column kind: "setosa", expected a finite number that fits float32`,
    );
  });

  it.each([
    ['lacking.csv', 'lacks sepal_width'],
    ['lacking', 'lacks sepal_width'],
    ['more.csv', 'has colour, which the network was not trained on'],
    ['index.csv', 'has row, which the network was not trained on'],
    ['cased.csv', 'lacks sepal_length; has Sepal_Length, which the network was not trained on'],
    ['twice.csv', 'line 1: column petal_width stands there twice'],
    ['other-kind.csv', 'line 2, column label: "iris" is none of the 3 training classes'],
  ])('and refuses %s', async (name, problem) => {
    const error = await errorOf(() => predict(name));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(`${path.join(folder, name)}: ${problem}`);
  });

  it('or says that it takes them in their order, where the samples have no names', async () => {
    const { predictions, notes } = await predict('rows.npy');
    expect(predictions).toEqual((await predict('same.csv')).predictions);
    expect(notes).toBe(
      `xnorlab: columns are taken in their order: ${path.join(folder, 'rows.npy')} has no names of columns\n`,
    );
    // What became of reordered.csv before names were kept.
    expect((await predict('turned.npy')).predictions).not.toEqual(predictions);
    const error = await errorOf(() => predict('narrow.npy'));
    expect(error.message).toBe(
      `${path.join(folder, 'narrow.npy')}: has 3 columns, but the network was trained on 4`,
    );
  });

  it('or where the network has none', async () => {
    const images = path.join(folder, 'images');
    const values = Array.from({ length: 24 }, (_, i) => i);
    const bits = Uint8Array.from({ length: 12 }, (_, i) => i % 2);
    await writeFiles(images, {
      'own/train/features.npy': npyBytes('|u1', [6, 4], Uint8Array.from(values)),
      'own/train/labels.npy': npyBytes('|u1', [6], bits.subarray(0, 6)),
      'own/test/features.npy': npyBytes('|u1', [6, 4], Uint8Array.from(values)),
      'own/test/labels.npy': npyBytes('|u1', [6], bits.subarray(0, 6)),
      'pictures.idx': idxBytes([2, 2, 2], values.slice(0, 8)),
    });
    const rule = { name: 'local-error', layers: [5], groupSize: 1 } as const;
    const run = await train({ dataset: 'own', rule, epochs: 1, batchSize: 2 }, { dataDir: images });
    const file = path.join(images, 'own.xnorlab');
    await saveModel(run, file);
    const named = await printed(file, '--dataset', path.join(folder, 'unlabelled.csv'));
    expect(named.notes).toBe(
      'xnorlab: columns are taken in their order: the network was trained on columns without names\n',
    );
    const unnamed = await printed(file, '--dataset', path.join(images, 'pictures.idx'));
    expect(unnamed.notes).toBe('');
  });
});
