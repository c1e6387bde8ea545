import type { OnnxGraph } from '../onnx-graph.js';
import { appendRepeated, appendRunSums } from './maps.js';
import type { Pass, Piece, PieceCost } from './piece.js';

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

/** A list of pieces as one. */
export function sequence(pieces: readonly Piece[]): Piece {
  return {
    parameters: pieces.flatMap(({ parameters }) => parameters),
    cost: summed(pieces, {}),
    forward: (graph, inputs) => forwardOf(graph, pieces, inputs),
    predict: (graph, inputs) => predictOf(graph, pieces, inputs),
  };
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
  const pieces = [...body, ...shortcut];
  return {
    parameters: pieces.flatMap(({ parameters }) => parameters),
    cost: summed(pieces, { forward: units, backward: units }),
    forward(graph, inputs) {
      const [main, beside] = [body, shortcut].map((list) => forwardOf(graph, list, inputs));
      return {
        outputs: graph.node('Add', [main.outputs, beside.outputs]),
        backward: (errors) => graph.node('Add', [main.backward(errors), beside.backward(errors)]),
      };
    },
    predict: (graph, inputs) =>
      graph.node('Add', [predictOf(graph, body, inputs), predictOf(graph, shortcut, inputs)]),
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
  const pieces = [...body, ...gate];
  const units = positions * channels;
  const spread = (graph: OnnxGraph, factors: string): string =>
    appendRepeated(graph, factors, positions, channels);
  return {
    parameters: pieces.flatMap(({ parameters }) => parameters),
    cost: summed(pieces, { forward: units, backward: 4 * units }),
    forward(graph, inputs) {
      const [main, factors] = [body, gate].map((list) => forwardOf(graph, list, inputs));
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
      graph.node('Mul', [predictOf(graph, body, inputs), spread(graph, predictOf(graph, gate, inputs))]),
  };
}

function forwardOf(graph: OnnxGraph, pieces: readonly Piece[], inputs: string): Pass {
  const passes: Pass[] = [];
  let outputs = inputs;
  for (const piece of pieces) {
    const pass = piece.forward(graph, outputs);
    passes.push(pass);
    outputs = pass.outputs;
  }
  return { outputs, backward: (errors) => passes.reduceRight((above, pass) => pass.backward(above), errors) };
}

function predictOf(graph: OnnxGraph, pieces: readonly Piece[], inputs: string): string {
  return pieces.reduce((values, piece) => piece.predict(graph, values), inputs);
}

function summed(pieces: readonly Piece[], own: PieceCost): PieceCost {
  const total = (count: keyof PieceCost): number =>
    pieces.reduce((sum, { cost }) => sum + (cost[count] ?? 0), own[count] ?? 0);
  const [forward, backward, gradient, batch] = (['forward', 'backward', 'gradient', 'batch'] as const).map(
    total,
  );
  return { forward, backward, gradient, batch, held: total('held'), copied: total('copied') };
}
