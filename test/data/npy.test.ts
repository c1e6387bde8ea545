import { join } from 'node:path';
import fc from 'fast-check';
import { dump } from 'npyjs';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { DataError } from '../../src/core/errors.js';
import type { Dataset } from '../../src/data/dataset.js';
import { loadOwnDataset } from '../../src/node/data/own-dataset.js';
import { bytesOf, errorOf, npyBytes, rowsOf, temporaryFolder, writeFiles } from './helpers.js';

const features = npyBytes('<f4', [2, 3], bytesOf(Float32Array.of(1, 2, 3, -4, 5.5, 6)));
const labels = npyBytes('<i8', [2], bytesOf(BigInt64Array.of(0n, 1n)));
const sound: Record<string, Uint8Array> = {
  'train/features.npy': features,
  'train/labels.npy': labels,
  'test/features.npy': npyBytes('<f4', [1, 3], bytesOf(Float32Array.of(7, 8, 9))),
  'test/labels.npy': npyBytes('|u1', [1], Uint8Array.of(1)),
};

async function load(
  changes: Record<string, Uint8Array> = {},
): Promise<{ folder: string; dataset: Promise<Dataset> }> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { ...sound, ...changes });
  return { folder, dataset: loadOwnDataset('own', { folder, format: 'npy' }) };
}

describe('a data set of NumPy arrays', () => {
  it('reads float32 features and int64 labels', async () => {
    const { folder, dataset: loading } = await load();
    const dataset = await loading;
    expect(dataset.name).toBe('own');
    expect(dataset.classes).toEqual(['0', '1']);
    expect(dataset.shape).toEqual({ kind: 'vector', size: 3 });
    expect(rowsOf(dataset.train.features)).toEqual([
      [1, 2, 3],
      [-4, 5.5, 6],
    ]);
    expect(dataset.train.labels).toEqual(Int32Array.of(0, 1));
    expect(rowsOf(dataset.test.features)).toEqual([[7, 8, 9]]);
    expect(dataset.validation).toBeUndefined();
    expect(dataset.files).toEqual(Object.keys(sound).map((name) => join(folder, name)));
  });

  it('reads a validation folder where there is one', async () => {
    const { dataset } = await load({
      'validation/features.npy': sound['test/features.npy'],
      'validation/labels.npy': sound['test/labels.npy'],
    });
    const { validation } = await dataset;
    expect(validation && rowsOf(validation.features)).toEqual([[7, 8, 9]]);
  });

  it.each<[string, ArrayBufferView]>([
    ['<f8', Float64Array.of(1, 2, 3, 4, 5, 6)],
    ['|i1', Int8Array.of(1, 2, 3, 4, 5, 6)],
    ['<u2', Uint16Array.of(1, 2, 3, 4, 5, 6)],
    ['<i2', Int16Array.of(1, 2, 3, 4, 5, 6)],
    ['<u4', Uint32Array.of(1, 2, 3, 4, 5, 6)],
    ['<i4', Int32Array.of(1, 2, 3, 4, 5, 6)],
    ['<u8', BigUint64Array.of(1n, 2n, 3n, 4n, 5n, 6n)],
    ['<i8', BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n)],
    ['<f2', Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600)],
  ])('turns %s features into float32', async (descr, values) => {
    const { dataset } = await load({ 'train/features.npy': npyBytes(descr, [2, 3], bytesOf(values)) });
    const { train } = await dataset;
    expect(train.features).toMatchObject({ values: Float32Array.of(1, 2, 3, 4, 5, 6) });
  });

  it('keeps uint8 features as bytes', async () => {
    const { dataset } = await load({
      'train/features.npy': npyBytes('|u1', [2, 3], Uint8Array.of(1, 2, 3, 4, 5, 255)),
    });
    expect((await dataset).train.features).toMatchObject({ values: Uint8Array.of(1, 2, 3, 4, 5, 255) });
  });

  it('packs bool features: they are binary already', async () => {
    const wide = Uint8Array.from({ length: 70 }, (_, i) => Number(i % 3 === 0));
    const { dataset } = await load({
      'train/features.npy': npyBytes('|b1', [2, 35], wide),
      'test/features.npy': npyBytes('|b1', [1, 35], wide.subarray(0, 35)),
    });
    const { train } = await dataset;
    expect(train.features).toBeInstanceOf(BitMatrix);
    expect(rowsOf(train.features).flat()).toEqual(Array.from(wide, (bit) => (bit ? 1 : -1)));
    expect((train.features as BitMatrix).words[1]).toBe(0b010); // columns 32 … 34; column 33 is true
  });

  it('reads what npyjs itself writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 9 }),
        async (column) => {
          const values = Float32Array.from(column);
          const { dataset } = await load({
            'train/features.npy': new Uint8Array(dump(values, [values.length, 1])),
            'train/labels.npy': new Uint8Array(
              dump(
                Int32Array.from(values, (_, i) => i % 2),
                [values.length],
              ),
            ),
            'test/features.npy': new Uint8Array(dump(values, [values.length, 1])),
            'test/labels.npy': new Uint8Array(dump(new Int32Array(values.length), [values.length])),
          });
          expect((await dataset).train.features).toMatchObject({ values });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('never reads a file of which any bytes are missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: features.length - 1 }), async (length) => {
        const { dataset } = await load({ 'train/features.npy': features.subarray(0, length) });
        await expect(dataset).rejects.toThrow(DataError);
      }),
      { numRuns: 40 },
    );
  });

  const six = bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6));
  it.each<[string, string, Uint8Array, string]>([
    [
      'Fortran order',
      'train/features.npy',
      npyBytes('<f4', [2, 3], six, true),
      'is in Fortran order; save numpy.ascontiguousarray(array) instead',
    ],
    [
      'big-endian elements',
      'train/features.npy',
      npyBytes('>f4', [2, 3], six),
      'is big-endian (>f4): save it little-endian, as array.astype("<f4")',
    ],
    [
      'texts',
      'train/features.npy',
      npyBytes('<U1', [2, 3], bytesOf(Uint32Array.of(97, 98, 99, 100, 101, 102))),
      'element type U1 (texts), expected one of float32, float64, float16, uint8, int8, uint16',
    ],
    [
      'complex numbers',
      'train/features.npy',
      npyBytes('<c8', [1, 3], six),
      'element type c8 (complex numbers), expected one of float32',
    ],
    [
      'float labels',
      'train/labels.npy',
      npyBytes('<f4', [2], bytesOf(Float32Array.of(0, 1))),
      'element type f4 (float32), expected one of uint8, int8, uint16, int16, uint32, int32, uint64, int64',
    ],
    [
      'labels as a column',
      'train/labels.npy',
      npyBytes('|u1', [2, 1], Uint8Array.of(0, 1)),
      'array of shape [2, 1], expected [n]: one class number per sample. Save labels.ravel()',
    ],
    [
      'no samples',
      'train/features.npy',
      npyBytes('<f4', [0, 3], new Uint8Array(0)),
      'holds no samples: shape [0, 3]',
    ],
    [
      'a missing element',
      'train/features.npy',
      features.subarray(0, -4),
      'shape [2, 3] of float32 needs 24 bytes, 20 follow: truncated',
    ],
    [
      'a missing byte',
      'train/features.npy',
      features.subarray(0, -1),
      'shape [2, 3] of float32 needs 24 bytes, 23 follow: truncated',
    ],
    [
      'an element too many',
      'train/features.npy',
      Buffer.concat([features, Buffer.alloc(4)]),
      'shape [2, 3] of float32 needs 24 bytes, 28 follow: trailing bytes',
    ],
    [
      'another format',
      'train/features.npy',
      Buffer.from('a,b\n1,2\n'),
      'is no .npy file: it does not begin with \\x93NUMPY',
    ],
    ['an empty file', 'train/labels.npy', Buffer.alloc(0), 'is empty'],
    [
      'a negative label',
      'train/labels.npy',
      npyBytes('|i1', [2], bytesOf(Int8Array.of(-1, 1))),
      'position 0 (counted from 0): label -1, expected a class number in [0, 65535]',
    ],
    [
      'a label that would wrap to 1 in 32 bits',
      'train/labels.npy',
      npyBytes('<i8', [2], bytesOf(BigInt64Array.of(0n, 2n ** 32n + 1n))),
      'position 1 (counted from 0): label 4294967297, expected a class number in [0, 65535]',
    ],
    [
      'a test label that training never showed',
      'test/labels.npy',
      npyBytes('|u1', [1], Uint8Array.of(2)),
      'position 0 (counted from 0): label 2 is none of the 2 training classes',
    ],
    [
      'a float64 too large for float32',
      'test/features.npy',
      npyBytes('<f8', [1, 3], bytesOf(Float64Array.of(0, 1e300, 0))),
      'Infinity at row 0, column 1 (counted from 0): expected a finite number that fits float32',
    ],
    [
      'one label for two samples',
      'train/labels.npy',
      npyBytes('|u1', [3], Uint8Array.of(0, 1, 0)),
      '3 labels for the 2 samples of FOLDER/train/features.npy',
    ],
  ])('refuses %s', async (_, name, bytes, problem) => {
    const { folder, dataset } = await load({ [name]: bytes });
    const error = await errorOf(() => dataset);
    expect(error.name).toBe('DataError');
    expect(error.message).toContain(`${join(folder, name)}: ${problem.replace('FOLDER', folder)}`);
  });

  it('names a file that is missing', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'train/features.npy': features });
    const error = await errorOf(() => loadOwnDataset('own', { folder, format: 'npy' }));
    expect(error.message).toBe(`${join(folder, 'train', 'labels.npy')}: is missing`);
  });
});
