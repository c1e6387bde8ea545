import Papa from 'papaparse';
import { ByteTexts } from './byte-texts.js';
import { checkHeader } from './csv-header.js';
import { FeatureMatrix } from './dataset.js';
import { DecimalReader } from './decimal-reader.js';
import type { SourceFile } from './source-file.js';

/** A table of numbers, and of one text a row where it has labels. */
export interface PlainTable {
  readonly header: readonly string[];
  /** All columns but the label, in file order. */
  readonly features: FeatureMatrix;
  /** White space at both ends left out; absent where no column has the label's name. */
  readonly labels?: readonly string[];
  /** The line of each row, counted from 1 with the header. */
  readonly lines: readonly number[];
}

const [TAB, LF, CR, SPACE, QUOTE, COMMA] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c];

/** Longer texts are left to the reader that says so. */
const LONGEST_BYTES = 2 ** 29 - 24;

/**
 * Reads a table of plain numbers from its bytes: no text is made but of the header and of different labels. What it reads is what the
 * general reader (`parseCsvTable`, `parseFloat32`) reads of the same bytes; of anything that is not plain (line breaks or quotes in
 * quotes, other white space than spaces and tabs), and of anything wrong, it makes nothing and leaves it to that.
 * @param labelColumn - name of the column that is text, if there is one
 */
export function parsePlainTable({ bytes, file }: SourceFile, labelColumn: string): PlainTable | undefined {
  if (bytes.length > LONGEST_BYTES) return undefined;
  const reader = new PlainReader(bytes);
  const header = reader.header(file);
  if (!header) return undefined;
  const labelIndex = header.indexOf(labelColumn);
  const columns = header.length - (labelIndex < 0 ? 0 : 1);
  if (columns === 0) return undefined;
  let values: Float32Array = new Float32Array(0);
  const lines: number[] = [];
  const labels: string[] = [];
  while (reader.nextRow()) {
    const next = lines.length * columns;
    if (next + columns > values.length) values = grown(values, next, roomFor(reader, lines.length, columns));
    lines.push(reader.line);
    if (!reader.row(header.length, labelIndex, values, next, labels)) return undefined;
  }
  const rows = lines.length;
  if (rows === 0) return undefined;
  return {
    header,
    features: new FeatureMatrix(rows, columns, values.subarray(0, rows * columns)),
    ...(labelIndex >= 0 && { labels }),
    lines,
  };
}

/** Rows are taken to be as long as those before; room that is not used takes no memory. */
const [FIRST_ROWS, SLACK] = [64, 1.2];

function roomFor({ progress }: PlainReader, rows: number, columns: number): number {
  const expected = rows < FIRST_ROWS ? FIRST_ROWS : Math.ceil((SLACK * rows) / progress) + FIRST_ROWS;
  return expected * columns;
}

function grown(values: Float32Array, used: number, length: number): Float32Array {
  const longer = new Float32Array(length);
  longer.set(values.subarray(0, used));
  return longer;
}

/** Goes through the bytes of a table once. */
class PlainReader {
  /** The line that it is on, counted from 1. */
  line = 1;
  readonly #decimals: DecimalReader;
  readonly #texts: ByteTexts;
  #at: number;

  constructor(private readonly bytes: Uint8Array) {
    this.#decimals = new DecimalReader(bytes);
    this.#texts = new ByteTexts(bytes);
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.#at = hasMark ? 3 : 0;
  }

  /** The share of the bytes that it has gone through. */
  get progress(): number {
    return this.#at / this.bytes.length;
  }

  /** The names in the first line that is not blank; undefined for a header that is not plain, or wrong. */
  header(file: string): string[] | undefined {
    if (!this.nextRow()) return undefined;
    const start = this.#at;
    while (!isLineEnd(this.#byte())) this.#at++;
    const text = this.#texts.decode(start, this.#at);
    if (text === undefined || !this.#endLine()) return undefined;
    const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', newline: '\n' });
    if (errors.length > 0 || data.length !== 1) return undefined;
    const names = data[0].map((name) => name.trim());
    try {
      checkHeader(names, file);
    } catch {
      return undefined; // said by the general reader, which may first have others to say
    }
    return names;
  }

  /** Goes over blank lines to the next row; false where there is none. */
  nextRow(): boolean {
    while (this.#at < this.bytes.length) {
      const start = this.#at;
      this.#skipBlanks();
      if (!isLineEnd(this.#byte())) {
        this.#at = start;
        return true;
      }
      this.#endLine();
    }
    return false;
  }

  /**
   * Reads a row of `fields` fields to the end of its line.
   * @param labelIndex - which of them is text, or −1
   * @param values - the others are written to values[next …)
   * @param labels - the text is added here
   * @returns false where it is not plain, or wrong
   */
  row(fields: number, labelIndex: number, values: Float32Array, next: number, labels: string[]): boolean {
    for (let field = 0; field < fields; field++) {
      if (field > 0) {
        if (this.#byte() !== COMMA) return false;
        this.#at++;
      }
      if (field === labelIndex) {
        const text = this.#label();
        if (text === undefined) return false;
        labels.push(text);
      } else {
        if (!this.#number(values, next)) return false;
        next++;
      }
    }
    return this.#endLine();
  }

  #number(values: Float32Array, index: number): boolean {
    const isQuoted = this.#byte() === QUOTE;
    if (isQuoted) this.#at++;
    this.#skipBlanks();
    if (!this.#decimals.read(this.#at, values, index)) return false;
    this.#at = this.#decimals.end;
    this.#skipBlanks();
    return !isQuoted || this.bytes[this.#at++] === QUOTE;
  }

  #label(): string | undefined {
    const isQuoted = this.#byte() === QUOTE;
    if (isQuoted) this.#at++;
    const start = this.#at;
    for (let byte = this.#byte(); byte !== QUOTE && !isLineEnd(byte); byte = this.#byte()) {
      if (byte === COMMA && !isQuoted) break;
      this.#at++;
    }
    const end = this.#at;
    if ((this.#byte() === QUOTE) !== isQuoted) return undefined;
    if (isQuoted) this.#at++;
    return this.#texts.text(start, end)?.trim();
  }

  /** The byte here; a line end after the last. */
  #byte(): number {
    return this.#at < this.bytes.length ? this.bytes[this.#at] : LF;
  }

  #skipBlanks(): void {
    for (let byte = this.#byte(); byte === SPACE || byte === TAB; byte = this.#byte()) this.#at++;
  }

  /** Goes over a line end; false where there is none. */
  #endLine(): boolean {
    const byte = this.#byte();
    if (!isLineEnd(byte)) return false;
    this.#at++;
    if (byte === CR && this.#at < this.bytes.length && this.bytes[this.#at] === LF) this.#at++;
    this.line++;
    return true;
  }
}

function isLineEnd(byte: number): boolean {
  return byte === LF || byte === CR;
}
