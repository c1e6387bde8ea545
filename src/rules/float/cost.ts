import type { MemoryBits } from '../rule.js';
import { lengthOf, type Parameter } from './parameter.js';
import type { Piece, PieceCost } from './pieces/piece.js';

const FLOAT_BITS = 32;

/** Number of trainable parameters. */
export function parameterCount(pieces: readonly Piece[]): number {
  return sum(pieces, ({ parameters }) =>
    sum(parameters, (parameter) => (parameter.optimizer ? lengthOf(parameter) : 0)),
  );
}

/**
 * Float additions and multiplications of training, a division or square root counted as one: for every sample what the
 * pieces do forward, what those above the lowest that is trained do backward, and the gradients of those that are
 * trained; for every step what the pieces do for a batch, and `optimizer.operationsPerWeight` for every trained
 * parameter. Left out are comparisons (ReLU, signs, masks, clipping), softmax, loss and prediction.
 * @param samples - samples shown in training
 * @param steps - updates made
 */
export function trainingOperations(pieces: readonly Piece[], samples: number, steps: number): number {
  const lowest = pieces.findIndex(isTrained);
  const above = lowest < 0 ? [] : pieces.slice(lowest + 1);
  const perSample =
    total(pieces, 'forward') + total(above, 'backward') + total(pieces.filter(isTrained), 'gradient');
  const perStep = total(pieces, 'batch') + sum(pieces, updateOperations);
  return samples * perSample + steps * perStep;
}

/**
 * Bits that the algorithm has to hold while it trains (algorithms.md §8): 32 for each parameter and each of its
 * moments; 32 for each value that the pieces hold of each sample of one batch. The inputs of the batch belong to the
 * data. What this implementation holds beyond that for speed (the gradient, of which each entry is needed only once) is
 * not counted.
 */
export function trainingMemory(pieces: readonly Piece[], batchSize: number): MemoryBits {
  const parameters = pieces.flatMap((piece) => piece.parameters);
  return {
    model: FLOAT_BITS * sum(parameters, (parameter) => lengthOf(parameter) * arraysOf(parameter)),
    activations: FLOAT_BITS * total(pieces, 'held') * batchSize,
  };
}

function isTrained({ parameters }: Piece): boolean {
  return parameters.some(({ optimizer }) => optimizer !== undefined);
}

function updateOperations({ parameters }: Piece): number {
  return sum(
    parameters,
    (parameter) => lengthOf(parameter) * (parameter.optimizer?.operationsPerWeight ?? 0),
  );
}

/** A parameter and its moments. */
function arraysOf({ optimizer }: Parameter): number {
  return 1 + (optimizer?.moments.length ?? 0);
}

function total(pieces: readonly Piece[], count: keyof PieceCost): number {
  return sum(pieces, ({ cost }) => cost[count] ?? 0);
}

function sum<Item>(items: readonly Item[], count: (item: Item) => number): number {
  return items.reduce((subtotal, item) => subtotal + count(item), 0);
}
