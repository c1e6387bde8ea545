import type { Piece } from './piece.js';

/**
 * The hyperbolic tangent, elementwise:
 *
 *     Y = tanh X,   ∂loss/∂X = D ⊙ (1 − Y²)
 *
 * The function of a value counts as one operation.
 * @param units - columns of X
 */
export function tanh(units: number): Piece {
  return {
    parameters: [],
    cost: { forward: units, backward: 3 * units },
    forward(graph, inputs) {
      const outputs = graph.node('Tanh', [inputs]);
      return {
        outputs,
        backward(errors) {
          const slope = graph.node('Sub', [
            graph.constant('float32', 1),
            graph.node('Mul', [outputs, outputs]),
          ]);
          return graph.node('Mul', [errors, slope]);
        },
      };
    },
    predict: (graph, inputs) => graph.node('Tanh', [inputs]),
  };
}

/**
 * The logistic function, elementwise:
 *
 *     Y = 1/(1 + e^−X),   ∂loss/∂X = D ⊙ Y ⊙ (1 − Y)
 *
 * The function of a value counts as one operation.
 * @param units - columns of X
 */
export function sigmoid(units: number): Piece {
  return {
    parameters: [],
    cost: { forward: units, backward: 3 * units },
    forward(graph, inputs) {
      const outputs = graph.node('Sigmoid', [inputs]);
      return {
        outputs,
        backward(errors) {
          const rest = graph.node('Sub', [graph.constant('float32', 1), outputs]);
          return graph.node('Mul', [errors, graph.node('Mul', [outputs, rest])]);
        },
      };
    },
    predict: (graph, inputs) => graph.node('Sigmoid', [inputs]),
  };
}
