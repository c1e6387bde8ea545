import type { EpochRecord, RunRecord } from '../../records/record.js';

/** Why a run could not be finished. */
export interface RunFailure {
  readonly name: string;
  readonly message: string;
}

/** What a store says of a run that it holds. */
export type KnownRun =
  | { readonly status: 'unfinished' }
  | { readonly status: 'failed'; readonly error: RunFailure }
  | { readonly status: 'finished'; readonly record: RunRecord };

/** A run as it is entered before it is trained. */
export interface RunEntry {
  readonly key: string;
  /** With every default filled in. */
  readonly config: object;
  readonly rule: RunRecord['rule'];
  readonly datasetSha256: string;
  readonly sweep?: string | undefined;
}

/** Where a sweep finds what is trained already. */
export interface SweepStore {
  find(key: string): KnownRun | undefined;
  /** Where the run in progress is kept. */
  checkpointFile(key: string): string;
}

/** What a sweep writes while it goes on. */
export interface SweepWriter {
  begin(run: RunEntry): void;
  /** Counts a run that is there to a sweep. */
  join(key: string, sweep: string): void;
  /** Forgets the epochs after `afterEpoch`. */
  truncate(key: string, afterEpoch: number): void;
  appendEpochs(key: string, epochs: readonly EpochRecord[]): void;
  finish(key: string, record: RunRecord): void;
  fail(key: string, failure: RunFailure): void;
}
