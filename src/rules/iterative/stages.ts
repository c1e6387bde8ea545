import { sign } from '../../core/sign.js';
import { weightsName } from '../float-mlp/training-graph.js';
import type { LearnerState } from '../rule.js';

/** In which order layers become binary. */
export type LayerOrder = 'input-first' | 'output-first';

/** A network of which some layers are binary. */
export interface StageShape {
  /** N, K₁ … K_{L−1}, C. */
  readonly widths: readonly number[];
  /** For each layer, input side first, whether it is binary. */
  readonly isBinary: readonly boolean[];
}

/** Name of the scale [1] of layer `layer`, counted from 0: `layer-1/scale`. */
export function scaleName(layer: number): string {
  return `layer-${layer + 1}/scale`;
}

/**
 * The stages of training: in stage s, the first s layers of the order are binary.
 * @param widths - N, K₁ … K_{L−1}, C
 * @returns L + 1 stages, from none binary to all binary
 */
export function stagesOf(widths: readonly number[], order: LayerOrder): StageShape[] {
  const layers = widths.length - 1;
  return Array.from({ length: layers + 1 }, (_, stage) => ({
    widths,
    isBinary: Array.from({ length: layers }, (_, layer) =>
      order === 'input-first' ? layer < stage : layer >= layers - stage,
    ),
  }));
}

/** The layer nearest the inputs that is not binary, counted from 0; the number of layers where all are binary. */
export function lowestFloatLayer({ isBinary }: StageShape): number {
  const lowest = isBinary.indexOf(false);
  return lowest < 0 ? isBinary.length : lowest;
}

/**
 * Makes a layer binary: W ← sign(W), scale ← mean |W|.
 * @param values - parameters of the network; not mutated
 * @param layer - counted from 0
 * @returns all parameters, those of the layer new
 */
export function binarizeLayer(values: LearnerState, layer: number): LearnerState {
  const weights = Float32Array.from(values[weightsName(layer)]);
  const scale = weights.reduce((sum, weight) => sum + Math.abs(weight), 0) / weights.length;
  return {
    ...values,
    [weightsName(layer)]: weights.map(sign),
    [scaleName(layer)]: Float32Array.of(scale),
  };
}
