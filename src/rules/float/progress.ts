import { ArgumentError } from '../../core/errors.js';

/** How far training has come: whole epochs, and for each stage the batches and samples shown in it. */
export class Progress {
  readonly #steps: Float64Array;
  readonly #samples: Float64Array;

  /**
   * @param stages - number of stages
   * @param epochsPerStage - epochs after which the next stage begins
   * @param epochs - whole epochs trained
   */
  constructor(
    stages: number,
    readonly epochsPerStage: number,
    public epochs = 0,
  ) {
    this.#steps = new Float64Array(stages);
    this.#samples = new Float64Array(stages);
  }

  /** The stage that the next batch belongs to, counted from 0. */
  get stage(): number {
    return Math.min(Math.floor(this.epochs / this.epochsPerStage), this.#steps.length - 1);
  }

  /** Batches shown in all stages. */
  get steps(): number {
    return this.#steps.reduce((sum, steps) => sum + steps, 0);
  }

  /** Counts a batch of `samples` samples. */
  countBatch(samples: number): void {
    this.#steps[this.stage]++;
    this.#samples[this.stage] += samples;
  }

  /** Samples and batches shown in stage `stage`. */
  shownIn(stage: number): { readonly samples: number; readonly steps: number } {
    return { samples: this.#samples[stage], steps: this.#steps[stage] };
  }

  /** Epochs, then batches and samples of each stage. */
  save(): Float64Array {
    const perStage = Array.from(this.#steps, (steps, stage) => [steps, this.#samples[stage]]);
    return Float64Array.of(this.epochs, ...perStage.flat());
  }

  /**
   * The progress that `save` gave, of the same stages as this one; this one is not changed.
   * @throws ArgumentError when `saved` cannot be that
   */
  restored(saved: unknown): Progress {
    const length = 1 + 2 * this.#steps.length;
    if (!(saved instanceof Float64Array) || saved.length !== length) {
      throw new ArgumentError("state['progress']", `a Float64Array of ${length} entries`, saved);
    }
    const progress = new Progress(this.#steps.length, this.epochsPerStage, saved[0]);
    progress.#steps.set(this.#steps.map((_, stage) => saved[1 + 2 * stage]));
    progress.#samples.set(this.#samples.map((_, stage) => saved[2 + 2 * stage]));
    return progress;
  }
}
