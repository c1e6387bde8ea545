import type { OnnxGraph } from '../onnx-graph.js';
import { chain, totalCost } from './chain.js';
import { appendRepeated, appendRunSums } from './maps.js';
import type { Piece } from './piece.js';

/*
 * Pieces of pieces. Their cost on the way back is that of a piece above another that is trained, whatever is trained in them.
 */

/**
 * The same piece for each of P rows of a sample: a piece for columns at all positions of a map.
 * @param positions - P
 */
export function atPositions(positions: number, piece: Piece): Piece {
  const { forward = 0, backward = 0, gradient = 0, held = 0, copied = 0, batch = 0 } = piece.cost;
  const perSample = { forward, backward, gradient, held, copied };
  const counts = Object.entries(perSample).map(([count, value]) => [count, value * positions]);
  return { ...piece, cost: { ...Object.fromEntries(counts), batch } };
}

/**
 * A list of pieces and the identity or another list beside it:
 *
 *     Y = f(X) + g(X),   ∂loss/∂X = what both adjoints give for D
 *
 * @param body - f
 * @param shortcut - g; none: the identity
 * @param units - values of Y for each sample: additions
 */
export function residual(body: readonly Piece[], shortcut: readonly Piece[], units: number): Piece {
  const [f, g] = [chain(body), chain(shortcut)];
  return {
    parameters: [...f.parameters, ...g.parameters],
    cost: totalCost([f.cost, g.cost, { forward: units, backward: units }]),
    forward(graph, inputs) {
      const [main, beside] = [f, g].map((piece) => piece.forward(graph, inputs));
      return {
        outputs: graph.node('Add', [main.outputs, beside.outputs]),
        backward: (errors) => graph.node('Add', [main.backward(errors), beside.backward(errors)]),
      };
    },
    predict: (graph, inputs) => graph.node('Add', [f.predict(graph, inputs), g.predict(graph, inputs)]),
  };
}

/**
 * A list of pieces of which each channel of a sample is multiplied by a number that another list computes from the same input:
 *
 *     Y[b·Q + q, k] = F[b·Q + q, k] · G[b, k],   F = f(X) [B·Q, K],   G = g(X) [B, K]
 *     ∂loss/∂F = D ⊙ G,   ∂loss/∂G = Σ_q D ⊙ F
 *
 * @param body - f
 * @param gate - g
 * @param size - Q and K
 */
export function gated(
  body: readonly Piece[],
  gate: readonly Piece[],
  [positions, channels]: readonly [positions: number, channels: number],
): Piece {
  const [f, g] = [chain(body), chain(gate)];
  const units = positions * channels;
  const spread = (graph: OnnxGraph, factors: string): string =>
    appendRepeated(graph, factors, positions, channels);
  return {
    parameters: [...f.parameters, ...g.parameters],
    cost: totalCost([f.cost, g.cost, { forward: units, backward: 4 * units }]),
    forward(graph, inputs) {
      const [main, factors] = [f, g].map((piece) => piece.forward(graph, inputs));
      const everywhere = spread(graph, factors.outputs);
      return {
        outputs: graph.node('Mul', [main.outputs, everywhere]),
        backward(errors) {
          const byMain = main.backward(graph.node('Mul', [errors, everywhere]));
          const slopes = graph.node('Mul', [errors, main.outputs]);
          const byGate = factors.backward(appendRunSums(graph, slopes, positions, channels));
          return graph.node('Add', [byMain, byGate]);
        },
      };
    },
    predict: (graph, inputs) =>
      graph.node('Mul', [f.predict(graph, inputs), spread(graph, g.predict(graph, inputs))]),
  };
}
