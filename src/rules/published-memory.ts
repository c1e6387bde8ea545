import { largest } from '../core/extremes.js';

/** What a run is counted by. */
export interface CountedRun {
  /** n: training samples, all of them. */
  readonly samples: number;
  /** N: inputs of a sample, in bits of the binary run. */
  readonly inputs: number;
  readonly classes: number;
  readonly batchSize: number;
}

/** A float network: how many hidden layers, how it is trained and what it is shown. */
export interface CountedFloat {
  readonly rule: 'sgd' | 'adam';
  readonly depth: number;
  /** What it is shown: real numbers, of which it gets ⌊n/32⌋ samples, or the bits of the binary run, all of them. */
  readonly inputs: 'full-precision' | 'binarized';
}

/** Of a hidden weight, of a pre-activation. */
const INTEGER_BITS = 8;

const FLOAT_BITS = 32;

/** Values for each weight: itself, and of Adam two moments. */
const VALUES_OF_WEIGHT = { sgd: 1, adam: 3 } as const;

/** Samples that the memory of the data set leaves room for: as many bits, 32 for each number. */
export function countedSamples({ inputs }: Pick<CountedFloat, 'inputs'>, samples: number): number {
  return inputs === 'full-precision' ? Math.floor(samples / FLOAT_BITS) : samples;
}

/**
 * Bits of a run of LBES as its authors count them: n·N of data, 8 for each weight and for each pre-activation of a batch, 1 for each
 * entry of the largest local classifier.
 */
export function publishedBinaryBits(
  layers: readonly number[],
  { samples, inputs, classes, batchSize }: CountedRun,
): number {
  const neurons = layers.reduce((sum, width) => sum + width, 0);
  return (
    samples * inputs +
    INTEGER_BITS * (weightsOf([inputs, ...layers]) + neurons * batchSize) +
    largest(layers) * classes
  );
}

/**
 * Bits of a float run of one width as the authors count them: 32 for each number of the data or 1 for each bit, 32 for each weight (96 with
 * Adam's moments), for each activation of a batch in a hidden layer, and for the gradient of the largest layer.
 */
export function publishedFloatBits(
  width: number,
  float: CountedFloat,
  { samples, inputs, classes, batchSize }: CountedRun,
): number {
  const { rule, depth } = float;
  const widths = [inputs, ...Array<number>(depth).fill(width), classes];
  const data = countedSamples(float, samples) * inputs * (float.inputs === 'binarized' ? 1 : FLOAT_BITS);
  const largestGradient = largest(widths.slice(1).map((neurons, l) => neurons * widths[l]));
  const values = VALUES_OF_WEIGHT[rule] * weightsOf(widths) + depth * width * batchSize + largestGradient;
  return data + FLOAT_BITS * values;
}

/** The width whose bits are nearest to those of a binary run; the smaller one of two. At least 1. */
export function publishedWidth(bits: number, float: CountedFloat, run: CountedRun): number {
  let width = 1;
  while (publishedFloatBits(width + 1, float, run) <= bits) width++;
  const below = bits - publishedFloatBits(width, float, run);
  return publishedFloatBits(width + 1, float, run) - bits < below ? width + 1 : width;
}

/** Σ of neighbouring widths. */
function weightsOf(widths: readonly number[]): number {
  return widths.slice(1).reduce((sum, neurons, l) => sum + neurons * widths[l], 0);
}
