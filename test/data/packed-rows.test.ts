import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { BooleanRows } from '../../src/data/boolean-rows.js';
import type { Dataset } from '../../src/data/dataset.js';
import { PackedRows, packedBytes } from '../../src/data/packed-rows.js';
import { loadDataset } from '../../src/node/data/load.js';
import { errorOf, npyBytes, rowsOf, temporaryFolder, writeFiles } from './helpers.js';

/** numpy.packbits, written out bit by bit: each row begins with a new byte. */
function packbits(rows: readonly (readonly boolean[])[], order: 'big' | 'little'): Uint8Array {
  return Uint8Array.from(
    rows.flatMap((row) =>
      Array.from({ length: Math.ceil(row.length / 8) }, (_, byte) =>
        row
          .slice(8 * byte, 8 * byte + 8)
          .reduce((sum, bit, i) => sum + (bit ? 2 ** (order === 'big' ? 7 - i : i) : 0), 0),
      ),
    ),
  );
}

const anyBits = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 80 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(fc.boolean(), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

/** Bytes in pieces that end anywhere. */
function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}

describe('bits that come in pieces', () => {
  it('are packed as BitMatrix packs them: one byte each, and packed by numpy in either order', () => {
    fc.assert(
      fc.property(
        anyBits,
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom('big' as const, 'little' as const),
        (rows, size, order) => {
          const expected = BitMatrix.fromSigns(rows.map((row) => row.map((bit) => (bit ? 1 : -1))));
          const columns = rows[0].length;
          const booleans = new BooleanRows(rows.length, columns, 'f');
          for (const piece of pieces(Uint8Array.from(rows.flat(), Number), size)) booleans.push(piece);
          expect(booleans.features).toEqual(expected);
          const packed = new PackedRows(rows.length, columns, order, 'f');
          for (const piece of pieces(packbits(rows, order), size)) packed.push(piece);
          expect(packed.features).toEqual(expected);
        },
      ),
    );
  });

  it('a byte that is no bool is named, wherever the pieces end', async () => {
    const rows = new BooleanRows(3, 5, 'f');
    rows.push(Uint8Array.of(0, 1, 1));
    const error = await errorOf(() => rows.push(Uint8Array.of(0, 0, 1, 7, 9)));
    expect(error.message).toBe(
      'f: row 1, column 1 (counted from 0): byte 7 for a bool, expected 0 or 1. Damaged?',
    );
  });

  it('a row of 9 bits takes 2 bytes', () => {
    expect([1, 8, 9, 16].map(packedBytes)).toEqual([1, 1, 2, 2]);
  });
});

describe('packed arrays', () => {
  const rows = [0, 1, 2, 3].map((r) => Array.from({ length: 12 }, (_, c) => (r * 5 + c) % 3 === 0));
  const labels = npyBytes('|u1', [4], Uint8Array.of(0, 1, 0, 1));

  async function load(
    shapeFile: string,
    features = npyBytes('|u1', [4, 2], packbits(rows, 'big')),
  ): Promise<Dataset> {
    const dataDir = await temporaryFolder();
    await writeFiles(path.join(dataDir, 'own'), {
      'shape.json': shapeFile,
      'train/features.npy': features,
      'train/labels.npy': labels,
      'test/features.npy': features,
      'test/labels.npy': labels,
    });
    return loadDataset('own', { dataDir });
  }

  const image = '{ "kind": "image", "height": 3, "width": 4, "packed": "big" }';

  it('are the same data as bools: same bits, shape and hash', async () => {
    const packed = await load(image);
    const bools = await load(
      image.replace(', "packed": "big"', ''),
      npyBytes('|b1', [4, 12], Uint8Array.from(rows.flat(), Number)),
    );
    expect(packed.train).toEqual(bools.train);
    expect(rowsOf(packed.train.features)).toEqual(rows.map((row) => row.map((bit) => (bit ? 1 : -1))));
    expect([packed.shape, packed.sha256]).toEqual([bools.shape, bools.sha256]);
  });

  it.each<[string, string, Buffer | undefined, string]>([
    [
      'other numbers of bytes',
      image,
      npyBytes('|u1', [4, 3], new Uint8Array(12)),
      'train/features.npy: array of u1 and shape [4, 3], stated to be image 3×4 in packed bits: expected u1 and [n, 2]. Save numpy.packbits(array.reshape(len(array), -1), axis=1)',
    ],
    [
      'bools',
      image,
      npyBytes('|b1', [4, 2], new Uint8Array(8)),
      'array of b1 and shape [4, 2], stated to be image 3×4 in packed bits: expected u1',
    ],
    [
      'the other order',
      image.replace('big', 'little'),
      undefined,
      'row 0 (counted from 0): a bit is set after the last of 12 columns. Another size, or another order of bits than little?',
    ],
    ['another word', image.replace('big', 'yes'), undefined, 'shape.json: shape.packed: '],
  ])('are refused for %s', async (_, shapeFile, features, problem) => {
    const error = await errorOf(() => load(shapeFile, features));
    expect([error.name, error.message]).toEqual(['DataError', expect.stringContaining(problem)]);
  });

  it('are none of tables', async () => {
    const dataDir = await temporaryFolder();
    const table = 'a,label\n1,x\n2,y\n';
    await writeFiles(path.join(dataDir, 'own'), {
      'train.csv': table,
      'test.csv': table,
      'shape.json': '{ "kind": "vector", "size": 1, "packed": "big" }',
    });
    const error = await errorOf(() => loadDataset('own', { dataDir }));
    expect(error.message).toContain('shape.json: packed: expected beside .npy arrays only');
  });
});
