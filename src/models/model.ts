import { ArgumentError } from '../core/errors.js';
import type { Samples } from '../data/dataset.js';
import { permuteFeatures } from '../data/permute-features.js';
import { type FittedTransformation, transformerOf } from '../data/transformation.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Network, SignLayer } from '../layers/network.js';
import type { RunRecord } from '../records/record.js';
import { matchColumns } from './match-features.js';
import type { Predictor } from './predictor.js';

/** What is known of a trained network: plain data, to be written down. */
export interface ModelParts {
  /** How it was trained, on what, and how well it did. */
  readonly record: RunRecord;
  /** Class names; `classes[number]` is what a predicted number stands for. */
  readonly classes: readonly string[];
  /** Names of the columns that it was trained on, where they had any. */
  readonly featureNames?: readonly string[];
  /** How features become what the network is shown, as fitted on its training samples. */
  readonly transformation: FittedTransformation;
  /** What it predicts with: bits, thresholds, floats. Absent for a rule of one's own whose learner does not say. */
  readonly network?: Network;
}

/** A trained network, with all that it takes to use it. */
export interface Model extends ModelParts {
  /** What its bits are computed with. */
  readonly kernels: Kernels;
  /**
   * Class numbers for features of the same columns as the data set's, one per row. A network that learned a sequence of
   * tasks is asked for task 1: the data as it is.
   * @param featureNames - names of the columns of `features`; they are then found by name, in any order. Without names, or where
   *   the network was trained without, columns are taken in the order that they come in
   * @throws ArgumentError when they have other columns than, or are bits unlike, those it was trained on
   */
  predict(features: Samples['features'], featureNames?: readonly string[]): Promise<Int32Array>;
  /** Frees what is held outside the garbage collector's reach. */
  dispose(): Promise<void>;
}

/**
 * Puts a model together.
 * @param predictor - of the network: made of it, or the learner that it is of
 */
export function createModel(parts: ModelParts, kernels: Kernels, predictor: Predictor): Model {
  const transform = transformerOf(parts.transformation);
  return {
    ...parts,
    kernels,
    predict: async (features, featureNames) =>
      predictor.predict(transform(inTrainedOrder(parts.featureNames, features, featureNames))),
    dispose: () => predictor.dispose(),
  };
}

function inTrainedOrder(
  known: readonly string[] | undefined,
  features: Samples['features'],
  given: readonly string[] | undefined,
): Samples['features'] {
  if (!given) return features;
  if (given.length !== features.columns) {
    throw new ArgumentError('featureNames', `${features.columns} names, one for each column`, given);
  }
  if (!known) return features;
  const match = matchColumns(known, given);
  if ('order' in match) return permuteFeatures(features, match.order);
  throw new ArgumentError('featureNames', `each of ${known.join(', ')} once; this ${match.mismatch}`, given);
}

/**
 * The layers of ±1 of a network, input side first: `signLayers(model)[0].weights.signs(k)` are the weights of neuron k of the first.
 * @throws ArgumentError for a network of floats
 */
export function signLayers({
  network,
  record,
}: Pick<ModelParts, 'network' | 'record'>): readonly SignLayer[] {
  if (network?.kind === 'binary') return network.layers;
  throw new ArgumentError('model', 'a network of bits', record.rule.name);
}

/** Percent of `labels` that `predictions` give rightly. */
export function accuracyPercent(predictions: Int32Array, labels: Int32Array): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right++;
  return (100 * right) / labels.length;
}
