import { sizeOf } from '../core/shape.js';
import type { FloatTraining } from './float/float-training.js';
import { lengthOf, type Parameter } from './float/parameter.js';
import type { Problem, RuleDescription } from './rule.js';

/** Memory that something takes in training, known from sizes alone, and the option that decides on it. */
export interface MemoryPart {
  /** Where the option stands in the configuration of a run: `['rule', 'layers', 1]`. */
  readonly path: readonly PropertyKey[];
  /** In words: `weights [255, 784]`. */
  readonly what: string;
  /** All of it. */
  readonly bytes: number;
  /** The largest matrix of it. */
  readonly matrixBytes: number;
}

/** Sizes that decide what a network of layers with hidden weights takes. */
export interface BinarySizes {
  /** Neurons of each layer, input side first. */
  readonly layers: readonly number[];
  /** γ; of each layer or of all. */
  readonly groupSize?: number | readonly number[];
  /** Inputs of each layer, where these are not the outputs of the one below. */
  readonly inputs?: readonly number[];
}

/** A hidden weight is an int16; its sign is there in W, in the signs drawn at first, and in the network that is given out. */
const BYTES_PER_WEIGHT = 2 + 3 / 8;
/** A pre-activation is an int32; its sign, the desired one and a gate are bits. */
const BYTES_PER_NEURON = 4 + 3 / 8;
/** A step is a sample, a neuron and a direction. */
const BYTES_PER_STEP = 9;
const BYTES_PER_FLOAT = 4;

/** Bytes that a network of layers with hidden weights takes here; algorithms.md §8 counts the bits that its algorithm needs. */
export function binaryMemory(
  { layers, groupSize = 1, inputs: given }: BinarySizes,
  { input, classes, batchSize }: Problem,
): MemoryPart[] {
  const weights = layers.map((neurons, l): MemoryPart => {
    const inputs = given?.[l] ?? layers[l - 1] ?? sizeOf(input);
    return {
      path: ['rule', 'layers', l],
      what: `weights [${neurons}, ${inputs}]`,
      bytes: neurons * (inputs * BYTES_PER_WEIGHT + classes),
      matrixBytes: neurons * inputs * Int16Array.BYTES_PER_ELEMENT,
    };
  });
  const batch = layers.map((neurons, l): MemoryPart => {
    const groups = neurons / (typeof groupSize === 'number' ? groupSize : (groupSize[l] ?? 1));
    return {
      path: ['batchSize'],
      what: `activations [${batchSize}, ${neurons}]`,
      bytes: batchSize * (neurons * BYTES_PER_NEURON + groups * BYTES_PER_STEP),
      matrixBytes: batchSize * neurons * Int32Array.BYTES_PER_ELEMENT,
    };
  });
  return [...weights, ...batch];
}

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

/** What is known of a rule that says no more than its description: the bits that its algorithm needs. */
export function describedMemory({ memoryBits }: RuleDescription): MemoryPart[] {
  const bytes = { model: memoryBits.model / 8, activations: memoryBits.activations / 8 };
  return [
    { path: ['rule'], what: 'the model', bytes: bytes.model, matrixBytes: 0 },
    { path: ['batchSize'], what: 'a batch', bytes: bytes.activations, matrixBytes: 0 },
  ];
}
