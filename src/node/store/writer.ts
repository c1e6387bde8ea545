import { rmSync } from 'node:fs';
import { ArgumentError, DataError } from '../../core/errors.js';
import type { EpochRecord, RunRecord } from '../../records/record.js';
import { isRunKey } from '../../records/run-key.js';
import type { Database } from './database.js';
import { outcomeDifference } from './outcome.js';
import { type RunStatus, readRun } from './stored-run.js';

/** A run about to start. */
export interface NewRun {
  /** Of `runKey`. */
  readonly key: string;
  /** With every default filled in. */
  readonly config: object;
  readonly rule: RunRecord['rule'];
  readonly datasetSha256: string;
  /** The sweep that it counts to. */
  readonly sweep?: string | undefined;
}

/**
 * Writes to a store while its `write` runs; throws afterwards. Every call is one transaction: it happened wholly or
 * not at all, and outlives the process once it has returned. The end of a run outlives a loss of power, too; epochs
 * may go with it, and are trained again.
 *
 * All methods throw an EnvironmentError when the disk is full or cannot be written to.
 */
export class StoreWriter {
  readonly #database: Database;
  readonly #folder: string;
  readonly #checkpointFile: (key: string) => string;

  /**
   * @internal `RunStore` makes it.
   * @param checkpointFile - where the state of a run in progress lies, which goes when the run ends
   */
  constructor(database: Database, folder: string, checkpointFile: (key: string) => string) {
    this.#database = database;
    this.#folder = folder;
    this.#checkpointFile = checkpointFile;
  }

  /**
   * Enters a run, or lets an unfinished or failed one start again. Keeps the epochs that it has: see `truncate`.
   * @throws ArgumentError when the run is finished
   */
  begin({ key, config, rule, datasetSha256, sweep }: NewRun): void {
    if (!isRunKey(key)) throw new ArgumentError('key', 'a key made by runKey', key);
    const configJson = json(config);
    this.#transaction(() => {
      const known = this.#status(key);
      if (known?.status === 'finished') throw new ArgumentError('key', 'a run that is not finished yet', key);
      if (known) {
        this.#database.run(
          `UPDATE runs SET status = 'unfinished', config = ?, error = NULL WHERE id = ?`,
          configJson,
          known.id,
        );
      } else {
        this.#database.run(
          `INSERT INTO runs (key, status, rule, ruleVersion, datasetSha256, config)
           VALUES (?, 'unfinished', ?, ?, ?, ?)`,
          key,
          rule.name,
          rule.version,
          datasetSha256,
          configJson,
        );
      }
      if (sweep !== undefined) this.#join(key, sweep);
    });
  }

  /**
   * Counts a run that is in the store to a sweep, such as one that another sweep has finished.
   * @throws ArgumentError when there is no such run
   */
  join(key: string, sweep: string): void {
    this.#transaction(() => {
      if (!this.#status(key)) throw new ArgumentError('key', 'a run of this store', key);
      this.#join(key, sweep);
    });
  }

  /**
   * Forgets the epochs after `afterEpoch`: all with 0, for a run that starts anew.
   * @throws ArgumentError when the run is not in progress
   */
  truncate(key: string, afterEpoch: number): void {
    this.#transaction(() => {
      this.#database.run('DELETE FROM epochs WHERE run = ? AND epoch > ?', this.#inProgress(key), afterEpoch);
    });
  }

  /** @throws ArgumentError when the run is not in progress, or when the epochs do not go on from its last one */
  appendEpochs(key: string, epochs: readonly EpochRecord[]): void {
    this.#transaction(() => {
      const run = this.#inProgress(key);
      const last = this.#database.first<{ epoch: number | null }>(
        'SELECT max(epoch) AS epoch FROM epochs WHERE run = ?',
        run,
      );
      this.#insertEpochs(run, epochs, (last?.epoch ?? 0) + 1);
    });
  }

  /**
   * Keeps the record for good, with its epochs in place of those appended, and removes the checkpoint. A run that is
   * finished already stays as it is.
   * @throws ArgumentError when the run is neither in progress nor finished
   * @throws DataError when it is finished with another result, which the same configuration must never give
   */
  finish(key: string, record: RunRecord): void {
    const recordJson = json({ ...record, epochs: [] });
    this.#durably(() => {
      if (this.#isFinishedAs(key, record)) return;
      const run = this.#inProgress(key);
      this.#database.run(
        `UPDATE runs SET status = 'finished', record = ?, error = NULL WHERE id = ?`,
        recordJson,
        run,
      );
      this.#database.run('DELETE FROM epochs WHERE run = ?', run);
      this.#insertEpochs(run, record.epochs, 1);
    });
    rmSync(this.#checkpointFile(key), { force: true });
  }

  /**
   * Notes why a run could not be finished, and removes its checkpoint: it starts anew if it is tried again.
   * @throws ArgumentError when the run is not in progress
   */
  fail(key: string, { name, message }: { readonly name: string; readonly message: string }): void {
    this.#durably(() => {
      this.#database.run(
        `UPDATE runs SET status = 'failed', error = ? WHERE id = ?`,
        json({ name, message }),
        this.#inProgress(key),
      );
    });
    rmSync(this.#checkpointFile(key), { force: true });
  }

  #isFinishedAs(key: string, record: RunRecord): boolean {
    const known = readRun(this.#database, key);
    if (known?.status !== 'finished') return false;
    const difference = outcomeDifference(known.record, record);
    if (difference === undefined) return true;
    throw new DataError(
      this.#folder,
      `run ${key} is finished with another result (${difference}), which is kept; a configuration must always give the same`,
    );
  }

  #insertEpochs(run: number, epochs: readonly EpochRecord[], first: number): void {
    epochs.forEach((epoch, i) => {
      if (epoch.epoch !== first + i) {
        throw new ArgumentError(`epochs[${i}].epoch`, `${first + i}, the next one`, epoch.epoch);
      }
      this.#database.run(
        'INSERT INTO epochs (run, epoch, record) VALUES (?, ?, ?)',
        run,
        epoch.epoch,
        json(epoch),
      );
    });
  }

  #join(key: string, sweep: string): void {
    this.#database.run(
      'INSERT OR IGNORE INTO sweepRuns (sweep, run) SELECT ?, id FROM runs WHERE key = ?',
      sweep,
      key,
    );
  }

  #status(key: string): { id: number; status: RunStatus } | undefined {
    return this.#database.first('SELECT id, status FROM runs WHERE key = ?', key);
  }

  #inProgress(key: string): number {
    const run = this.#status(key);
    if (run?.status === 'unfinished') return run.id;
    const found = run ? `${run.status} run ${key}` : `unknown run ${key}`;
    throw new ArgumentError('key', 'a run in progress', found);
  }

  #transaction(work: () => void): void {
    this.#database.transaction('IMMEDIATE', work);
  }

  #durably(work: () => void): void {
    this.#database.exec('PRAGMA synchronous = FULL');
    try {
      this.#transaction(work);
    } finally {
      this.#database.exec('PRAGMA synchronous = NORMAL');
    }
  }
}

/** JSON, but refusing the numbers that it would turn into null. Looking for them first costs half the speed. */
function json(value: object): string {
  const text = JSON.stringify(value);
  if (text.includes('null')) JSON.stringify(value, checkFinite);
  return text;
}

function checkFinite(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ArgumentError(key, 'a finite number', value);
  }
  return value;
}
