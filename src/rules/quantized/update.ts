import type { OnnxGraph } from '../float-mlp/onnx-graph.js';
import { type AdamConstants, adamStep, appendAdam } from '../float-mlp/optimizer.js';
import { nextName } from '../float-mlp/training-graph.js';

/**
 * Adds the update of the parameter `name` of shape `shape` along the gradient of that name: declares its moments and
 * publishes parameter and moments after the step. With `bound`, the parameter is clipped to [−bound, bound].
 */
export type Update = (name: string, shape: readonly number[], gradient: string, bound?: number) => void;

/** Names of Adam's moments of the parameter `name`: `layer-1/weights/first-moment`. */
export function momentsOf(name: string, moments: readonly string[]): readonly string[] {
  return moments.map((moment) => `${name}/${moment}`);
}

/**
 * Updates by Adam (`adamStep`).
 * @param scalars - names of Adam's scalars
 */
export function parameterUpdate(
  graph: OnnxGraph,
  constants: AdamConstants,
  scalars: readonly string[],
): Update {
  return (name, shape, gradient, bound) => {
    const moments = momentsOf(name, adamStep(constants).moments);
    for (const moment of moments) graph.input(moment, 'float32', shape);
    const nextMoments = moments.map(nextName);
    const terms = { gradient, values: name, moments, nextMoments, scalars };
    if (bound === undefined) appendAdam(graph, constants, terms, nextName(name));
    else {
      const limits = [-bound, bound].map((limit) => graph.constant('float32', limit));
      graph.node('Clip', [appendAdam(graph, constants, terms), ...limits], {}, nextName(name));
    }
    for (const next of [nextName(name), ...nextMoments]) graph.output(next, 'float32', shape);
  };
}
