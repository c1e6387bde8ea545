import type { OnnxGraph } from '../onnx-graph.js';
import type { Pass, Piece, PieceCost } from './piece.js';

const COUNTS = ['forward', 'backward', 'gradient', 'batch', 'held', 'copied'] as const;

/** Pieces one after the other, input side first, as one piece: the identity where there are none. */
export function chain(pieces: readonly Piece[]): Piece {
  return {
    parameters: pieces.flatMap(({ parameters }) => parameters),
    cost: totalCost(pieces.map(({ cost }) => cost)),
    forward(graph, inputs) {
      const passes = forwardPasses(graph, pieces, inputs);
      return {
        outputs: passes.at(-1)?.outputs ?? inputs,
        backward: (errors) => passes.reduceRight((above, pass) => pass.backward(above), errors),
      };
    },
    predict: (graph, inputs) => pieces.reduce((values, piece) => piece.predict(graph, values), inputs),
  };
}

/** Adds the forward passes of pieces, each on the outputs of the one before. @param inputs - of the first, by name */
export function forwardPasses(graph: OnnxGraph, pieces: readonly Piece[], inputs: string): Pass[] {
  const passes: Pass[] = [];
  for (const piece of pieces) passes.push(piece.forward(graph, passes.at(-1)?.outputs ?? inputs));
  return passes;
}

/** What several pieces take together. */
export function totalCost(costs: readonly PieceCost[]): PieceCost {
  const total = (count: keyof PieceCost): number => costs.reduce((sum, cost) => sum + (cost[count] ?? 0), 0);
  return Object.fromEntries(COUNTS.map((count) => [count, total(count)]));
}
