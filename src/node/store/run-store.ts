import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { ArgumentError, DataError, EnvironmentError } from '../../core/errors.js';
import type { Cell, Row } from '../../core/row.js';
import type { RunRecord } from '../../records/record.js';
import { isRunKey } from '../../records/run-key.js';
import { Database, SQLITE, sqliteCode } from './database.js';
import { exportTables } from './export.js';
import { checkSchema, createSchema } from './schema.js';
import { checkSelect } from './select-statement.js';
import { StoreBusyError, type WriterIdentity } from './store-busy-error.js';
import { readRun, readRuns, type StoredRun } from './stored-run.js';
import { StoreWriter } from './writer.js';
import { WriterLock } from './writer-lock.js';

const DATABASE = 'store.sqlite';
const CHECKPOINT = '.checkpoint';

/** Which runs are meant. All by default. */
export interface RunFilter {
  /** Only those of this sweep. */
  readonly sweep?: string | undefined;
}

/** How to get the right to write. */
export interface WriteOptions {
  /** Wait for another writer instead of failing. Default false. */
  readonly wait?: boolean | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a folder of runs for reading; `write` writes.
 * @param options.create - make the folder and the store if there is none. Default false.
 * @throws DataError for what is no store, a damaged one, or one of a newer xnorlab
 * @throws EnvironmentError when it cannot be read or made
 */
export function openStore(folder: string, options: { readonly create?: boolean } = {}): RunStore {
  const file = path.join(folder, DATABASE);
  checkFolder(folder, file, options.create ?? false);
  if (options.create) create(folder, file);
  const reader = openReader(folder, file);
  try {
    checkSchema(reader, folder);
  } catch (error) {
    reader.close();
    throw error;
  }
  return new RunStore(folder, reader);
}

/**
 * Runs in a folder: records, epochs as they come, and checkpoints of runs in progress. Any number of processes read
 * while one writes. The folder can be copied while nobody writes, and read where it cannot be written to.
 */
export class RunStore {
  readonly folder: string;
  readonly #reader: Database;

  /** Use `openStore`. */
  /** @internal `openStore` makes it. */
  constructor(folder: string, reader: Database) {
    this.folder = folder;
    this.#reader = reader;
  }

  /**
   * Does `work` with the exclusive right to write, which ends with it, and with the process however that dies.
   * @throws StoreBusyError when another writer has it, in this process or another, unless `wait`
   * @throws InterruptedError when `signal` aborts while waiting
   * @throws EnvironmentError when the folder cannot be written to
   */
  async write<Result>(
    work: (writer: StoreWriter) => Promise<Result>,
    { wait = false, signal }: WriteOptions = {},
  ): Promise<Result> {
    const lockFile = path.join(this.folder, 'writer.lock');
    const lock = wait ? await WriterLock.acquire(lockFile, signal) : WriterLock.tryAcquire(lockFile);
    if (!lock) throw new StoreBusyError(this.folder, this.#writer());
    try {
      const database = new Database(path.join(this.folder, DATABASE), 'write');
      try {
        // Kept through a loss of power are only the ends of runs, see StoreWriter; nothing can damage the file.
        database.exec('PRAGMA synchronous = NORMAL');
        this.#introduceWriter(database);
        this.#removeLeftCheckpoints();
        return await work(new StoreWriter(database, this.folder, (key) => this.checkpointFile(key)));
      } finally {
        mergeLog(database);
        database.close();
      }
    } finally {
      lock.release();
    }
  }

  find(key: string): StoredRun | undefined {
    return this.#snapshot(() => readRun(this.#reader, key));
  }

  /** In the order in which they were begun first; those of a sweep, in the order in which they joined it. */
  runs({ sweep }: RunFilter = {}): StoredRun[] {
    return this.#snapshot(() => readRuns(this.#reader, sweep));
  }

  /** Records of finished runs, as they were written, in the order of `runs`. */
  records(filter: RunFilter = {}): RunRecord[] {
    return this.runs(filter).flatMap((run) => (run.status === 'finished' ? [run.record] : []));
  }

  /**
   * Rows of a SELECT.
   *
   * Tables: `runs` (`id`, `key`, `status`, `rule`, `dataset`, `layers`, `seed`, `testAccuracy` and so on), `epochs`
   * (`run`, `epoch`, `testAccuracy`, `loss`, `flips` and so on), `layers` (`run`, `epoch`, `layer` from 1,
   * `triggerPercent`, `flips`, `boundPercent`, `depthHistogram`) and `sweepRuns` (`sweep`, `run`). `run` is the `id` of
   * a run. `runs.config` and `runs.record` are JSON: `config ->> '$.rule.groupSize'` is a column like any other.
   * @param parameters - values for each `?` in turn
   * @throws ArgumentError for wrong SQL, SQL that writes, columns of equal names, and values that a row cannot hold
   */
  query(sql: string, parameters: readonly Cell[] = []): Row[] {
    checkSelect(sql, parameters);
    const { columns, rows } = this.#select(sql, parameters);
    const repeated = columns.find((column, i) => columns.indexOf(column) !== i);
    if (repeated !== undefined) throw new ArgumentError('sql', 'columns of different names', repeated);
    return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, cell(column, row[i])])));
  }

  /**
   * Writes `runs.csv`, `epochs.csv`, `layers.csv`, `tasks.csv` and `sweepRuns.csv` to a folder, joined by `key`. `runs` has a column for every
   * option that its runs differ in, by its path: `rule.groupSize`; docs/runs.md says how others read them.
   * @returns the files
   * @throws EnvironmentError when they cannot be written
   */
  exportCsv(folder: string): Promise<string[]> {
    return exportTables(this.#reader, folder, 'csv');
  }

  /** Like `exportCsv`, as Parquet. */
  exportParquet(folder: string): Promise<string[]> {
    return exportTables(this.#reader, folder, 'parquet');
  }

  /**
   * Where the state of a run in progress belongs. Gone once the run has ended.
   * @throws ArgumentError for a text that is no key
   */
  checkpointFile(key: string): string {
    if (!isRunKey(key)) throw new ArgumentError('key', 'a key made by runKey', key);
    return path.join(this.#checkpointFolder, `${key}${CHECKPOINT}`);
  }

  /** Ends reading. Further calls throw. */
  close(): void {
    this.#reader.close();
  }

  get #checkpointFolder(): string {
    return path.join(this.folder, 'checkpoints');
  }

  #snapshot<Result>(work: () => Result): Result {
    return this.#reader.transaction('DEFERRED', work);
  }

  #select(sql: string, parameters: readonly Cell[]): ReturnType<Database['select']> {
    try {
      return this.#reader.select(sql, parameters);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      switch (sqliteCode(error)) {
        case SQLITE.ERROR:
          throw new ArgumentError('sql', `a statement that SQLite accepts (${reason})`, sql);
        case SQLITE.READONLY:
          throw new ArgumentError('sql', 'a statement that only reads', sql);
        default:
          throw error;
      }
    }
  }

  #writer(): WriterIdentity | undefined {
    return this.#reader.first<WriterIdentity>('SELECT pid, host, since FROM writer');
  }

  #introduceWriter(database: Database): void {
    database.transaction('IMMEDIATE', () => {
      database.run('DELETE FROM writer');
      database.run(
        'INSERT INTO writer (pid, host, since) VALUES (?, ?, ?)',
        process.pid,
        hostname(),
        new Date().toISOString(),
      );
    });
  }

  /** Those of runs that a writer finished and was killed before it removed them, and those that it did not finish. */
  #removeLeftCheckpoints(): void {
    const folder = this.#checkpointFolder;
    const files = statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder) : [];
    for (const file of files) {
      const run = this.find(path.basename(file, CHECKPOINT));
      const isHalfWritten = file.endsWith('.tmp');
      if (isHalfWritten || (run && run.status !== 'unfinished'))
        rmSync(path.join(folder, file), { force: true });
    }
  }
}

function checkFolder(folder: string, file: string, mayBeAbsent: boolean): void {
  const found = attempt(folder, () => statSync(folder, { throwIfNoEntry: false }));
  if (found && !found.isDirectory()) throw new DataError(folder, 'is a file, not the folder of a run store');
  if (mayBeAbsent || statSync(file, { throwIfNoEntry: false })) return;
  throw new DataError(folder, found ? `holds no run store: ${DATABASE} is missing` : 'does not exist');
}

function create(folder: string, file: string): void {
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
  const database = new Database(file, 'create');
  try {
    createSchema(database);
  } finally {
    database.close();
  }
}

function attempt<Result>(folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(`cannot open ${folder}: ${reason}`, 'Choose another folder.', {
      cause: error,
    });
  }
}

/** SQLite reads beside a writer by way of a file that it must be able to write; where it cannot, nobody else writes. */
function openReader(folder: string, file: string): Database {
  const reader = new Database(file, 'read');
  try {
    reader.pragma('schema_version');
    return reader;
  } catch (error) {
    reader.close();
    const code = sqliteCode(error);
    if (code !== SQLITE.READONLY && code !== SQLITE.CANTOPEN) throw error;
    if (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size) {
      throw new EnvironmentError(
        `${folder} cannot be written to, and its last changes are not merged into ${DATABASE} yet`,
        'Copy the folder to where you can write.',
        { cause: error },
      );
    }
    return new Database(file, 'immutable');
  }
}

/** So that store.sqlite alone holds everything. Failing loses nothing: the next writer does it. */
function mergeLog(database: Database): void {
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch {}
}

function cell(column: string, value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new ArgumentError('sql', `texts and numbers in the column ${column}`, value);
}
