import { DataError } from '../core/errors.js';
import type { SourceFile } from './source-file.js';

/** The longest text that JavaScript engines hold, in UTF-16 units; bytes of UTF-8 make no more units than they are. */
const LONGEST_TEXT = 2 ** 29 - 24;

/** Marks that texts in encodings other than UTF-8 begin with; the longer ones first. */
const BYTE_ORDER_MARKS: readonly (readonly [encoding: string, ...mark: number[]])[] = [
  ['UTF-32LE', 0xff, 0xfe, 0x00, 0x00],
  ['UTF-32BE', 0x00, 0x00, 0xfe, 0xff],
  ['UTF-16LE', 0xff, 0xfe],
  ['UTF-16BE', 0xfe, 0xff],
];

/**
 * The text of a UTF-8 file, a byte order mark left out, every line end (CR LF, CR or LF, mixed or not) as LF.
 * @throws DataError for bytes that are no UTF-8, naming the line and the encoding that they seem to be in; for a text that was
 *   damaged in a conversion (U+FFFD), or is longer than 512 MiB
 */
export function decodeText({ bytes, file }: SourceFile): string {
  if (bytes.length > LONGEST_TEXT) throw new DataError(file, 'is longer than 512 MiB; store it as .npy');
  const marked = BYTE_ORDER_MARKS.find(([, ...mark]) => mark.every((byte, i) => bytes[i] === byte));
  if (marked) throw new DataError(file, `is ${marked[0]}, not UTF-8: ${remedy(marked[0])}`);
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw new DataError(file, nulProblem(bytes, nul));
  const text = decodeStrictly(bytes);
  if (text === undefined) throw new DataError(file, notUtf8(bytes));
  const replaced = text.indexOf('\ufffd');
  if (replaced >= 0) {
    const line = text.slice(0, replaced).split(/\r\n?|\n/).length;
    const cause = 'letters were lost when it was converted to UTF-8. Convert the original again';
    throw new DataError(file, `line ${line}: the replacement character U+FFFD: ${cause}`);
  }
  return text.replace(/\r\n?/g, '\n');
}

/** Undefined where the bytes are no UTF-8. @param stream - whether the last letter may lack its end */
function decodeStrictly(bytes: Uint8Array, stream = false): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
  } catch {
    return undefined;
  }
}

function nulProblem(bytes: Uint8Array, first: number): string {
  // In UTF-16, every other byte of plain letters is 0.
  const isEveryOther = bytes[first + 2] === 0 || bytes[first - 2] === 0;
  if (!isEveryOther)
    return `byte ${first} (counted from 0) is 0, which no text holds: damaged, or no text at all`;
  const encoding = first % 2 === 1 ? 'UTF-16LE' : 'UTF-16BE';
  return `seems to be ${encoding}, not UTF-8: ${remedy(encoding)}`;
}

function notUtf8(bytes: Uint8Array): string {
  const offset = firstWrongByte(bytes);
  const line = lineAt(bytes, offset);
  if (endsInsideLetter(bytes, offset)) return `line ${line}: the file ends inside a letter. Truncated?`;
  const [byte, next = 0] = bytes.subarray(offset);
  const place = `line ${line}: byte 0x${byte.toString(16)} is not UTF-8`;
  if (next >= 0x80) {
    const guesses = 'Windows-1251, Windows-1252, GB 18030, Shift JIS or EUC';
    return `${place}; the file may be ${guesses}: ${remedy('ENCODING')}`;
  }
  // From 0xa0 on the two encodings are the same, and the same as Unicode; below, Latin-1 has no letters.
  const guess =
    byte < 0xa0
      ? 'the file may be Windows-1252'
      : `in Latin-1 (ISO 8859-1) or Windows-1252 it is "${String.fromCharCode(byte)}"`;
  return `${place}; ${guess}: ${remedy('WINDOWS-1252')}`;
}

/** Whether UTF-8 was cut off; one byte at the end of plain letters may as well be a letter of Latin-1. */
function endsInsideLetter(bytes: Uint8Array, offset: number): boolean {
  const isUtf8 = offset + 1 < bytes.length || bytes.subarray(0, offset).some((byte) => byte >= 0x80);
  return isUtf8 && decodeStrictly(bytes, true) !== undefined;
}

/** Where the first letter that is none begins: the bytes before it are UTF-8, with one more they are not. */
function firstWrongByte(bytes: Uint8Array): number {
  let [sound, broken] = [0, bytes.length];
  while (broken - sound > 1) {
    const middle = (sound + broken) >>> 1;
    if (decodeStrictly(bytes.subarray(0, middle), true) === undefined) broken = middle;
    else sound = middle;
  }
  // Back over the bytes of the letter that the wrong one does not continue.
  let start = sound;
  while (start > 0 && decodeStrictly(bytes.subarray(0, start)) === undefined) start--;
  return start;
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i++) {
    if (bytes[i] === 0x0a || (bytes[i] === 0x0d && bytes[i + 1] !== 0x0a)) line++;
  }
  return line;
}

function remedy(encoding: string): string {
  return `save it as UTF-8, for example with \`iconv -f ${encoding} -t UTF-8\``;
}
