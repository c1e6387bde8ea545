import type { OnnxGraph } from '../onnx-graph.js';
import { appendInside } from './clip.js';
import type { Piece } from './piece.js';

/**
 * The sign, elementwise, with the straight-through estimator of its gradient:
 *
 *     Y = +1 where X ≥ 0, −1 elsewhere,   ∂loss/∂X = D ⊙ [|X| ≤ b]
 *
 * The estimate is the gradient of clip(X, −b, b) (Courbariaux, Hubara, Soudry, El-Yaniv, Bengio, arXiv:1602.02830,
 * equation 4, b = 1; Larq's `SteSign`). Comparisons are not counted as operations.
 * @param bound - b, above 0
 */
export function sign(bound: number): Piece {
  return {
    parameters: [],
    cost: {},
    forward: (graph, inputs) => ({
      outputs: appendSign(graph, inputs),
      backward: (errors) => appendInside(graph, errors, inputs, bound),
    }),
    predict: appendSign,
  };
}

function appendSign(graph: OnnxGraph, values: string): string {
  const isPlus = graph.node('GreaterOrEqual', [values, graph.constant('float32', 0)]);
  return graph.node('Where', [isPlus, graph.constant('float32', 1), graph.constant('float32', -1)]);
}
