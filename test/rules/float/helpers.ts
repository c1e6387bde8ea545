import { randomStreams } from '../../../src/core/random.js';
import { referenceFloatKernels } from '../../../src/kernels/float-reference.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import {
  type AdamConfig,
  adam,
  adamConfig,
  type SgdConfig,
  sgd,
  sgdConfig,
} from '../../../src/rules/gradient-descent.js';
import type {
  EpochPlan,
  LabelledInputs,
  Learner,
  LearnerState,
  Problem,
  RealRows,
} from '../../../src/rules/rule.js';
import type { Batch, Weights } from './mlp-oracle.js';

/** The rules here touch nothing of the kernels but their float operations; whoever does, fails. */
const NO_KERNELS = new Proxy({} as Kernels, {
  get: (_, name) => {
    if (name === 'float') return referenceFloatKernels;
    throw new Error(`a float rule asked for kernels.${String(name)}`);
  },
});

/** A learner of the rule that `config.name` names. */
export function makeLearner(config: Record<string, unknown>, task: Problem, seed = 1): Promise<Learner> {
  const context = { kernels: NO_KERNELS, streams: randomStreams(seed), onnxRuntime };
  return config.name === 'adam'
    ? adam.createLearner(adamConfig.parse(config) satisfies AdamConfig, task, context)
    : sgd.createLearner(sgdConfig.parse(config) satisfies SgdConfig, task, context);
}

/** Rows held as plain numbers. */
export function realRows(rows: readonly (readonly number[])[]): RealRows {
  return {
    rows: rows.length,
    columns: rows[0].length,
    copyRow: (row, target, offset) => target.set(rows[row], offset),
  };
}

/** Random normal inputs with random labels; entries are exact in 32 bits. */
export function randomBatch(samples: number, columns: number, classes: number, name: string): Batch {
  const stream = randomStreams(7).stream(name);
  return {
    inputs: Array.from({ length: samples }, () =>
      Array.from({ length: columns }, () => Math.fround(stream.normal())),
    ),
    labels: Array.from({ length: samples }, () => stream.below(classes)),
  };
}

/** A batch as a learner takes it. */
export function labelled({ inputs, labels }: Batch): LabelledInputs {
  return { inputs: realRows(inputs), labels: Int32Array.from(labels) };
}

/** One pass over `data` in its own order. */
export function inOrder(data: LabelledInputs, batchSize: number): EpochPlan {
  const order = Uint32Array.from({ length: data.inputs.rows }, (_, row) => row);
  return { data, order, batchSize, afterBatch: () => undefined };
}

/** The batches that a pass in order is cut into. */
export function cut({ inputs, labels }: Batch, size: number): Batch[] {
  return Array.from({ length: Math.ceil(labels.length / size) }, (_, i) => ({
    inputs: inputs.slice(i * size, (i + 1) * size),
    labels: labels.slice(i * size, (i + 1) * size),
  }));
}

/** The weights of a learner's state as nested arrays; `widths` are N, K₁ …, C. */
export function weightsOf(state: LearnerState, widths: readonly number[]): Weights {
  return widths.slice(1).map((neurons, layer) => {
    const columns = widths[layer];
    const values = state[`layer-${layer + 1}/weights`];
    return Array.from({ length: neurons }, (_, k) => [...values.slice(k * columns, (k + 1) * columns)]);
  });
}

/** Largest difference of corresponding entries, divided by the largest entry of `expected`. */
export function relativeError(actual: Weights, expected: Weights): number {
  const a = actual.flat(2);
  const e = expected.flat(2);
  const largest = Math.max(...e.map(Math.abs));
  return Math.max(...e.map((value, i) => Math.abs(value - a[i]))) / largest;
}
