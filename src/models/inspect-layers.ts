import { argmaxRows } from '../core/argmax-rows.js';
import { checkLength } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import type { Int32Matrix } from '../core/int-matrix.js';
import type { Samples } from '../data/dataset.js';
import { transformerOf } from '../training/task-data.js';
import { accuracyPercent, type ModelParts } from './model.js';

/** What the local classifier of one layer says of n samples of C classes. */
export interface LayerAnswers {
  /** From 1, input side first. */
  readonly layer: number;
  /** ŷ, [n, C]: for each class, how many more neurons agree with its row than disagree. */
  readonly logits: Int32Matrix;
  /** Classes of the largest logits. */
  readonly predictions: Int32Array;
  /** By how much each sample's true class leads its strongest rival; negative where the answer is wrong. */
  readonly margins: Int32Array;
  /** Percent of answers that are right. */
  readonly accuracy: number;
}

/**
 * What every layer of a network makes of samples, for rules that give each a classifier of its own. The last
 * layer's answers are the network's, unless it was trained with a summed read-out.
 * @returns one entry per layer, input side first
 * @throws ArgumentError for a network of another rule, and for samples that it cannot be shown
 */
export function inspectLayers(model: ModelParts, { features, labels }: Samples): LayerAnswers[] {
  const { learner, transformation, record } = model;
  if (!learner.layerLogits) {
    throw new ArgumentError('model', 'a network whose layers have a classifier each', record.rule.name);
  }
  checkLength('samples.labels', labels, features.rows);
  const inputs = transformerOf(transformation)(features);
  return learner.layerLogits(inputs).map((logits, l) => {
    const predictions = argmaxRows(logits);
    return {
      layer: l + 1,
      logits,
      predictions,
      margins: labelMargins(logits, labels),
      accuracy: accuracyPercent(predictions, labels),
    };
  });
}

function labelMargins({ rows, columns, values }: Int32Matrix, labels: Int32Array): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns);
    const rivals = own.filter((_, c) => c !== labels[row]);
    return own[labels[row]] - rivals.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  });
}
