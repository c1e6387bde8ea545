import type { BitMatrix } from '../core/bit-matrix.js';
import type { Int32Matrix } from '../core/int-matrix.js';
import { type Shape, sizeOf, vector } from '../core/shape.js';
import { Consolidation } from '../kernels/consolidation.js';
import { GeometricGaps } from '../kernels/geometric-gaps.js';
import type { Kernels } from '../kernels/kernels.js';
import type { StepList } from '../kernels/lists.js';
import { keepZeros } from '../kernels/ternary-kernels.js';
import {
  type HiddenWeightOptions,
  type HiddenWeights,
  hiddenBound,
  normalHiddenWeights,
  observeDepth,
} from './hidden-weights.js';
import { Hysteresis } from './hysteresis.js';
import type { LayerContext, LayerObservation, LearnerState } from './layer.js';
import { hasZeros, kernelsFor, matrixFor } from './zeros.js';

/** What a layer of K neurons computes for B samples. */
export interface LayerOutput {
  /** z, [B, K]. */
  readonly preActivations: Int32Matrix;
  /** a = sign(z), [B, K]; a TernaryMatrix where activations may be 0. */
  readonly activations: BitMatrix;
}

/** Events of an epoch, or of all training. */
interface Counts {
  /** Steps of neurons; each moves as many weights as the layer has inputs, or is refused by some. */
  steps: number;
  /** Reinforced weights. */
  reinforcements: number;
  /** Changes of sign of visible weights. */
  flips: number;
}

/**
 * K binary neurons on N inputs with hidden weights: forward, ±2 steps and reinforcement (algorithms.md §1, §3, §4).
 * Which neurons step is the rule's business. Holds the layer's state and changes it in place.
 */
export class BinaryLayer {
  /** N. */
  readonly inputs: number;
  /** What it gives: K numbers without an order among them. */
  readonly output: Shape;
  /** H and W, [K, N]. */
  readonly weights: HiddenWeights;
  /** Largest |h|. */
  readonly bound: number;
  readonly #kernels: Kernels;
  readonly #options: HiddenWeightOptions;
  readonly #gaps: GeometricGaps;
  readonly #hysteresis: Hysteresis | undefined;
  readonly #consolidation: Consolidation | undefined;
  #reinforcing = false;
  #total: Counts = noCounts();
  #epoch: Counts = noCounts();

  /**
   * @param input - what it is shown, of N columns
   * @param neurons - K
   * @param name - of the layer; begins the names of its random streams
   */
  constructor(
    readonly input: Shape,
    readonly neurons: number,
    name: string,
    options: HiddenWeightOptions,
    { kernels, streams }: LayerContext,
  ) {
    this.#kernels = kernelsFor(kernels, options);
    this.#options = options;
    this.inputs = sizeOf(input);
    this.output = vector(neurons);
    this.bound = hiddenBound(options.hiddenBits);
    this.#gaps = new GeometricGaps(streams.stream(`${name}/reinforcement`));
    const signs = streams.stream(`${name}/signs`).signs(neurons, this.inputs);
    this.weights = normalHiddenWeights(kernels, signs, {
      depth: options.initialDepth,
      bound: this.bound,
      stream: streams.stream(`${name}/depth`),
      hasZeros: hasZeros(options, 'weights'),
    });
    if (options.flipThreshold !== undefined)
      this.#hysteresis = new Hysteresis(options.flipThreshold, this.weights.visible);
    if (options.consolidation)
      this.#consolidation = new Consolidation(streams.stream(`${name}/consolidation`), options.consolidation);
  }

  /** Memory for the outputs of `rows` samples. */
  allocateOutput(rows: number): LayerOutput {
    return {
      preActivations: this.#kernels.int32Matrix(rows, this.neurons),
      activations: matrixFor('activations', this.#kernels, this.#options, rows, this.neurons),
    };
  }

  /**
   * z = W a, a' = sign(z). Overwrites the output.
   * @param visible - other weights than W, [K, N]
   */
  forward(inputs: BitMatrix, output: LayerOutput, visible: BitMatrix = this.weights.visible): void {
    this.#kernels.product(inputs, visible, output.preActivations, output.activations);
  }

  /** §4 step 5 for all steps of a batch at once, with hysteresis and consolidation if they are asked for. */
  step(inputs: BitMatrix, steps: StepList): void {
    const { hidden, visible } = this.weights;
    this.#hysteresis?.note(this.weights);
    this.#epoch.steps += steps.count;
    const { bound } = this;
    this.#epoch.flips += this.#consolidation
      ? this.#kernels.applyConsolidatedSteps(hidden, visible, inputs, steps, this.#consolidation, bound)
      : this.#kernels.applySteps(hidden, visible, inputs, steps, bound);
    this.#hysteresis?.deepenFlipped(this.weights, this.bound);
  }

  /** §4 step 6, with the probability of the epoch. A weight of 0 stays there. */
  reinforce(): void {
    if (!this.#reinforcing) return;
    const { hidden, visible } = this.weights;
    this.#epoch.reinforcements += this.#kernels.reinforce(hidden, this.#gaps, this.bound);
    keepZeros(hidden, visible);
  }

  /**
   * Starts an epoch. §4 step 6: a weight is reinforced with probability p_r·√(1 − acc)·√(2/(πN)).
   * @param scale - p_r·√(1 − acc), in [0, 1]
   */
  beginEpoch(scale: number): void {
    const probability = scale * Math.sqrt(2 / (Math.PI * this.inputs));
    this.#reinforcing = probability > 0;
    this.#gaps.setProbability(probability);
    this.#epoch = noCounts();
  }

  /**
   * Ends an epoch.
   * @param triggerShare - share of the samples shown that triggered an update of this layer, in [0, 1]
   */
  endEpoch(triggerShare: number): LayerObservation {
    const { steps, reinforcements, flips } = this.#epoch;
    this.#total.steps += steps;
    this.#total.reinforcements += reinforcements;
    this.#total.flips += flips;
    return { triggerShare, flips, ...observeDepth(this.weights.hidden, this.bound) };
  }

  /** Steps, those that consolidation refuses among them, reinforcements and jumps of single weights since the layer was made, in finished epochs. */
  weightSteps(): number {
    const { steps, reinforcements, flips } = this.#total;
    return steps * this.inputs + reinforcements + (this.#hysteresis ? flips : 0);
  }

  /** Copies the state out, under keys that start with `prefix`. */
  saveState(prefix: string): LearnerState {
    const { steps, reinforcements, flips } = this.#total;
    return {
      [`${prefix}/hidden`]: this.weights.hidden.values.slice(),
      [`${prefix}/gaps`]: Uint32Array.from(this.#gaps.state),
      ...(this.#consolidation && {
        [`${prefix}/consolidation`]: Uint32Array.from(this.#consolidation.state),
      }),
      [`${prefix}/counts`]: Float64Array.of(steps, reinforcements, flips),
    };
  }

  /** Returns to a state that `saveState` gave. */
  loadState(state: LearnerState, prefix: string): void {
    this.weights.hidden.values.set(state[`${prefix}/hidden`]);
    this.#kernels.packSigns(this.weights.hidden, this.weights.visible);
    this.#gaps.state.set(state[`${prefix}/gaps`]);
    this.#consolidation?.state.set(state[`${prefix}/consolidation`]);
    const [steps, reinforcements, flips] = state[`${prefix}/counts`];
    this.#total = { steps, reinforcements, flips };
  }
}

function noCounts(): Counts {
  return { steps: 0, reinforcements: 0, flips: 0 };
}
