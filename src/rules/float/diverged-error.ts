import { XnorlabError } from '../../core/errors.js';

/** Training with gradients left the finite numbers: the learning rate is too large for the data. */
export class DivergedError extends XnorlabError {
  override readonly exitCode = 1;

  /**
   * @param rule - name of the rule: `sgd`
   * @param epoch - the epoch in which it happened, counted from 1
   * @param step - the update at which it was noticed, counted from 1 over the whole run
   * @param problem - what was found: `the loss is NaN`
   * @param learningRate - the rate that was too large
   */
  constructor(
    readonly rule: string,
    readonly epoch: number,
    readonly step: number,
    problem: string,
    learningRate: number,
  ) {
    super(
      `${rule} diverged in epoch ${epoch}, step ${step}: ${problem}; lower learningRate (${learningRate})`,
    );
  }
}
