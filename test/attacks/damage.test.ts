import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { XnorlabError } from '../../src/core/errors.js';
import { npzDataset } from '../../src/data/npz.js';
import { crc32 } from '../../src/data/zip-checksums.js';
import { decodeModel } from '../../src/models/model-bytes.js';
import { gunzip } from '../../src/node/data/file-access.js';

const corpus = (file: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(__dirname, '../fuzz/corpus', file)));

/** What reading gives with each byte damaged in turn; undefined where that is refused with an error of ours. */
function withEachByteDamaged<Result>(
  bytes: Uint8Array,
  read: (bytes: Uint8Array) => Result,
): (Result | undefined)[] {
  return Array.from(bytes, (byte, at) => {
    const damaged = bytes.slice();
    damaged[at] = byte ^ (1 << (at % 8));
    try {
      return read(damaged);
    } catch (error) {
      if (error instanceof XnorlabError) return undefined;
      throw error;
    }
  });
}

describe('a damaged byte of what carries a checksum', () => {
  it.each(['stored', 'keras', 'images'])(
    'is found in an archive of NumPy, or makes no difference: %s',
    (name) => {
      const read = (bytes: Uint8Array): string => npzDataset('x', { file: 'x.npz', bytes }).sha256;
      const bytes = corpus(`npz/${name}`);
      const right = read(bytes);
      const found = withEachByteDamaged(bytes, read);
      expect(found.filter((hash) => hash !== undefined && hash !== right)).toEqual([]);
      expect(found).toContain(undefined);
    },
  );

  it('is named by the array that it is in', () => {
    const bytes = corpus('npz/stored');
    bytes[170] ^= 4;
    expect(() => npzDataset('x', { file: 'x.npz', bytes })).toThrow(
      'x.npz: features: is damaged: its CRC-32 is not the one that was written with it',
    );
  });

  it('is found in gzip data, or makes no difference', () => {
    const bytes = corpus('gzip/text');
    const right = gunzipSync(bytes).toString();
    const found = withEachByteDamaged(bytes, (damaged) => gunzip(damaged, 'x.gz').toString());
    expect(found.filter((text) => text !== undefined && text !== right)).toEqual([]);
    expect(found.filter((text) => text === undefined).length).toBeGreaterThan(bytes.length / 2);
  });

  it('is found wherever it is in a model file', () => {
    const bytes = corpus('model/bep');
    expect(decodeModel(bytes, 'x').classes).toEqual(['0', '1', '2']);
    const found = withEachByteDamaged(bytes, (damaged) => decodeModel(damaged, 'x').classes);
    expect(found.every((classes) => classes === undefined)).toBe(true);
  });
});

describe('crc32', () => {
  it('is that of the standard', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});
