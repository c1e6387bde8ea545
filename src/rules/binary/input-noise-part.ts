import type { BitMatrix } from '../../core/bit-matrix.js';
import { sizeOf } from '../../core/shape.js';
import { InputNoise } from '../../layers/input-noise.js';
import type { LayerContext, LearnerState } from '../../layers/layer.js';
import { NO_OPERATIONS, type OperationCounts } from '../cost.js';
import type { Problem } from '../rule.js';
import type { TrainingPart } from './part.js';

const STATE = 'input-noise';

/**
 * Flip noise on the inputs of training batches. Flipping takes one XNOR for each bit shown; `withInputNoise` describes it.
 */
export class InputNoisePart implements TrainingPart {
  readonly #noise: InputNoise;
  #bitsShown = 0;

  /** @param probability - in (0, 1] */
  constructor(
    probability: number,
    readonly problem: Problem,
    { streams }: LayerContext,
  ) {
    this.#noise = new InputNoise(probability, streams.stream('training/input-noise'));
  }

  beforeBatch(inputs: BitMatrix): void {
    this.#noise.flip(inputs);
  }

  afterEpoch(samples: number): void {
    this.#bitsShown += samples * sizeOf(this.problem.input);
  }

  operations(): OperationCounts {
    return { ...NO_OPERATIONS, xnorBits: this.#bitsShown };
  }

  saveState(): LearnerState {
    return { [STATE]: this.#noise.saveState() };
  }

  /** How many samples were shown is in the state of the learner, `progress`. */
  loadState(state: LearnerState): void {
    this.#noise.loadState(state[STATE]);
    this.#bitsShown = state.progress[0] * sizeOf(this.problem.input);
  }
}
