import { BitMatrix } from '../core/bit-matrix.js';
import { DataError } from '../core/errors.js';

/** Packs booleans of one byte each into rows of ±1 (true = +1) as they come in, so that they need not be in memory all at once. */
export class BooleanRows {
  readonly #bits: BitMatrix;
  #row = 0;
  #column = 0;

  /** @param file - named in errors */
  constructor(
    rows: number,
    columns: number,
    private readonly file: string,
  ) {
    this.#bits = new BitMatrix(rows, columns);
  }

  /** Takes in the next bytes, 0 or 1 each. @throws DataError for another byte */
  push(bytes: Uint8Array): void {
    const { columns, rowWords, words } = this.#bits;
    let [row, column] = [this.#row, this.#column];
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte > 1) this.#refuse(byte, row, column);
      if (byte === 1) words[row * rowWords + (column >>> 5)] |= 1 << (column & 31);
      if (++column < columns) continue;
      column = 0;
      row++;
    }
    [this.#row, this.#column] = [row, column];
  }

  /** The rows, once all are there. */
  get bits(): BitMatrix {
    return this.#bits;
  }

  #refuse(byte: number, row: number, column: number): never {
    const place = `row ${row}, column ${column} (counted from 0)`;
    throw new DataError(this.file, `${place}: byte ${byte} for a bool, expected 0 or 1. Damaged?`);
  }
}
