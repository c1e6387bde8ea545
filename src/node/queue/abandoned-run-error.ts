import { XnorlabError } from '../../core/errors.js';

/** The workers of a queue gave a run up: it lost its worker, or the worker its thread, again and again. */
export class AbandonedRunError extends XnorlabError {
  override readonly exitCode = 1;

  /** @param reason - how it ended the last time */
  constructor(readonly reason: string) {
    super(`the workers gave the run up: ${reason}`);
  }
}
