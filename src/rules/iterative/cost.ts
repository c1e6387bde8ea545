import { weightCount } from '../float/cost.js';
import type { Optimizer } from '../float/optimizer.js';
import { layersOf } from '../float/training-graph.js';
import { lowestFloatLayer, type StageShape } from './stages.js';

/**
 * Float additions and multiplications of training in one stage; binary layers count as floats, which emulate them.
 * For every sample: in every layer 2·N·K forward; in layers that are trained 2·N·K for the gradient; in layers above
 * the lowest that is trained 2·N·K for the errors of the layer below; in binary layers K for the scale forward, and K
 * backward where errors pass. For every step and trained weight `optimizer.operationsPerWeight`. Left out are signs,
 * clips and masks (comparisons), softmax, loss and prediction, and mean |W| of a layer, once, when it becomes binary.
 * @param samples - samples shown in this stage
 * @param steps - batches shown in this stage
 */
export function stageOperations(
  shape: StageShape,
  optimizer: Optimizer,
  samples: number,
  steps: number,
): number {
  const { widths, isBinary } = shape;
  const lowest = lowestFloatLayer(shape);
  let perSample = 2 * weightCount(widths);
  let trained = 0;
  layersOf(widths).forEach(({ inputs, neurons }, layer) => {
    const isPassed = layer > lowest;
    if (isBinary[layer]) perSample += isPassed ? 2 * neurons : neurons;
    else trained += inputs * neurons;
    if (isPassed) perSample += 2 * inputs * neurons;
  });
  const forGradient = 2 * trained;
  return samples * (perSample + forGradient) + steps * optimizer.operationsPerWeight * trained;
}
