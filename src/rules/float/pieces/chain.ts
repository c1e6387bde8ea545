import type { Pass, Piece, PieceCost } from './piece.js';

const COUNTS = ['forward', 'backward', 'gradient', 'batch', 'held'] as const;

/** Pieces one after the other, input side first, as one piece: the identity where there are none. */
export function chain(pieces: readonly Piece[]): Piece {
  return {
    parameters: pieces.flatMap(({ parameters }) => parameters),
    cost: totalCost(pieces.map(({ cost }) => cost)),
    forward(graph, inputs) {
      const passes: Pass[] = [];
      let outputs = inputs;
      for (const piece of pieces) {
        const pass = piece.forward(graph, outputs);
        passes.push(pass);
        outputs = pass.outputs;
      }
      return {
        outputs,
        backward: (errors) => passes.reduceRight((above, pass) => pass.backward(above), errors),
      };
    },
    predict: (graph, inputs) => pieces.reduce((values, piece) => piece.predict(graph, values), inputs),
  };
}

/** What several pieces take together. */
export function totalCost(costs: readonly PieceCost[]): PieceCost {
  const total = (count: keyof PieceCost): number => costs.reduce((sum, cost) => sum + (cost[count] ?? 0), 0);
  return Object.fromEntries(COUNTS.map((count) => [count, total(count)]));
}
