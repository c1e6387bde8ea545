import type { Samples } from '../data/dataset.js';
import type { RunRecord } from '../records/record.js';
import type { Learner } from '../rules/rule.js';
import { type FittedTransformation, transformerOf } from '../training/task-data.js';

/** What a trained network is made of. */
export interface ModelParts {
  /** How it was trained, on what, and how well it did. */
  readonly record: RunRecord;
  /** Class names; `classes[number]` is what a predicted number stands for. */
  readonly classes: readonly string[];
  /** How features become what the network is shown, as fitted on its training samples. */
  readonly transformation: FittedTransformation;
  /** The network with its state, for looking inside. */
  readonly learner: Learner;
}

/** A trained network, with all that it takes to use it. */
export interface Model extends ModelParts {
  /**
   * Class numbers for features of the same columns as the data set's, one per row. A network that learned a sequence of
   * tasks is asked for task 1: the data as it is.
   * @throws ArgumentError when they have other columns than, or are bits unlike, those it was trained on
   */
  predict(features: Samples['features']): Promise<Int32Array>;
}

/** Puts a model together. */
export function createModel(parts: ModelParts): Model {
  const transform = transformerOf(parts.transformation);
  return { ...parts, predict: async (features) => parts.learner.predict(transform(features)) };
}

/** Percent of `labels` that `predictions` give rightly. */
export function accuracyPercent(predictions: Int32Array, labels: Int32Array): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right++;
  return (100 * right) / labels.length;
}
