import { XnorlabError } from '../../core/errors.js';

/** A worker thread ended in the middle of its work: out of memory, or a call of process.exit. */
export class WorkerError extends XnorlabError {
  override readonly exitCode = 1;

  /** @param reason - what is known of its end */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`the worker thread ended before its work did: ${reason}`, options);
  }
}
