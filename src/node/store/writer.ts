import { rmSync } from 'node:fs';
import { ArgumentError, DataError } from '../../core/errors.js';
import type { EpochRecord, RunRecord } from '../../records/record.js';
import { isRunKey } from '../../records/run-key.js';
import {
  checksum,
  counted,
  NOTHING,
  readSeal,
  SEALED,
  type SealedTable,
  type Tally,
  writeTally,
} from './checksum.js';
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
  /** As it is to be after the transaction that is open. */
  #tally: Tally = NOTHING;

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
        this.#change(known.id, `status = 'unfinished', config = ?, error = NULL`, configJson);
      } else {
        this.#insert(
          'runs',
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
      this.#delete('epochs', 'run = ? AND epoch > ?', this.#inProgress(key), afterEpoch);
    });
  }

  /**
   * Forgets a run, whatever became of it: a sweep that has it trains it anew.
   * @throws ArgumentError when there is no such run
   */
  remove(key: string): void {
    this.#durably(() => {
      const run = this.#status(key);
      if (!run) throw new ArgumentError('key', 'a run of this store', key);
      this.#delete('sweepRuns', 'run = ?', run.id);
      this.#delete('epochs', 'run = ?', run.id);
      this.#delete('runs', 'id = ?', run.id);
    });
    rmSync(this.#checkpointFile(key), { force: true });
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
      this.#change(run, `status = 'finished', record = ?, error = NULL`, recordJson);
      this.#delete('epochs', 'run = ?', run);
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
      this.#change(this.#inProgress(key), `status = 'failed', error = ?`, json({ name, message }));
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
      this.#insert(
        'epochs',
        'INSERT INTO epochs (run, epoch, record) VALUES (?, ?, ?)',
        run,
        epoch.epoch,
        json(epoch),
      );
    });
  }

  #join(key: string, sweep: string): void {
    this.#insert(
      'sweepRuns',
      'INSERT OR IGNORE INTO sweepRuns (sweep, run) SELECT ?, id FROM runs WHERE key = ?',
      sweep,
      key,
    );
  }

  /** Inserts a row, or none, and seals it. */
  #insert(table: SealedTable, sql: string, ...values: readonly (string | number)[]): void {
    const [inserted] = this.#database.returned(`${sql} RETURNING rowid`, ...values);
    if (inserted) this.#seal(table, inserted[0] as number);
  }

  /** Changes a run and seals it anew. */
  #change(run: number, assignments: string, value: string): void {
    this.#uncount('runs', 'id = ?', run);
    this.#database.run(`UPDATE runs SET ${assignments} WHERE id = ?`, value, run);
    this.#seal('runs', run);
  }

  #delete(table: SealedTable, condition: string, ...values: readonly number[]): void {
    this.#uncount(table, condition, ...values);
    this.#database.run(`DELETE FROM ${table} WHERE ${condition}`, ...values);
  }

  #uncount(table: SealedTable, condition: string, ...values: readonly number[]): void {
    const rows = this.#database.all<{ checksum: string | null }>(
      `SELECT checksum FROM ${table} WHERE ${condition}`,
      ...values,
    );
    for (const row of rows) this.#tally = counted(this.#tally, table, row.checksum, -1);
  }

  /** Gives a row its checksum: of what it is in the file, whose numbers SQLite has read from JSON in its own way. */
  #seal(table: SealedTable, rowid: number): void {
    const [cells] = this.#database.bytes(
      `SELECT ${SEALED[table].join(', ')} FROM ${table} WHERE rowid = ?`,
      rowid,
    );
    const sealed = checksum(table, cells);
    this.#database.run(`UPDATE ${table} SET checksum = ? WHERE rowid = ?`, sealed, rowid);
    this.#tally = counted(this.#tally, table, sealed, 1);
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
    this.#database.transaction('IMMEDIATE', () => {
      const seal = readSeal(this.#database);
      if (!seal) throw new DataError(this.#folder, 'store.sqlite is damaged: its seal is none');
      this.#tally = seal.tally;
      work();
      if (this.#tally !== seal.tally) writeTally(this.#database, this.#tally);
    });
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
