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
    let [row, column, seen] = [this.#row, this.#column, 0];
    for (let i = 0; i < bytes.length; ) {
      const end = i + Math.min(bytes.length - i, columns - column, 32 - (column & 31));
      const word = row * rowWords + (column >>> 5);
      let packed = words[word];
      for (; i < end; i++, column++) {
        seen |= bytes[i];
        packed |= bytes[i] << (column & 31);
      }
      words[word] = packed;
      if (column < columns) continue;
      column = 0;
      row++;
    }
    if (seen > 1) this.#refuse(bytes);
    [this.#row, this.#column] = [row, column];
  }

  /** The rows, once all are there. */
  get features(): BitMatrix {
    return this.#bits;
  }

  #refuse(bytes: Uint8Array): never {
    const at = bytes.findIndex((byte) => byte > 1);
    const { columns } = this.#bits;
    const position = this.#row * columns + this.#column + at;
    const place = `row ${Math.floor(position / columns)}, column ${position % columns} (counted from 0)`;
    throw new DataError(this.file, `${place}: byte ${bytes[at]} for a bool, expected 0 or 1. Damaged?`);
  }
}
