import { argmaxRows } from '../core/argmax-rows.js';
import { BitMatrix } from '../core/bit-matrix.js';
import { checkLength } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import { Int32Matrix } from '../core/int-matrix.js';
import type { Samples } from '../data/dataset.js';
import { LocalErrorLearner } from '../rules/local-error/local-error.js';
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

/** Rows at once, which bounds the memory for activations. */
const CHUNK_ROWS = 500;

/**
 * What every layer of a network trained by `local-error` makes of samples: each has a classifier of its own. The last
 * layer's answers are the network's, unless it was trained with a summed read-out.
 * @returns one entry per layer, input side first
 * @throws ArgumentError for a network of another rule, and for samples that it cannot be shown
 */
export function inspectLayers(model: ModelParts, { features, labels }: Samples): LayerAnswers[] {
  const { learner, transformation, record } = model;
  if (!(learner instanceof LocalErrorLearner)) {
    throw new ArgumentError('model', 'a network trained by local-error', record.rule.name);
  }
  checkLength('samples.labels', labels, features.rows);
  const inputs = transformerOf(transformation)(features);
  if (!(inputs instanceof BitMatrix)) throw new TypeError('local-error is shown bits');
  return layerLogits(learner, inputs).map((logits, l) => {
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

function layerLogits(learner: LocalErrorLearner, inputs: BitMatrix): Int32Matrix[] {
  const { layers } = learner;
  const logits = layers.map(({ shape }) => new Int32Matrix(inputs.rows, shape.classes));
  for (let start = 0; start < inputs.rows; start += CHUNK_ROWS) {
    let activations = inputs.rowRange(start, Math.min(start + CHUNK_ROWS, inputs.rows));
    layers.forEach((layer, l) => {
      const batch = layer.allocateBatch(activations.rows);
      layer.forward(activations, batch, learner.predictionWeights(layer));
      layer.classify(batch);
      logits[l].values.set(batch.logits.values, start * layer.shape.classes);
      activations = batch.activations;
    });
  }
  return logits;
}

function labelMargins({ rows, columns, values }: Int32Matrix, labels: Int32Array): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns);
    const rivals = own.filter((_, c) => c !== labels[row]);
    return own[labels[row]] - rivals.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  });
}
