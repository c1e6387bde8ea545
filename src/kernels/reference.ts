import { BitMatrix } from '../core/bit-matrix.js';
import { Int16Matrix, Int32Matrix } from '../core/int-matrix.js';
import { popcount } from '../core/popcount.js';
import { RandomStream } from '../core/random.js';
import { sign } from '../core/sign.js';
import { type Consolidation, LANES, LARGEST_WORD, LIMIT_COUNT } from './consolidation.js';
import { referenceFloatKernels } from './float-reference.js';
import type { GeometricGaps } from './geometric-gaps.js';
import type { Kernels } from './kernels.js';
import { SampleList, StepList } from './lists.js';
import type { Windows } from './windows.js';

/**
 * The contract in plain TypeScript: slow and obvious on purpose. It defines what the other backends must
 * compute, so prefer a clear line here to a fast one.
 */
export const referenceKernels: Kernels = {
  backend: 'reference',
  description: 'reference (plain TypeScript, 1 thread)',
  float: referenceFloatKernels,
  bitMatrix: (rows, columns) => new BitMatrix(rows, columns),
  int16Matrix: (rows, columns) => new Int16Matrix(rows, columns),
  int32Matrix: (rows, columns) => new Int32Matrix(rows, columns),
  sampleList: (capacity) => SampleList.withCapacity(capacity),
  stepList: (capacity) => StepList.withCapacity(capacity),
  gatherRows,
  product,
  ternaryProduct,
  packSigns,
  packGates,
  packMajority,
  packReached,
  patches,
  pool,
  backProduct,
  findTriggers,
  selectNeurons,
  drawNeurons,
  selectRivals,
  applySteps,
  applyTernarySteps,
  applyConsolidatedSteps,
  reinforce,
};

function gatherRows(source: BitMatrix, rows: Uint32Array, out: BitMatrix): void {
  const { rowWords } = source;
  rows.forEach((row, i) => {
    out.words.set(source.words.subarray(row * rowWords, (row + 1) * rowWords), i * rowWords);
  });
}

function product(inputs: BitMatrix, weights: BitMatrix, out: Int32Matrix, signs?: BitMatrix): void {
  const { rowWords } = inputs;
  for (let b = 0; b < inputs.rows; b++) {
    for (let k = 0; k < weights.rows; k++) {
      let differing = 0;
      for (let w = 0; w < rowWords; w++) {
        differing += popcount(inputs.words[b * rowWords + w] ^ weights.words[k * rowWords + w]);
      }
      out.values[b * weights.rows + k] = inputs.columns - 2 * differing;
    }
  }
  if (signs) packSigns(out, signs);
}

function ternaryProduct(
  inputs: BitMatrix,
  weights: BitMatrix,
  out: Int32Matrix,
  inputZeros?: BitMatrix,
  weightZeros?: BitMatrix,
): void {
  const { rowWords } = inputs;
  for (let b = 0; b < inputs.rows; b++) {
    for (let k = 0; k < weights.rows; k++) {
      let zero = 0;
      let differing = 0;
      for (let w = 0; w < rowWords; w++) {
        const [i, j] = [b * rowWords + w, k * rowWords + w];
        const zeros = (inputZeros?.words[i] ?? 0) | (weightZeros?.words[j] ?? 0);
        zero += popcount(zeros);
        differing += popcount((inputs.words[i] ^ weights.words[j]) & ~zeros);
      }
      out.values[b * weights.rows + k] = inputs.columns - zero - 2 * differing;
    }
  }
}

function packSigns(values: Int16Matrix | Int32Matrix, out: BitMatrix): void {
  for (let row = 0; row < values.rows; row++) packRow(values, row, out);
}

function packRow(values: Int16Matrix | Int32Matrix, row: number, out: BitMatrix): void {
  const { columns } = values;
  const firstWord = row * out.rowWords;
  out.words.fill(0, firstWord, firstWord + out.rowWords);
  for (let c = 0; c < columns; c++) {
    if (sign(values.values[row * columns + c]) === 1) setBit(out, row, c);
  }
}

function packGates(preActivations: Int32Matrix, limit: number, gates: BitMatrix): void {
  const { rows, columns, values } = preActivations;
  gates.words.fill(0);
  for (let b = 0; b < rows; b++) {
    for (let k = 0; k < columns; k++) {
      if (Math.abs(values[b * columns + k]) <= limit) setBit(gates, b, k);
    }
  }
}

function packMajority(activations: BitMatrix, groupSize: number, out: BitMatrix): void {
  out.words.fill(0);
  for (let b = 0; b < out.rows; b++) {
    for (let j = 0; j < out.columns; j++) {
      let votes = 0;
      for (let k = j * groupSize; k < (j + 1) * groupSize; k++) votes += bit(activations, b, k);
      if (sign(votes) === 1) setBit(out, b, j);
    }
  }
}

function packReached(values: Int32Matrix, thresholds: Int32Matrix, out: BitMatrix): void {
  const { rows, columns } = values;
  out.words.fill(0);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      if (values.values[r * columns + c] >= thresholds.values[c]) setBit(out, r, c);
    }
  }
}

function patches(windows: Windows, maps: BitMatrix, out: BitMatrix): void {
  const { width, channels, outHeight, outWidth } = windows;
  out.words.fill(0);
  for (let b = 0; b < maps.rows; b++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        const row = (b * outHeight + i) * outWidth + j;
        forEachPosition(windows, i, j, (index, y, x, isInside) => {
          for (let c = 0; c < channels; c++) {
            const value = isInside ? bit(maps, b, (y * width + x) * channels + c) : sign(windows.paddingSign);
            if (value === 1) setBit(out, row, index * channels + c);
          }
        });
      }
    }
  }
}

function pool(windows: Windows, positions: BitMatrix, votes: number, out: BitMatrix): void {
  const { height, width, channels, outHeight, outWidth } = windows;
  out.words.fill(0);
  for (let b = 0; b < out.rows; b++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        const counts = new Int32Array(channels);
        forEachPosition(windows, i, j, (_, y, x, isInside) => {
          for (let c = 0; c < channels; c++) {
            const row = (b * height + y) * width + x;
            const value = isInside ? bit(positions, row, c) : sign(windows.paddingSign);
            if (value === 1) counts[c]++;
          }
        });
        counts.forEach((count, c) => {
          if (count >= votes) setBit(out, b, (i * outWidth + j) * channels + c);
        });
      }
    }
  }
}

/** The positions of window (i, j), numbered, and whether they are on the map. */
function forEachPosition(
  { height, width, size, stride, padding }: Windows,
  i: number,
  j: number,
  visit: (index: number, y: number, x: number, isInside: boolean) => void,
): void {
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      const [y, x] = [i * stride - padding + v, j * stride - padding + u];
      visit(v * size + u, y, x, y >= 0 && y < height && x >= 0 && x < width);
    }
  }
}

function backProduct(
  desired: BitMatrix,
  gates: BitMatrix,
  weights: BitMatrix,
  samples: SampleList,
  out: Int32Matrix,
): void {
  for (const b of listed(samples)) {
    for (let n = 0; n < weights.columns; n++) {
      let sum = 0;
      for (let k = 0; k < weights.rows; k++) {
        if (bit(gates, b, k) === 1) sum += bit(desired, b, k) * bit(weights, k, n);
      }
      out.values[b * weights.columns + n] = sum;
    }
  }
}

function findTriggers(logits: Int32Matrix, labels: Int32Array, margin: number, triggers: SampleList): number {
  let wrong = 0;
  triggers.count = 0;
  for (let b = 0; b < logits.rows; b++) {
    const best = largestIndex(logits, b);
    const lead = logits.values[b * logits.columns + best] - largestValueExcept(logits, b, best);
    if (best !== labels[b]) wrong++;
    if (best !== labels[b] || lead < margin) triggers.indices[triggers.count++] = b;
  }
  return wrong;
}

/** Column of the largest entry of a row, the lowest one on ties. */
function largestIndex(matrix: Int32Matrix, row: number, except = -1): number {
  const first = row * matrix.columns;
  let best = except === 0 ? 1 : 0;
  for (let c = best + 1; c < matrix.columns; c++) {
    if (c !== except && matrix.values[first + c] > matrix.values[first + best]) best = c;
  }
  return best;
}

function largestValueExcept(matrix: Int32Matrix, row: number, except: number): number {
  return matrix.values[row * matrix.columns + largestIndex(matrix, row, except)];
}

function selectNeurons(
  preActivations: Int32Matrix,
  samples: SampleList,
  desired: BitMatrix,
  desiredRows: Int32Array,
  groupSize: number,
  steps: StepList,
  desiredZeros?: BitMatrix,
): void {
  const neurons = preActivations.columns;
  steps.count = 0;
  for (const b of listed(samples)) {
    for (let start = 0; start < neurons; start += groupSize) {
      let selected = -1;
      let selectedStability = Number.NEGATIVE_INFINITY;
      for (let k = start; k < start + groupSize; k++) {
        if (desiredZeros && bit(desiredZeros, desiredRows[b], k) === 1) continue;
        const stability = preActivations.values[b * neurons + k] * bit(desired, desiredRows[b], k);
        if (stability < 0 && stability > selectedStability) {
          selected = k;
          selectedStability = stability;
        }
      }
      if (selected >= 0) push(steps, b, selected, bit(desired, desiredRows[b], selected));
    }
  }
}

function drawNeurons(
  preActivations: Int32Matrix,
  samples: SampleList,
  desired: BitMatrix,
  desiredRows: Int32Array,
  groupSize: number,
  draws: Uint32Array,
  steps: StepList,
): void {
  const neurons = preActivations.columns;
  let draw = 0;
  steps.count = 0;
  for (const b of listed(samples)) {
    for (let start = 0; start < neurons; start += groupSize) {
      const wrong = [];
      for (let k = start; k < start + groupSize; k++) {
        if (preActivations.values[b * neurons + k] * bit(desired, desiredRows[b], k) < 0) wrong.push(k);
      }
      // 64 bits: a draw times a number of neurons may be more than a double holds exactly.
      const drawn = wrong[Number((BigInt(draws[draw++]) * BigInt(wrong.length)) >> 32n)];
      if (wrong.length > 0) push(steps, b, drawn, bit(desired, desiredRows[b], drawn));
    }
  }
}

function selectRivals(logits: Int32Matrix, labels: Int32Array, samples: SampleList, steps: StepList): void {
  steps.count = 0;
  for (const b of listed(samples)) {
    push(steps, b, labels[b], 1);
    push(steps, b, largestIndex(logits, b, labels[b]), -1);
  }
}

function applySteps(
  hidden: Int16Matrix,
  visible: BitMatrix,
  inputs: BitMatrix,
  steps: StepList,
  bound: number,
): number {
  let flips = 0;
  for (const [neuron, ofNeuron] of groupByNeuron(steps)) {
    const before = visible.words.slice(neuron * visible.rowWords, (neuron + 1) * visible.rowWords);
    const sums = new Int32Array(hidden.columns);
    for (const i of ofNeuron) {
      for (let n = 0; n < sums.length; n++) sums[n] += steps.directions[i] * bit(inputs, steps.samples[i], n);
    }
    for (let n = 0; n < sums.length; n++) {
      const position = neuron * hidden.columns + n;
      hidden.values[position] = clip(hidden.values[position] + 2 * sums[n], bound);
    }
    packRow(hidden, neuron, visible);
    before.forEach((word, w) => {
      flips += popcount(word ^ visible.words[neuron * visible.rowWords + w]);
    });
  }
  return flips;
}

function applyTernarySteps(
  hidden: Int16Matrix,
  visible: BitMatrix,
  inputs: BitMatrix,
  steps: StepList,
  bound: number,
  zeros?: BitMatrix,
  inputZeros?: BitMatrix,
): number {
  let changes = 0;
  for (const [neuron, ofNeuron] of groupByNeuron(steps)) {
    for (let n = 0; n < hidden.columns; n++) {
      let sum = 0;
      for (const i of ofNeuron) {
        const isZero = inputZeros !== undefined && bit(inputZeros, steps.samples[i], n) === 1;
        if (!isZero) sum += steps.directions[i] * bit(inputs, steps.samples[i], n);
      }
      const position = neuron * hidden.columns + n;
      const moved = clip(hidden.values[position] + 2 * sum, bound);
      hidden.values[position] = moved;
      const signChanges = putBit(visible, neuron, n, sign(moved));
      const zeroChanges = zeros !== undefined && putBit(zeros, neuron, n, moved === 0 ? 1 : -1);
      if (signChanges || zeroChanges) changes++;
    }
  }
  return changes;
}

function applyConsolidatedSteps(
  hidden: Int16Matrix,
  visible: BitMatrix,
  inputs: BitMatrix,
  steps: StepList,
  consolidation: Consolidation,
  bound: number,
): number {
  const { limits, offset, shift, state } = consolidation;
  const stream = RandomStream.fromState(Array.from(state));
  const lanes = Int32Array.from({ length: LANES }, () => stream.uint32());
  const ofRows = Int32Array.from({ length: hidden.rows }, () => stream.uint32());
  state.set(stream.state());
  let flips = 0;
  for (const [neuron, ofNeuron] of groupByNeuron(steps)) {
    const words = wordsOfRow(lanes, ofRows[neuron], hidden.columns);
    for (let n = 0; n < hidden.columns; n++) {
      let sum = 0;
      for (const i of ofNeuron) sum += steps.directions[i] * bit(inputs, steps.samples[i], n);
      const position = neuron * hidden.columns + n;
      const h = hidden.values[position];
      const entry = Math.min(LIMIT_COUNT - 1, Math.max(0, Math.abs(h) - offset) >>> shift);
      if (sum * sign(h) < 0 && words[n] > limits[entry]) continue;
      hidden.values[position] = clip(h + 2 * sum, bound);
      if (putBit(visible, neuron, n, sign(hidden.values[position]))) flips++;
    }
  }
  return flips;
}

/** The random words of a row of weights, 15 bits each (consolidation.ts). */
function wordsOfRow(lanes: Int32Array, ofRow: number, columns: number): Int16Array {
  const words = new Int16Array(columns);
  const x = lanes.map((lane, i) => lane ^ ((ofRow << i) | (i > 0 ? ofRow >>> (32 - i) : 0)));
  for (let start = 0; start < columns; start += 2 * LANES) {
    for (let i = 0; i < LANES; i++) {
      x[i] ^= x[i] << 13;
      x[i] ^= x[i] >>> 17;
      x[i] ^= x[i] << 5;
      // Entries past the last column are none.
      words[start + 2 * i] = x[i] & LARGEST_WORD;
      words[start + 2 * i + 1] = (x[i] >>> 16) & LARGEST_WORD;
    }
  }
  return words;
}

function groupByNeuron(steps: StepList): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < steps.count; i++) {
    const neuron = steps.neurons[i];
    const group = groups.get(neuron);
    if (group) group.push(i);
    else groups.set(neuron, [i]);
  }
  return groups;
}

function reinforce(hidden: Int16Matrix, gaps: GeometricGaps, bound: number): number {
  const { thresholds } = gaps;
  const stream = RandomStream.fromState(Array.from(gaps.state));
  let hits = 0;
  let position = 0;
  while (position < hidden.values.length) {
    const draw = stream.uint32();
    let misses = gaps.guide[draw >>> 20];
    while (misses < thresholds.length && thresholds[misses] <= draw) misses++;
    position += misses;
    if (misses === thresholds.length || position >= hidden.values.length) continue;
    const h = hidden.values[position];
    hidden.values[position] = clip(h + 2 * sign(h), bound);
    hits++;
    position++;
  }
  gaps.state.set(stream.state());
  return hits;
}

/** `SampleList.listed`, of what only looks like one, too: the other backends take fields alone. */
function listed({ indices, count }: SampleList): Uint32Array {
  return indices.subarray(0, count);
}

/** `StepList.push`, likewise. */
function push(steps: StepList, sample: number, neuron: number, direction: 1 | -1): void {
  steps.samples[steps.count] = sample;
  steps.neurons[steps.count] = neuron;
  steps.directions[steps.count] = direction;
  steps.count++;
}

/** The entry of a packed matrix without the checks of `BitMatrix.get`. */
function bit(matrix: BitMatrix, row: number, column: number): 1 | -1 {
  return (matrix.words[row * matrix.rowWords + (column >>> 5)] >>> (column & 31)) & 1 ? 1 : -1;
}

/** Makes an entry that is −1 a +1. */
function setBit(matrix: BitMatrix, row: number, column: number): void {
  matrix.words[row * matrix.rowWords + (column >>> 5)] |= 1 << (column & 31);
}

/** Sets an entry. @returns whether it was another one */
function putBit(matrix: BitMatrix, row: number, column: number, value: 1 | -1): boolean {
  if (bit(matrix, row, column) === value) return false;
  matrix.words[row * matrix.rowWords + (column >>> 5)] ^= 1 << (column & 31);
  return true;
}

function clip(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}
