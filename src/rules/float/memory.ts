import { largest } from '../../core/extremes.js';
import type { MemoryPart } from '../memory-part.js';
import type { Problem } from '../rule.js';
import type { FloatTraining } from './float-training.js';
import { lengthOf, type Parameter } from './parameter.js';
import type { Piece } from './pieces/piece.js';

const BYTES_PER_FLOAT = 4;

/** What a network of floats takes: each parameter with its gradient, its moments and its signs; what a batch holds, twice. */
export function floatMemory(network: FloatTraining, { batchSize }: Problem): MemoryPart[] {
  const { parameters, stages, sizeOption } = network;
  const held = largest(stages.map(({ pieces }) => total(pieces, 'held') + total(pieces, 'copied')));
  return [
    ...parameters.map((parameter) => parameterMemory(parameter, sizeOption)),
    {
      path: ['batchSize'],
      what: `activations [${batchSize}, ${held}]`,
      bytes: 2 * batchSize * held * BYTES_PER_FLOAT,
      matrixBytes: 0,
    },
  ];
}

/** Values that pieces make for each sample beyond those that training has to hold. */
export function copiedValues(network: FloatTraining): number {
  return largest(network.stages.map(({ pieces }) => total(pieces, 'copied')));
}

function total(pieces: readonly Piece[], count: 'held' | 'copied'): number {
  return pieces.reduce((sum, { cost }) => sum + (cost[count] ?? 0), 0);
}

function parameterMemory(parameter: Parameter, sizeOption: string | undefined): MemoryPart {
  const { name, shape, optimizer, hasSigns } = parameter;
  const arrays = 1 + (optimizer ? 1 + optimizer.moments.length : 0) + (hasSigns ? 1 : 0);
  const length = lengthOf(parameter);
  const layer = Number(/^layer-(\d+)\//.exec(name)?.[1] ?? 1);
  return {
    path: sizeOption ? ['rule', sizeOption] : ['rule', 'layers', layer - 1],
    what: `${name.replace(/^.*\//, '')} [${shape.join(', ')}]`,
    bytes: arrays * length * BYTES_PER_FLOAT,
    matrixBytes: length * BYTES_PER_FLOAT,
  };
}
