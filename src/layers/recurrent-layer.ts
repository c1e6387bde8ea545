import type { BitMatrix } from '../core/bit-matrix.js';
import { Int32Matrix } from '../core/int-matrix.js';
import { type Shape, vector } from '../core/shape.js';
import type { Kernels } from '../kernels/kernels.js';
import { BinaryLayer, type LayerOutput } from './binary-layer.js';
import type { HiddenWeightOptions } from './hidden-weights.js';
import type { LayerContext } from './layer.js';

/** What stands before the first step: a state of +1, or nothing, so that the first step is of its input alone. */
export const START_STATES = ['plus', 'zero'] as const;

/** One of these. */
export type StartState = (typeof START_STATES)[number];

/** What a recurrent layer of K neurons computes for B samples of T steps. Rows of one step lie together: row t·B + b is of sample b. */
export interface RecurrentOutput {
  /** s_0 … s_T, [(T + 1)·B, K]: row t·B + b is what sample b brought along to step t + 1. */
  readonly states: BitMatrix;
  /** z_1 … z_T and s_1 … s_T, each [B, K], input side first: views. */
  readonly steps: readonly LayerOutput[];
  /** z of all steps, [T·B, K]. */
  readonly preActivations: Int32Matrix;
  /** W_ss s of one step, [B, K]. */
  readonly fromState: Int32Matrix;
}

/**
 * K binary neurons that see the input of a step and what they all gave at the step before: for t = 1 … T
 *
 *     z_t = W_xs x_t + W_ss s_{t−1},   s_t = sign(z_t)
 *
 * with s_0 = +1, or without W_ss at the first step. Both matrices are the visible weights of a BinaryLayer: the same ones at all steps.
 */
export class RecurrentLayer {
  /** W_xs, [K, N]; its weights learn as those of any layer. */
  readonly ofInputs: BinaryLayer;
  /** W_ss, [K, K]. */
  readonly ofState: BinaryLayer;
  readonly #kernels: Kernels;
  /** s_0, one row of +1. */
  readonly #start: BitMatrix;
  /** W_ss s_0, [1, K]. */
  readonly #fromStart: Int32Matrix;

  /**
   * @param input - what a step shows, of N columns
   * @param neurons - K
   * @param name - begins the names of its random streams; those of W_ss with `/state` behind it
   */
  constructor(
    input: Shape,
    readonly neurons: number,
    readonly startState: StartState,
    name: string,
    options: HiddenWeightOptions,
    context: LayerContext,
  ) {
    this.#kernels = context.kernels;
    this.ofInputs = new BinaryLayer(input, neurons, name, options, context);
    this.ofState = new BinaryLayer(vector(neurons), neurons, `${name}/state`, options, context);
    this.#start = context.kernels.bitMatrix(1, neurons);
    this.#fromStart = context.kernels.int32Matrix(1, neurons);
    context.kernels.packSigns(this.#fromStart, this.#start); // sign(0) = +1
  }

  /** Memory for `rows` samples of `steps` steps, s_0 filled in. */
  allocate(rows: number, steps: number): RecurrentOutput {
    const { neurons } = this;
    const states = this.#kernels.bitMatrix((steps + 1) * rows, neurons);
    for (let row = 0; row < rows; row++) states.words.set(this.#start.words, row * states.rowWords);
    const preActivations = this.#kernels.int32Matrix(steps * rows, neurons);
    const ofStep = (t: number): LayerOutput => ({
      preActivations: new Int32Matrix(
        rows,
        neurons,
        preActivations.values.subarray(t * rows * neurons, (t + 1) * rows * neurons),
      ),
      activations: states.rowRange((t + 1) * rows, (t + 2) * rows),
    });
    return {
      states,
      preActivations,
      steps: Array.from({ length: steps }, (_, t) => ofStep(t)),
      fromState: this.#kernels.int32Matrix(rows, neurons),
    };
  }

  /**
   * Goes through all steps. Overwrites the output.
   * @param inputs - x_1 … x_T, [T·B, N]
   */
  forward(inputs: BitMatrix, { steps, preActivations, fromState }: RecurrentOutput): void {
    const kernels = this.#kernels;
    const { visible } = this.ofState.weights;
    kernels.product(inputs, this.ofInputs.weights.visible, preActivations);
    if (this.startState === 'plus') kernels.product(this.#start, visible, this.#fromStart);
    steps.forEach(({ preActivations: z, activations }, t) => {
      if (t > 0) {
        kernels.product(steps[t - 1].activations, visible, fromState);
        addRepeated(z.values, fromState.values);
      } else if (this.startState === 'plus') addRepeated(z.values, this.#fromStart.values);
      kernels.packSigns(z, activations);
    });
  }
}

/** sums[i] += terms[i mod length of terms] */
function addRepeated(sums: Int32Array, terms: Int32Array): void {
  for (let start = 0; start < sums.length; start += terms.length) {
    for (let i = 0; i < terms.length; i++) sums[start + i] += terms[i];
  }
}
