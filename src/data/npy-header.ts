import { DataError } from '../core/errors.js';
import { refuseForeignFormat } from './foreign-format.js';

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** Element type in NumPy's short form, without the byte order: `f4`, `b1`. */
  readonly type: string;
  readonly isBigEndian: boolean;
  /** Whether the first dimension varies fastest. */
  readonly fortranOrder: boolean;
  /** Sizes, outermost first. */
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly headerBytes: number;
}

/** The most that a header takes in practice: what to read of a file to be sure of it. */
export const MOST_HEADER_BYTES: number = 2 ** 16 + 10;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const QUOTED = '["\']';

/**
 * Reads the header of a .npy file: magic number, version, length, and a Python dictionary of `descr`, `fortran_order` and `shape`. Shapes
 * of Python 2, `(60L, 7L)`, are read.
 * @param start - the beginning of the file; its first `MOST_HEADER_BYTES` will do
 * @throws DataError when it is no .npy file, naming what it is where that can be told, or its header is damaged
 */
export function parseNpyHeader(start: Uint8Array, file: string): NpyHeader {
  if (!MAGIC.every((byte, i) => start[i] === byte)) {
    refuseForeignFormat({ bytes: start, file }, 'a .npy file');
    throw new DataError(file, 'is no .npy file: it does not begin with \\x93NUMPY');
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const prefixBytes = start[6] === 1 ? 10 : 12;
  if (start.length < prefixBytes) throw new DataError(file, 'ends inside its header: truncated');
  const headerBytes = prefixBytes + (start[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start.length < headerBytes) throw new DataError(file, 'ends inside its header: truncated');
  const text = new TextDecoder().decode(start.subarray(prefixBytes, headerBytes));
  return { ...parseDescription(text, file), headerBytes };
}

function parseDescription(text: string, file: string): Omit<NpyHeader, 'headerBytes'> {
  const captured = (key: string, value: string): string | undefined =>
    new RegExp(`${QUOTED}${key}${QUOTED}\\s*:\\s*${value}`).exec(text)?.[1];
  if (captured('descr', '(\\[)')) {
    const remedy = 'save its columns as one array of numbers, or as CSV';
    throw new DataError(file, `is a structured array (a table of named columns): ${remedy}`);
  }
  const descr = captured('descr', `${QUOTED}([^"']*)${QUOTED}`);
  const order = captured('fortran_order', '(True|False)');
  const sizes = captured('shape', '\\(([^)]*)\\)')
    ?.split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '');
  if (descr === undefined || order === undefined || !sizes?.every((size) => /^\d+[lL]?$/.test(size))) {
    throw new DataError(file, `has a header that cannot be read: ${JSON.stringify(text.trim())}`);
  }
  return {
    type: descr.replace(/^[<>|=]/, ''),
    isBigEndian: descr.startsWith('>'),
    fortranOrder: order === 'True',
    shape: sizes.map((size) => Number(size.replace(/[lL]$/, ''))),
  };
}
