import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { Int32Matrix } from '../../../src/core/int-matrix.js';
import { type RandomStream, randomStreams } from '../../../src/core/random.js';
import { referenceFloatKernels } from '../../../src/kernels/float-reference.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import { referenceKernels } from '../../../src/kernels/reference.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import type { Normalization } from '../../../src/rules/quantized/pieces.js';
import { qat, qatConfig } from '../../../src/rules/quantized/qat.js';
import type { EpochPlan, LabelledInputs, Learner, LearnerState, Problem } from '../../../src/rules/rule.js';
import type { Batch } from '../float/mlp-oracle.js';
import type { LayerKind, Oracle, Values } from './oracle.js';

/** The rules here never touch the kernels; whoever does, fails. */
export const NO_KERNELS = new Proxy({} as Kernels, {
  get: (_, name) => {
    if (name === 'float') return referenceFloatKernels;
    throw new Error(`a float rule asked for kernels.${String(name)}`);
  },
});

/** Options that ask for each normalization. */
export const OPTIONS: Readonly<Record<Normalization, Record<string, boolean>>> = {
  'batch-norm': {},
  scaled: { batchNorm: false, scaleProducts: true },
  none: { batchNorm: false },
};

/** A learner of `qat`. */
export function makeQat(config: Record<string, unknown>, task: Problem, seed = 1): Promise<Learner> {
  const context = { kernels: NO_KERNELS, streams: randomStreams(seed), onnxRuntime };
  return qat.createLearner(qatConfig.parse({ name: 'qat', ...config }), task, context);
}

/** The network that `qat` trains. */
export function qatOracle(widths: readonly number[], normalization: Normalization): Oracle {
  const outputs = { 'batch-norm': 'batch-norm', scaled: 'over-root-inputs', none: 'product' } as const;
  const layer: LayerKind = { weights: 'sign', output: outputs[normalization], activation: 'sign' };
  return { widths, layers: widths.slice(1).map(() => layer) };
}

/** Random ±1 inputs with random labels. */
export function signBatch(samples: number, columns: number, classes: number, name: string): Batch {
  const stream = randomStreams(7).stream(name);
  const bits = stream.signs(samples, columns);
  return {
    inputs: Array.from({ length: samples }, (_, row) => [...bits.signs(row)]),
    labels: Array.from({ length: samples }, () => stream.below(classes)),
  };
}

/** Samples of random prototypes, one for each class, with every entry turned with probability `noise`. */
export function prototypeBatch(samples: number, columns: number, classes: number, noise: number): Batch {
  const stream = randomStreams(7).stream('prototypes');
  const prototypes = stream.signs(classes, columns);
  const turn = (entry: number): number => (stream.uniform() < noise ? -entry : entry);
  const labels = Array.from({ length: samples }, (_, i) => i % classes);
  return { inputs: labels.map((label) => [...prototypes.signs(label)].map(turn)), labels };
}

/** A batch as a learner takes it. */
export function packed({ inputs, labels }: Batch): LabelledInputs {
  return { inputs: BitMatrix.fromSigns(inputs), labels: Int32Array.from(labels) };
}

/** One pass over a batch in its own order. */
export function passOver(batch: Batch, batchSize: number): EpochPlan {
  const order = Uint32Array.from(batch.labels, (_, row) => row);
  return { data: packed(batch), order, batchSize, afterBatch: () => undefined };
}

/** A learner's state as plain numbers. */
export function valuesOf(state: LearnerState): Values {
  return Object.fromEntries(Object.entries(state).map(([name, values]) => [name, [...values]]));
}

/** Names of what `qat` trains: weights, and scale and shift with batch normalization. */
export function trainedNames(state: LearnerState): string[] {
  return Object.keys(state).filter((name) => /^layer-\d+\/(weights|scale|shift)$/.test(name));
}

/** `state` with every trained parameter drawn anew, away from where signs and masks change. */
export function redrawn(state: LearnerState, stream: RandomStream): LearnerState {
  const draw = (): number => Math.fround((0.1 + 0.8 * stream.uniform()) * (stream.uniform() < 0.5 ? -1 : 1));
  const drawn = trainedNames(state).map((name) => [name, (state[name] as Float32Array).map(draw)]);
  return { ...state, ...Object.fromEntries(drawn) };
}

/** Largest difference of corresponding entries, divided by the largest entry of `expected`. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const entries = Array.from(expected);
  const largest = Math.max(...entries.map(Math.abs));
  return Math.max(...entries.map((value, i) => Math.abs(value - actual[i]))) / largest;
}

/**
 * What the reference kernels predict with the signs of a state's weights: integer products, signs, and the lowest
 * index of the largest logit.
 */
export function integerPredictions(state: LearnerState, widths: readonly number[], batch: Batch): number[] {
  let activations = BitMatrix.fromSigns(batch.inputs);
  let products = new Int32Matrix(1, 1);
  widths.slice(1).forEach((neurons, l) => {
    const weights = [...state[`layer-${l + 1}/weights`]].map((w) => (w >= 0 ? 1 : -1));
    const rows = Array.from({ length: neurons }, (_, k) => weights.slice(k * widths[l], (k + 1) * widths[l]));
    products = new Int32Matrix(batch.labels.length, neurons);
    referenceKernels.product(activations, BitMatrix.fromSigns(rows), products);
    activations = new BitMatrix(batch.labels.length, neurons);
    referenceKernels.packSigns(products, activations);
  });
  return batch.labels.map((_, b) => {
    const logits = [...products.values.subarray(b * products.columns, (b + 1) * products.columns)];
    return logits.indexOf(Math.max(...logits));
  });
}
