import type { OnnxGraph } from '../onnx-graph.js';
import type { Piece } from './piece.js';

/**
 * The identity between two bounds, elementwise:
 *
 *     Y = clip(X, −b, b),   ∂loss/∂X = D ⊙ [|X| ≤ b]
 *
 * The derivative at ±b is taken as 1. Comparisons are not counted as operations.
 * @param bound - b, above 0
 */
export function clip(bound: number): Piece {
  const appendClip = (graph: OnnxGraph, inputs: string): string =>
    graph.node('Clip', [inputs, graph.constant('float32', -bound), graph.constant('float32', bound)]);
  return {
    parameters: [],
    cost: {},
    forward: (graph, inputs) => ({
      outputs: appendClip(graph, inputs),
      backward: (errors) => appendInside(graph, errors, inputs, bound),
    }),
    predict: appendClip,
  };
}

/** Adds errors ⊙ [|values| ≤ bound]. @returns its name */
export function appendInside(graph: OnnxGraph, errors: string, values: string, bound: number): string {
  const magnitude = graph.node('Abs', [values]);
  const isInside = graph.node('LessOrEqual', [magnitude, graph.constant('float32', bound)]);
  return graph.node('Where', [isInside, errors, graph.constant('float32', 0)]);
}
