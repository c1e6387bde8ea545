import { argmaxRows } from '../core/argmax-rows.js';
import { checkLength } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import type { Int32Matrix } from '../core/int-matrix.js';
import type { Samples } from '../data/dataset.js';
import { transformerOf } from '../data/transformation.js';
import { BinaryPredictor } from './binary-predictor.js';
import { accuracyPercent, type Model } from './model.js';

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
 * What every layer that has a classifier of its own makes of samples: all layers of a network trained by `local-error`, the last
 * one of other networks of bits. The last layer's answers are the network's, unless its read-out is summed.
 * @returns one entry for each such layer, input side first
 * @throws ArgumentError for a network of floats, also where these stand behind its classifier (batch normalization), and for samples that it
 *   cannot be shown
 */
export function inspectLayers(
  { network, kernels, transformation, record }: Omit<Model, 'predict' | 'dispose'>,
  { features, labels }: Samples,
): LayerAnswers[] {
  if (network?.kind !== 'binary' || network.logitNorm) {
    throw new ArgumentError('model', 'a network whose classifiers are of bits alone', record.rule.name);
  }
  checkLength('samples.labels', labels, features.rows);
  const inputs = transformerOf(transformation)(features);
  const layers = new BinaryPredictor(network, kernels).layerLogits(inputs);
  return layers.flatMap((logits, l) => (logits ? [answers(l + 1, logits, labels)] : []));
}

function answers(layer: number, logits: Int32Matrix, labels: Int32Array): LayerAnswers {
  const predictions = argmaxRows(logits);
  return {
    layer,
    logits,
    predictions,
    margins: labelMargins(logits, labels),
    accuracy: accuracyPercent(predictions, labels),
  };
}

function labelMargins({ rows, columns, values }: Int32Matrix, labels: Int32Array): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns);
    const rivals = own.filter((_, c) => c !== labels[row]);
    return own[labels[row]] - rivals.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  });
}
