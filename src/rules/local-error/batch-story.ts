import { argmaxRows } from '../../core/argmax-rows.js';
import type { BitMatrix } from '../../core/bit-matrix.js';
import { Int16Matrix, Int32Matrix } from '../../core/int-matrix.js';
import { referenceKernels as kernels } from '../../kernels/reference.js';
import { hiddenBound } from '../../layers/hidden-weights.js';
import type { EpochPlan, Learner } from '../rule.js';
import { localErrorConfig } from './config.js';

/** A sample that makes a layer correct itself. */
export interface Trigger {
  /** Row of the batch, from 0. */
  readonly sample: number;
  /** Class of the largest logit. */
  readonly answer: number;
  /** By how much the largest logit leads the next. */
  readonly lead: number;
  /** Whether the answer is wrong; else it is right and leads by too little. */
  readonly isWrong: boolean;
}

/** What is asked of the neurons of a layer for one sample that triggers. */
export interface Choice {
  readonly sample: number;
  /** s_k = z_k·a*_k of each neuron: negative where it says the opposite of what the label asks for. */
  readonly stabilities: readonly number[];
  /** The neuron of each group that steps; undefined where none is wrong. */
  readonly chosen: readonly (number | undefined)[];
}

/** What a batch does to one layer. */
export interface LayerStory {
  /** z, one row for each sample. */
  readonly preActivations: readonly (readonly number[])[];
  /** ŷ, one row for each sample. */
  readonly logits: readonly (readonly number[])[];
  /** ⌊r·K⌋. */
  readonly margin: number;
  readonly triggers: readonly Trigger[];
  readonly choices: readonly Choice[];
  /** H before and after, one row for each neuron. */
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

/** One batch in a network of two layers, step by step. */
export interface BatchStory {
  readonly classes: number;
  readonly neurons: number;
  /** γ. */
  readonly neuronsPerGroup: number;
  /** ±1, one row for each sample. */
  readonly inputs: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly layers: readonly LayerStory[];
}

/** Weights lie shallow, so that some flip, and none is reinforced, so that all that moves is told. */
export const EXPLAINED = localErrorConfig.parse({
  name: 'local-error',
  layers: [15, 15],
  groupSize: 5,
  robustness: 0.25,
  reinforcement: 0,
  initialDepth: 2,
});

/**
 * What `local-error` does with a batch, one operation after another, by the kernels that define them. Changes nothing in the network.
 * @param learner - of the options `EXPLAINED`
 */
export function tellBatch(learner: Learner, { data, order }: EpochPlan): BatchStory {
  const network = learner.network?.();
  const hidden = learner.hiddenWeights?.();
  if (network?.kind !== 'binary' || !hidden) throw new TypeError('local-error has layers of bits');
  const bound = hiddenBound(EXPLAINED.hiddenBits);
  const groupSize = Number(EXPLAINED.groupSize);
  const labels = Int32Array.from(order, (row) => data.labels[row]);
  const inputs = kernels.bitMatrix(order.length, data.inputs.columns);
  kernels.gatherRows(data.inputs as BitMatrix, order, inputs);
  let below = inputs;
  const layers = network.layers.map(({ weights, classifier }, l): LayerStory => {
    if (!classifier) throw new TypeError('every layer of local-error has a classifier');
    const [samples, neurons] = [order.length, weights.rows];
    const z = new Int32Matrix(samples, neurons);
    const activations = kernels.bitMatrix(samples, neurons);
    const logits = new Int32Matrix(samples, classifier.rows);
    kernels.product(below, weights, z, activations);
    kernels.product(activations, classifier, logits);
    const margin = Math.floor(EXPLAINED.robustness * neurons);
    const triggers = kernels.sampleList(samples);
    kernels.findTriggers(logits, labels, margin, triggers);
    const steps = kernels.stepList((samples * neurons) / groupSize);
    kernels.selectNeurons(z, triggers, classifier, labels, groupSize, steps);
    const after = new Int16Matrix(neurons, weights.columns, Int16Array.from(hidden[l].values));
    kernels.applySteps(after, weights.copy(), below, steps, bound);
    const answers = argmaxRows(logits);
    const triggering = Array.from(triggers.listed());
    const chosenBy = new Set(
      Array.from({ length: steps.count }, (_, i) => `${steps.samples[i]}/${steps.neurons[i]}`),
    );
    below = activations;
    return {
      preActivations: rowsOf(z),
      logits: rowsOf(logits),
      margin,
      triggers: triggering.map((sample) => ({
        sample,
        answer: answers[sample],
        lead: leadOf(rowsOf(logits)[sample]),
        isWrong: answers[sample] !== labels[sample],
      })),
      choices: triggering.map((sample) => ({
        sample,
        stabilities: Array.from(
          { length: neurons },
          (_, k) => z.values[sample * neurons + k] * classifier.get(labels[sample], k),
        ),
        chosen: Array.from({ length: neurons / groupSize }, (_, group) =>
          Array.from({ length: groupSize }, (_, i) => group * groupSize + i).find((k) =>
            chosenBy.has(`${sample}/${k}`),
          ),
        ),
      })),
      before: rowsOf(hidden[l]),
      after: rowsOf(after),
    };
  });
  return {
    classes: network.layers[0].classifier?.rows ?? 0,
    neurons: EXPLAINED.layers[0],
    neuronsPerGroup: groupSize,
    inputs: Array.from({ length: inputs.rows }, (_, row) => Array.from(inputs.signs(row))),
    labels: Array.from(labels),
    layers,
  };
}

function rowsOf({ rows, columns, values }: Int32Matrix | Int16Matrix): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns)),
  );
}

function leadOf(logits: readonly number[]): number {
  const [first, second] = [...logits].sort((a, b) => b - a);
  return first - second;
}
