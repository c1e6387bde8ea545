import type { OnnxGraph } from '../float/onnx-graph.js';

/**
 * Adds sign(x) elementwise, as floats: +1 where x ≥ 0, −1 elsewhere.
 * @returns the name of the result, of the shape of `values`
 */
export function appendSign(graph: OnnxGraph, values: string): string {
  const isPlus = graph.node('GreaterOrEqual', [values, graph.constant('float32', 0)]);
  return graph.node('Where', [isPlus, graph.constant('float32', 1), graph.constant('float32', -1)]);
}

/**
 * Adds the straight-through estimator of the gradient by x from the gradient by sign(x): the same where
 * |x| ≤ `bound`, 0 elsewhere. It is the gradient of clip(x, −bound, bound)/bound, up to the factor 1/bound.
 * @param errors - name of the gradient by sign(x), of the shape of `values`
 * @param values - name of x
 * @returns the name of the result
 */
export function appendStraightThrough(
  graph: OnnxGraph,
  errors: string,
  values: string,
  bound: number,
): string {
  const magnitude = graph.node('Abs', [values]);
  const isInside = graph.node('LessOrEqual', [magnitude, graph.constant('float32', bound)]);
  return graph.node('Where', [isInside, errors, graph.constant('float32', 0)]);
}
