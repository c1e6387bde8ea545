import { BitMatrix } from '../core/bit-matrix.js';
import { DataError } from '../core/errors.js';

/** Which bit of a byte comes first, as numpy.packbits calls it: `big` is the highest, its default. */
export type BitOrder = 'big' | 'little';

/** What each byte is with its bits in reverse. */
const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >>> bit) & 1) << (7 - bit);
  return reversed;
});

/** Bytes that a row of `columns` bits takes in a packed array. */
export function packedBytes(columns: number): number {
  return Math.ceil(columns / 8);
}

/** Takes rows of bits that numpy.packbits has packed (1 = +1), each beginning with a new byte, as they come in. */
export class PackedRows {
  readonly #bits: BitMatrix;
  #row = 0;
  #byte = 0;

  /** @param file - named in errors */
  constructor(
    rows: number,
    columns: number,
    private readonly order: BitOrder,
    private readonly file: string,
  ) {
    this.#bits = new BitMatrix(rows, columns);
  }

  /** Takes in the next bytes. @throws DataError for a bit after the last column that is not 0 */
  push(bytes: Uint8Array): void {
    const { columns, rowWords, words } = this.#bits;
    const rowBytes = packedBytes(columns);
    const unused = columns % 8 === 0 ? 0 : 0xff & (0xff << (columns % 8));
    let [row, inRow] = [this.#row, this.#byte];
    for (const given of bytes) {
      const byte = this.order === 'big' ? REVERSED[given] : given;
      words[row * rowWords + (inRow >>> 2)] |= byte << ((inRow & 3) * 8);
      if (++inRow < rowBytes) continue;
      if ((byte & unused) !== 0) this.#refuse(row);
      inRow = 0;
      row++;
    }
    [this.#row, this.#byte] = [row, inRow];
  }

  /** The rows, once all are there. */
  get features(): BitMatrix {
    return this.#bits;
  }

  #refuse(row: number): never {
    const problem = `a bit is set after the last of ${this.#bits.columns} columns`;
    throw new DataError(
      this.file,
      `row ${row} (counted from 0): ${problem}. Another size, or another order of bits than ${this.order}?`,
    );
  }
}
