import { EnvironmentError } from '../../core/errors.js';

/** Who writes to a store. */
export interface WriterIdentity {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** Another writer has the store. */
export class StoreBusyError extends EnvironmentError {
  /** @param holder - undefined in the moment before it has made itself known */
  constructor(
    readonly folder: string,
    readonly holder: WriterIdentity | undefined,
    options?: ErrorOptions,
  ) {
    const who = holder ? `process ${holder.pid} on ${holder.host} since ${holder.since}` : 'another process';
    super(`${folder} is being written by ${who}`, 'Wait until it is done, or end it.', options);
  }
}
