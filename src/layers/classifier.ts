import { BitMatrix } from '../core/bit-matrix.js';
import type { RandomStream } from '../core/random.js';
import { zerosOf } from '../core/ternary-matrix.js';
import type { Kernels } from '../kernels/kernels.js';
import type { HiddenWeights } from './hidden-weights.js';

/**
 * Row vectors ρ of a local classifier, [classes, neurons], independent fair ±1.
 */
export function randomClassifier(classes: number, neurons: number, stream: RandomStream): BitMatrix {
  return stream.signs(classes, neurons);
}

/**
 * A classifier of one logit for two classes, as two rows: ρ and −ρ. The logits are then (y, −y), so class 0
 * wins for y ≥ 0: sign(0) = +1.
 */
export function antipodalClassifier(row: BitMatrix): BitMatrix {
  const signs = row.signs(0);
  return BitMatrix.fromSigns([signs, signs.map((sign) => -sign)]);
}

/** Makes the second of two rows the opposite of the first, zeros included. Those without zeros are opposite in their signs as drawn. */
export function makeOpposite(kernels: Kernels, { hidden, visible }: HiddenWeights): void {
  if (!zerosOf(visible)) return;
  const { columns, values } = hidden;
  for (let k = 0; k < columns; k++) values[columns + k] = -values[k];
  kernels.packSigns(hidden, visible);
}

/** Weight α of the variance in the objective of an equiangular frame. */
const VARIANCE_WEIGHT = 1;

/**
 * A binary equiangular frame ([BEP] app. C): rows that point apart from each other as evenly as ±1 entries
 * allow. Starting from random rows, single entries are flipped, in random order, as long as a flip lowers
 *
 *     Σ_{i<j} ⟨ρ_i, ρ_j⟩ + α · Var_{i<j} ⟨ρ_i, ρ_j⟩,    α = 1.
 *
 * @returns [classes, neurons]; no single flip lowers the objective any further
 */
export function equiangularClassifier(classes: number, neurons: number, stream: RandomStream): BitMatrix {
  const frame = new Frame(stream.signs(classes, neurons));
  for (let improved = true; improved; ) {
    improved = false;
    for (const entry of stream.permutation(classes * neurons)) {
      const flipped = frame.flipIfBetter(Math.floor(entry / neurons), entry % neurons);
      improved ||= flipped;
    }
  }
  return frame.toBitMatrix();
}

/** Rows with their inner products, kept up to date flip by flip. */
class Frame {
  readonly #rows: Int8Array[];
  /** products[i][j] = ⟨ρ_i, ρ_j⟩ for i ≠ j. */
  readonly #products: Int32Array[];
  readonly #pairs: number;
  #sum = 0;
  #sumOfSquares = 0;

  constructor(start: BitMatrix) {
    this.#rows = Array.from({ length: start.rows }, (_, row) => start.signs(row));
    this.#products = this.#rows.map((a) => Int32Array.from(this.#rows, (b) => innerProduct(a, b)));
    this.#pairs = (start.rows * (start.rows - 1)) / 2;
    for (let i = 0; i < start.rows; i++) {
      for (let j = 0; j < i; j++) {
        this.#sum += this.#products[i][j];
        this.#sumOfSquares += this.#products[i][j] ** 2;
      }
    }
  }

  /** Flips entry `column` of row `row` if that lowers the objective; says whether it did. */
  flipIfBetter(row: number, column: number): boolean {
    let sum = this.#sum;
    let sumOfSquares = this.#sumOfSquares;
    this.#forOthers(row, column, (product, change) => {
      sum += change;
      sumOfSquares += (product + change) ** 2 - product ** 2;
    });
    if (this.#objective(sum, sumOfSquares) >= this.#objective(this.#sum, this.#sumOfSquares)) return false;
    this.#forOthers(row, column, (product, change, other) => {
      this.#products[row][other] = product + change;
      this.#products[other][row] = product + change;
    });
    this.#rows[row][column] *= -1;
    this.#sum = sum;
    this.#sumOfSquares = sumOfSquares;
    return true;
  }

  toBitMatrix(): BitMatrix {
    return BitMatrix.fromSigns(this.#rows);
  }

  #objective(sum: number, sumOfSquares: number): number {
    if (this.#pairs === 0) return 0;
    const mean = sum / this.#pairs;
    return sum + VARIANCE_WEIGHT * (sumOfSquares / this.#pairs - mean ** 2);
  }

  #forOthers(
    row: number,
    column: number,
    visit: (product: number, change: number, other: number) => void,
  ): void {
    for (let other = 0; other < this.#rows.length; other++) {
      if (other === row) continue;
      const change = -2 * this.#rows[row][column] * this.#rows[other][column];
      visit(this.#products[row][other], change, other);
    }
  }
}

function innerProduct(a: Int8Array, b: Int8Array): number {
  return a.reduce((sum, sign, i) => sum + sign * b[i], 0);
}
