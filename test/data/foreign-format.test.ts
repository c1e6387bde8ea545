import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseCsvTable } from '../../src/data/csv-table.js';
import { parseIdx } from '../../src/data/idx.js';
import { parseNpyHeader } from '../../src/data/npy-header.js';
import { npyBytes } from './helpers.js';

const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
const FOREIGN: readonly [name: string, Uint8Array, told: string][] = [
  ['a Git LFS pointer', Buffer.from(POINTER), 'is a Git LFS pointer, not the data itself'],
  ['an HTML page', Buffer.from('<!DOCTYPE html><html><body>404</body></html>'), 'is an HTML page, not data'],
  ['an HTML page after blanks', Buffer.from('\ufeff\r\n  <HTML lang="en">'), 'is an HTML page, not data'],
  ['an XML answer of a store', Buffer.from('<?xml version="1.0"?><Error>'), 'is an HTML page, not data'],
  [
    'an .npz archive',
    Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1'),
    'is a ZIP archive (.npz, .xlsx or .zip)',
  ],
  ['gzip data', gzipSync('x'), 'is gzip data'],
  ['HDF5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), 'is an HDF5 file'],
  ['Parquet', Buffer.from('PAR1....'), 'is a Parquet file'],
  ['a MATLAB file', Buffer.from('MATLAB 5.0 MAT-file'), 'is a MATLAB file'],
  ['a pickle', Buffer.from('\x80\x04\x95abc', 'latin1'), 'is a Python pickle'],
  ['JSON', Buffer.from('[{"x": 1, "label": "cat"}]'), 'is JSON'],
  ['JSON lines', Buffer.from('{"x": 1}\n{"x": 2}\n'), 'is JSON'],
  ['ARFF', Buffer.from('@RELATION iris\n@DATA\n'), 'is a table of KEEL or Weka (ARFF)'],
  ['a PNG picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'is a picture'],
];

describe('a file that is something else than its name says is named:', () => {
  it.each(FOREIGN)('%s', (_, bytes, told) => {
    const source = { file: 'f', bytes };
    expect(() => parseNpyHeader(bytes, 'f')).toThrow(`f: ${told}, expected a .npy file: `);
    expect(() => parseCsvTable(source)).toThrow(`f: ${told}, expected comma-separated text: `);
    expect(() => parseIdx(source, 3)).toThrow(`f: ${told}, expected an IDX file: `);
  });

  it('.npy under the name of CSV', () => {
    const bytes = npyBytes('<f4', [1, 1], new Uint8Array(4));
    expect(() => parseCsvTable({ file: 'f', bytes })).toThrow(
      'f: is a .npy file, expected comma-separated text',
    );
  });

  it('but not a table whose first column looks like a mark', () => {
    expect(parseCsvTable({ file: 'f', bytes: Buffer.from('version,label\n1,2\n') }).header).toHaveLength(2);
  });
});
