import type { BitMatrix } from '../core/bit-matrix.js';
import { largest } from '../core/extremes.js';
import { referenceKernels } from '../kernels/reference.js';
import { observeDepth } from '../layers/hidden-weights.js';
import { BinaryPredictor } from '../models/binary-predictor.js';
import type { Learner } from '../rules/rule.js';

/** What is seen of a network at one moment of its training. */
export interface NetworkView {
  /** Entry i of a layer counts its hidden weights with 2^i ≤ |h| < 2^(i+1); input side first. */
  readonly depth: readonly (readonly number[])[];
  /** Visible weights of each layer that have another sign than at the look before. */
  readonly flips: readonly number[];
  /** Hidden weights of the first neurons of the first layer, one neuron after another. */
  readonly first: Int16Array;
  /** Weights of one of them. */
  readonly inputs: number;
}

/** The largest 16-bit |h|. */
const BOUND = 32_767;

/** Looks at a network again and again. Changes nothing in it. */
export class Onlooker {
  #signs: Uint8Array[] = [];

  /**
   * @param neurons - so many of the first layer are copied out, or all of fewer
   * @returns undefined for a network without hidden weights
   */
  look(learner: Learner, neurons: number): NetworkView | undefined {
    const hidden = learner.hiddenWeights?.();
    if (!hidden || hidden.length === 0) return undefined;
    const flips = hidden.map(({ values }, l) => {
      const known = this.#signs[l];
      const isKnown = known?.length === values.length;
      const signs = isKnown ? known : new Uint8Array(values.length);
      let changed = 0;
      for (let i = 0; i < values.length; i++) {
        const sign = values[i] < 0 ? 1 : 0;
        changed += signs[i] ^ sign;
        signs[i] = sign;
      }
      this.#signs[l] = signs;
      return isKnown ? changed : 0;
    });
    const [{ rows, columns, values }] = hidden;
    return {
      depth: hidden.map((layer) => observeDepth(layer, BOUND).depthHistogram),
      flips,
      first: values.slice(0, Math.min(neurons, rows) * columns),
      inputs: columns,
    };
  }
}

/** What a layer's classifier says of one sample: its logits. */
export interface LayerAnswer {
  /** From 1, input side first. */
  readonly layer: number;
  readonly logits: readonly number[];
  /** Class of the largest logit. */
  readonly answer: number;
}

/** What a network says of one sample. */
export interface Answers {
  readonly prediction: number;
  /** Layers that have a classifier of their own; none for a network that is read out otherwise. */
  readonly layers: readonly LayerAnswer[];
}

/** Asks a network in training, without leaving anything in the memory of its kernels that grows. */
export async function askLearner(learner: Learner, sample: BitMatrix): Promise<Answers> {
  const network = learner.network?.();
  if (network?.kind !== 'binary' || network.logitNorm) {
    const [prediction] = await learner.predict(sample);
    return { prediction, layers: [] };
  }
  const predictor = new BinaryPredictor(network, referenceKernels);
  const [prediction] = await predictor.predict(sample);
  const layers = predictor.layerLogits(sample).flatMap((logits, l) => {
    if (!logits) return [];
    const values = Array.from(logits.values);
    return [{ layer: l + 1, logits: values, answer: values.indexOf(largest(values)) }];
  });
  return { prediction, layers };
}
