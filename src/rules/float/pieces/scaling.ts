import type { OnnxGraph } from '../onnx-graph.js';
import type { FixedParameter } from '../parameter.js';
import type { Piece } from './piece.js';

/**
 * Multiplication by a factor that is not trained:
 *
 *     Y = c·X,   ∂loss/∂X = c·D
 *
 * One operation for each value, each way.
 * @param factor - c: a number, or a parameter [1] that changes between steps only
 * @param units - columns of X
 */
export function scaling(factor: number | FixedParameter, units: number): Piece {
  const appendFactor = (graph: OnnxGraph): string =>
    typeof factor === 'number'
      ? graph.constant('float32', factor)
      : graph.input(factor.name, 'float32', factor.shape);
  return {
    parameters: typeof factor === 'number' ? [] : [factor],
    cost: { forward: units, backward: units },
    forward(graph, inputs) {
      const c = appendFactor(graph);
      return {
        outputs: graph.node('Mul', [inputs, c]),
        backward: (errors) => graph.node('Mul', [errors, c]),
      };
    },
    predict: (graph, inputs) => graph.node('Mul', [inputs, appendFactor(graph)]),
  };
}
