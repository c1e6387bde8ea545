import { DataError } from '../core/errors.js';
import { refuseForeignFormat } from './foreign-format.js';
import type { SourceFile } from './source-file.js';

/** An IDX array of unsigned bytes, the format of the MNIST family. */
export interface IdxArray {
  /** Where it was read from. */
  readonly file: string;
  /** Sizes, outermost first: [samples] or [samples, height, width]. All at least 1. */
  readonly dimensions: readonly number[];
  /** As many bytes as the product of `dimensions`, last dimension fastest; a view on the file's bytes. */
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;
const ELEMENT_TYPES: Readonly<Record<number, string>> = {
  8: 'unsigned byte',
  9: 'signed byte',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};
const CONTENTS_BY_RANK: Readonly<Record<number, string>> = { 1: 'labels', 3: 'images' };

/**
 * Reads the bytes of an IDX file: two zero bytes, the element type, the number of dimensions, their sizes
 * (big-endian uint32), then the elements.
 * @param rank - how many dimensions it must have: 1 for labels, 3 for images
 * @throws DataError for any damage, another format, element type or rank
 */
export function parseIdx(source: SourceFile, rank: number): IdxArray {
  const { bytes, file } = source;
  checkMagic(source, rank);
  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) throw new DataError(file, `ends inside its header of ${headerBytes} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  checkPayload(dimensions, bytes.length - headerBytes, file);
  return { file, dimensions, values: bytes.subarray(headerBytes) };
}

function checkMagic(source: SourceFile, rank: number): void {
  const { bytes, file } = source;
  if (bytes.length < 4) throw new DataError(file, `is too short for an IDX file: ${bytes.length} bytes`);
  refuseForeignFormat(source, 'an IDX file');
  const [zero, alsoZero, type, foundRank] = bytes;
  if (zero !== 0 || alsoZero !== 0) {
    const magic = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
    throw new DataError(file, `wrong magic number 0x${magic}: an IDX file starts with 0x0000`);
  }
  if (type !== UNSIGNED_BYTE) {
    const found = `0x${type.toString(16).padStart(2, '0')} (${ELEMENT_TYPES[type] ?? 'unknown'})`;
    throw new DataError(file, `element type ${found}: expected 0x08 (unsigned byte)`);
  }
  if (foundRank !== rank) {
    const swapped = foundRank in CONTENTS_BY_RANK ? ': are the label and the image file swapped?' : '';
    throw new DataError(file, `holds ${contents(foundRank)}, expected ${contents(rank)}${swapped}`);
  }
}

function contents(rank: number): string {
  const dimensions = `${rank} ${rank === 1 ? 'dimension' : 'dimensions'}`;
  return rank in CONTENTS_BY_RANK ? `${CONTENTS_BY_RANK[rank]} (${dimensions})` : dimensions;
}

function checkPayload(dimensions: readonly number[], payloadBytes: number, file: string): void {
  const sizes = dimensions.join(' × ');
  if (dimensions.includes(0)) throw new DataError(file, `holds no samples: its dimensions are ${sizes}`);
  const expected = dimensions.reduce((product, size) => product * size, 1);
  if (payloadBytes === expected) return;
  const surplus = payloadBytes - expected;
  const verdict = surplus > 0 ? `${surplus} trailing bytes` : `truncated, ${-surplus} bytes are missing`;
  const promise = dimensions.length > 1 ? `${sizes} = ${expected}` : sizes;
  throw new DataError(file, `its header promises ${promise} bytes, ${payloadBytes} follow: ${verdict}`);
}
