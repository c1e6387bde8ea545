import { sizeOf } from '../../core/shape.js';
import type { MemoryPart } from '../memory-part.js';
import type { Problem } from '../rule.js';

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
