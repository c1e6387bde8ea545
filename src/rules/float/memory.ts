import type { MemoryPart } from '../memory-part.js';
import type { Problem } from '../rule.js';
import type { FloatTraining } from './float-training.js';
import { lengthOf, type Parameter } from './parameter.js';

const BYTES_PER_FLOAT = 4;

/** What a network of floats takes: each parameter with its gradient, its moments and its signs; what a batch holds, twice. */
export function floatMemory({ parameters, stages }: FloatTraining, { batchSize }: Problem): MemoryPart[] {
  const [{ pieces }] = stages;
  const held = pieces.reduce((sum, { cost }) => sum + (cost.held ?? 0), 0);
  return [
    ...parameters.map(parameterMemory),
    {
      path: ['batchSize'],
      what: `activations [${batchSize}, ${held}]`,
      bytes: 2 * batchSize * held * BYTES_PER_FLOAT,
      matrixBytes: 0,
    },
  ];
}

function parameterMemory(parameter: Parameter): MemoryPart {
  const { name, shape, optimizer, hasSigns } = parameter;
  const arrays = 1 + (optimizer ? 1 + optimizer.moments.length : 0) + (hasSigns ? 1 : 0);
  const length = lengthOf(parameter);
  const layer = Number(/^layer-(\d+)\//.exec(name)?.[1] ?? 1);
  return {
    path: ['rule', 'layers', layer - 1],
    what: `${name.replace(/^.*\//, '')} [${shape.join(', ')}]`,
    bytes: arrays * length * BYTES_PER_FLOAT,
    matrixBytes: length * BYTES_PER_FLOAT,
  };
}
