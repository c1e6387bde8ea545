import type { Piece } from './piece.js';

/**
 * The rectified linear unit, elementwise:
 *
 *     Y = max(0, X),   ∂loss/∂X = D ⊙ [Y > 0]
 *
 * The derivative at 0 is taken as 0. Comparisons are not counted as operations.
 */
export function relu(): Piece {
  return {
    parameters: [],
    cost: {},
    forward(graph, inputs) {
      const outputs = graph.node('Relu', [inputs]);
      return {
        outputs,
        backward(errors) {
          const zero = graph.constant('float32', 0);
          return graph.node('Where', [graph.node('Greater', [outputs, zero]), errors, zero]);
        },
      };
    },
    predict: (graph, inputs) => graph.node('Relu', [inputs]),
  };
}
