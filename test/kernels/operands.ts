import { BitMatrix } from '../../src/core/bit-matrix.js';
import { Int16Matrix, Int32Matrix } from '../../src/core/int-matrix.js';
import type { RandomStream } from '../../src/core/random.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { SampleList, type Step, StepList } from '../../src/kernels/lists.js';
import { sameBytes } from '../equality.js';
import { drawnOnce } from './replay.js';

/** Where the operands of a call may live. */
export const PLACEMENTS = ['own memory', 'plain arrays', 'views of own memory', 'mixed memory'] as const;

/** Where the operands of a call live. */
export type Placement = (typeof PLACEMENTS)[number];

type Storage = Uint32Array | Int16Array | Int32Array | Int8Array;

interface Guarded {
  readonly whole: Storage;
  readonly before: Storage;
  readonly start: number;
  readonly end: number;
}

/** Words beside a guarded bit matrix: whole rows start on 64-bit boundaries, so an even number. */
const GUARD_WORDS = 2;

/** Entries beside a guarded integer array: an odd number, so that its address is not a multiple of 16. */
const GUARD_ENTRIES = 5;

const GUARD_VALUE = 0x55;

/** Copies operands to where a placement wants them and remembers what lies beside them. */
export class Arena {
  readonly #guarded: Guarded[] = [];
  #placed = 0;

  constructor(
    readonly kernels: Kernels,
    readonly placement: Placement,
  ) {}

  bits(source: BitMatrix): BitMatrix {
    const { rows, columns, rowWords } = source;
    const placement = this.#next();
    let copy: BitMatrix;
    if (placement === 'own memory') copy = this.kernels.bitMatrix(rows, columns);
    else if (placement === 'plain arrays') {
      const words = this.#guard(new Uint32Array(rows * rowWords + 2 * GUARD_WORDS), GUARD_WORDS);
      copy = new BitMatrix(rows, columns, words);
    } else {
      const whole = this.kernels.bitMatrix(rows + 2, columns);
      for (const row of [0, rows + 1]) whole.set(row, columns - 1, 1);
      this.#remember(whole.words, rowWords);
      copy = whole.rowRange(1, rows + 1);
    }
    copy.words.set(source.words);
    return copy;
  }

  int16(source: Int16Matrix): Int16Matrix {
    const { rows, columns } = source;
    const placement = this.#next();
    let copy: Int16Matrix;
    if (placement === 'own memory') copy = this.kernels.int16Matrix(rows, columns);
    else if (placement === 'plain arrays') {
      const values = this.#guard(new Int16Array(rows * columns + 2 * GUARD_ENTRIES), GUARD_ENTRIES);
      copy = new Int16Matrix(rows, columns, values);
    } else {
      const values = this.#guard(this.kernels.int16Matrix(rows + 2, columns).values, columns);
      copy = new Int16Matrix(rows, columns, values);
    }
    copy.values.set(source.values);
    return copy;
  }

  int32(source: Int32Matrix): Int32Matrix {
    const { rows, columns } = source;
    const placement = this.#next();
    let copy: Int32Matrix;
    if (placement === 'own memory') copy = this.kernels.int32Matrix(rows, columns);
    else if (placement === 'plain arrays') {
      const values = this.#guard(new Int32Array(rows * columns + 2 * GUARD_ENTRIES), GUARD_ENTRIES);
      copy = new Int32Matrix(rows, columns, values);
    } else {
      const values = this.#guard(this.kernels.int32Matrix(rows + 2, columns).values, columns);
      copy = new Int32Matrix(rows, columns, values);
    }
    copy.values.set(source.values);
    return copy;
  }

  /** A list with room for exactly `capacity` samples. */
  samples(capacity: number, listed: ArrayLike<number> = []): SampleList {
    const isOwn = this.#next() !== 'plain arrays';
    const list = isOwn
      ? this.kernels.sampleList(capacity)
      : new SampleList(this.#guard(new Uint32Array(capacity + 2 * GUARD_ENTRIES), GUARD_ENTRIES));
    list.indices.set(listed);
    list.count = listed.length;
    return list;
  }

  /** A list with room for exactly `capacity` steps. */
  steps(capacity: number, listed: readonly Step[] = []): StepList {
    const isOwn = this.#next() !== 'plain arrays';
    const length = capacity + 2 * GUARD_ENTRIES;
    const list = isOwn
      ? this.kernels.stepList(capacity)
      : new StepList(
          this.#guard(new Uint32Array(length), GUARD_ENTRIES),
          this.#guard(new Uint32Array(length), GUARD_ENTRIES),
          this.#guard(new Int8Array(length), GUARD_ENTRIES),
        );
    for (const { sample, neuron, direction } of listed) list.push(sample, neuron, direction);
    return list;
  }

  /** Description of the first entry beside an operand that was written to, if any. */
  firstDamage(): string | undefined {
    for (const { whole, before, start, end } of this.#guarded) {
      const isWhole = [
        [0, start],
        [end, whole.length],
      ].every((part) => sameBytes(whole.subarray(...part), before.subarray(...part)));
      if (isWhole) continue;
      for (let i = 0; i < whole.length; i++) {
        if ((i < start || i >= end) && whole[i] !== before[i]) {
          return `entry ${i - start} of an operand with ${end - start} entries became ${whole[i]}`;
        }
      }
    }
    return undefined;
  }

  #next(): Placement {
    if (this.placement !== 'mixed memory') return this.placement;
    return PLACEMENTS[this.#placed++ % 3];
  }

  /** Fills the first and last `margin` entries of `whole` and returns a view on those between. */
  #guard<Values extends Storage>(whole: Values, margin: number): Values {
    whole.fill(GUARD_VALUE, 0, margin).fill(GUARD_VALUE, whole.length - margin);
    this.#remember(whole, margin);
    return whole.subarray(margin, whole.length - margin) as Values;
  }

  #remember(whole: Storage, margin: number): void {
    this.#guarded.push({ whole, before: whole.slice(), start: margin, end: whole.length - margin });
  }
}

/** Odd integers in [−bound, bound], every fourth at one of the ends. */
export function randomHidden(
  random: RandomStream,
  rows: number,
  columns: number,
  bound: number,
): Int16Matrix {
  return drawnOnce(random, (stream) => {
    const matrix = new Int16Matrix(rows, columns);
    for (let i = 0; i < matrix.values.length; i++) {
      const index = stream.below(4) === 0 ? stream.below(2) * bound : stream.below(bound + 1);
      matrix.values[i] = 2 * index - bound;
    }
    return matrix;
  });
}

/** Integers of any parity in [−bound, bound], every fourth 0 and every eighth at one of the ends. */
export function randomTernaryHidden(
  random: RandomStream,
  rows: number,
  columns: number,
  bound: number,
): Int16Matrix {
  return drawnOnce(random, (stream) => {
    const matrix = new Int16Matrix(rows, columns);
    for (let i = 0; i < matrix.values.length; i++) {
      const kind = stream.below(8);
      const value = kind === 0 ? 2 * bound * stream.below(2) : stream.below(2 * bound + 1);
      matrix.values[i] = kind === 1 || kind === 2 ? 0 : value - bound;
    }
    return matrix;
  });
}

/** Integers in [−limit, limit]; a small limit gives many ties. */
export function randomIntegers(
  random: RandomStream,
  rows: number,
  columns: number,
  limit: number,
): Int32Matrix {
  return drawnOnce(random, (stream) => {
    const matrix = new Int32Matrix(rows, columns);
    for (let i = 0; i < matrix.values.length; i++) matrix.values[i] = stream.below(2 * limit + 1) - limit;
    return matrix;
  });
}

/** `length` integers in [0, bound). */
export function randomIndices(random: RandomStream, length: number, bound: number): Int32Array {
  const draw = (stream: RandomStream) => Int32Array.from({ length }, () => stream.below(bound));
  // A copy, as calls are given it as it is.
  return drawnOnce(random, draw).slice();
}

/** Steps of random samples and neurons in both directions. */
export function randomSteps(random: RandomStream, count: number, samples: number, neurons: number): Step[] {
  return drawnOnce(random, (stream) =>
    Array.from({ length: count }, () => ({
      sample: stream.below(samples),
      neuron: stream.below(neurons),
      direction: stream.below(2) ? 1 : -1,
    })),
  );
}

/** Every sample in ascending order with probability 1/2. */
export function randomSubset(random: RandomStream, samples: number): number[] {
  return Array.from({ length: samples }, (_, b) => b).filter(() => random.below(2) === 0);
}

/** +1 where an entry of a matrix that was drawn is 0. */
export function zerosInDrawn(random: RandomStream, values: Int16Matrix): BitMatrix {
  return drawnOnce(random, () => zerosIn(values));
}

/** sign(hidden) of a matrix that was drawn. */
export function signsOfDrawn(random: RandomStream, values: Int16Matrix | Int32Matrix): BitMatrix {
  return drawnOnce(random, () => signsOf(values));
}

/** +1 where an entry is 0, one entry at a time. */
export function zerosIn(values: Int16Matrix): BitMatrix {
  const zeros = new BitMatrix(values.rows, values.columns);
  for (let r = 0; r < values.rows; r++) {
    for (let c = 0; c < values.columns; c++) zeros.set(r, c, values.get(r, c) === 0 ? 1 : -1);
  }
  return zeros;
}

/** sign(hidden), one entry at a time. */
export function signsOf(values: Int16Matrix | Int32Matrix): BitMatrix {
  const signs = new BitMatrix(values.rows, values.columns);
  for (let r = 0; r < values.rows; r++) {
    for (let c = 0; c < values.columns; c++) signs.set(r, c, values.get(r, c) >= 0 ? 1 : -1);
  }
  return signs;
}
