import { z } from 'zod';
import { type Shape, sizeOf, stepsOf } from '../../core/shape.js';
import { stateParameter, type TrainedAs, weightParameters } from './initial-weights.js';
import { type FixedParameter, layerName, type Parameter } from './parameter.js';
import { chain } from './pieces/chain.js';
import type { Piece } from './pieces/piece.js';
import { product } from './pieces/product.js';
import { recurrent } from './pieces/recurrent.js';
import { sign } from './pieces/sign.js';

/** The option of float rules that makes a recurrent network of a multi-layer one. */
export const recurrentOption = z
  .strictObject({
    expansion: z
      .int()
      .min(0)
      .describe('K_0: what a step shows goes through so many fixed random neurons first; 0 for none.'),
  })
  .optional()
  .describe(
    'The first hidden layer sees a sequence step by step, with its own state of the step before; those behind see its last state. Default: the whole sample at once.',
  );

/** Checked value of that option. */
export type RecurrentOption = NonNullable<z.output<typeof recurrentOption>>;

/** Up to which |x| a gradient would pass through the signs of the fixed neurons: nothing below them is trained. */
const EXPANSION_BOUND = 1;

/** A recurrent layer, first in its network, with what it is made of. */
export interface RecurrentFirst {
  readonly layer: Piece;
  /** T. */
  readonly steps: number;
  /** R [K_0, n], fixed random ±1; absent: a step is shown as it is. */
  readonly expansion?: FixedParameter;
  /** W_xs [K, N]. */
  readonly ofInputs: Parameter;
  /** W_ss [K, K]. */
  readonly ofState: Parameter;
}

/**
 * The first layer of a recurrent network, as in `bep-tt` but with no state before the first step.
 * @param input - of a sample; one that is no sequence is one step
 * @param neurons - K
 * @param training - of both matrices of weights
 * @param activation - of step t, counted from 0, on sums of so many products
 */
export function recurrentFirst(
  { expansion: width }: RecurrentOption,
  input: Shape,
  neurons: number,
  training: TrainedAs,
  activation: (step: number, inputs: number) => Piece,
): RecurrentFirst {
  const { steps, of } = stepsOf(input);
  const columns = sizeOf(of);
  const expansion = width > 0 ? randomSigns(width, columns) : undefined;
  const [ofInputs] = weightParameters([expansion ? width : columns, neurons], training);
  const ofState = stateParameter(neurons, training);
  const shown = chain(expansion ? [product(expansion), sign(EXPANSION_BOUND)] : []);
  const [, inputs] = ofInputs.shape;
  return {
    layer: recurrent({
      steps,
      columns,
      shown,
      ofInputs,
      ofState,
      activation: (step) => activation(step, step > 0 ? inputs + neurons : inputs),
    }),
    steps,
    ...(expansion && { expansion }),
    ofInputs,
    ofState,
  };
}

function randomSigns(neurons: number, inputs: number): FixedParameter {
  return {
    name: `${layerName(0)}/expansion`,
    shape: [neurons, inputs],
    initial: (stream) => Float32Array.from({ length: neurons * inputs }, () => 2 * stream.below(2) - 1),
  };
}
