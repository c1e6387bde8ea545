import { DataError } from '../core/errors.js';
import type { SourceFile } from './source-file.js';

/** A format that lies under the names of others, told by its first bytes, and what to do about it. */
interface ForeignFormat {
  readonly name: string;
  /** A text, or bytes; texts in any case, after white space. */
  readonly begins: readonly (string | readonly number[])[];
  readonly remedy: string;
}

const FOREIGN: readonly ForeignFormat[] = [
  {
    name: 'a Git LFS pointer, not the data itself',
    begins: ['version https://git-lfs'],
    remedy: 'run `git lfs pull` where it came from',
  },
  {
    name: 'an HTML page, not data',
    begins: ['<!doctype html', '<html', '<head', '<?xml'],
    remedy: 'an error page or a sign-in page was saved in its place; download it again',
  },
  { name: 'JSON', begins: ['{"', '[{', '[['], remedy: 'save it as CSV or its arrays with numpy.save' },
  {
    name: 'a table of KEEL or Weka (ARFF)',
    begins: ['@relation'],
    remedy: 'give it a name in .dat or .arff',
  },
  {
    name: 'a ZIP archive (.npz, .xlsx or .zip)',
    begins: [[0x50, 0x4b, 0x03, 0x04]],
    remedy: 'give an .npz its name, unpack others, and save a workbook as CSV',
  },
  { name: 'gzip data', begins: [[0x1f, 0x8b]], remedy: 'unpack it with gunzip' },
  { name: 'Zstandard data', begins: [[0x28, 0xb5, 0x2f, 0xfd]], remedy: 'unpack it with unzstd' },
  { name: 'a .npy file', begins: [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]], remedy: 'give it a name in .npy' },
  {
    name: 'an HDF5 file',
    begins: [[0x89, 0x48, 0x44, 0x46]],
    remedy: 'save its arrays with numpy.save or as CSV',
  },
  { name: 'a Parquet file', begins: ['PAR1'], remedy: 'save it as CSV or its arrays with numpy.save' },
  { name: 'a MATLAB file', begins: ['MATLAB 5.0'], remedy: 'save its arrays with numpy.save or as CSV' },
  {
    name: 'a Python pickle',
    begins: [2, 3, 4, 5].map((protocol) => [0x80, protocol]),
    remedy: 'save its arrays with numpy.save',
  },
  {
    name: 'a picture',
    begins: [
      [0x89, 0x50, 0x4e, 0x47],
      [0xff, 0xd8, 0xff],
    ],
    remedy: 'save the pixels of all pictures as one array with numpy.save',
  },
];

const LOOKED_AT_BYTES = 256;

/**
 * @param own - the name of the one that is expected
 * @throws DataError when the bytes begin as those of a format that lies under the names of others do: an error page in the place of a
 *   download, a pointer in the place of a large file, an archive
 */
export function refuseForeignFormat({ bytes, file }: SourceFile, expected: string, own?: string): void {
  const found = FOREIGN.find(({ begins }) => begins.some((start) => beginsWith(bytes, start)));
  if (found && found.name !== own)
    throw new DataError(file, `is ${found.name}, expected ${expected}: ${found.remedy}`);
}

function beginsWith(bytes: Uint8Array, start: string | readonly number[]): boolean {
  if (typeof start !== 'string') return start.every((byte, i) => bytes[i] === byte);
  const text = String.fromCharCode(...bytes.subarray(0, LOOKED_AT_BYTES));
  return text
    .replace(/^\u00ef\u00bb\u00bf/, '') // a byte order mark
    .trimStart()
    .toLowerCase()
    .startsWith(start.toLowerCase());
}
