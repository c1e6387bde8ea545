import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { ArgumentError, DataError, EnvironmentError, XnorlabError } from '../../core/errors.js';
import type { Cell, Row } from '../../core/row.js';
import type { RunRecord } from '../../records/record.js';
import { syncFolder } from '../files/atomic-file.js';
import { Database, SQLITE, sqliteCode } from './database.js';
import { type ExportFormat, exportTables, type StoreExportOptions } from './export.js';
import { inspect } from './inspect.js';
import {
  CHECKPOINT,
  checkpointFolder,
  checkpointPath,
  copyDurably,
  DATABASE,
  LOCK,
  removeDatabase,
} from './places.js';
import { checkSchema, createSchema, isEmpty, upgradeSchema } from './schema.js';
import { bareStatement, checkSelect } from './select-statement.js';
import { StoreBusyError, type WriterIdentity } from './store-busy-error.js';
import { StoreDamagedError } from './store-damaged-error.js';
import { readRun, readRuns, type StoredRun } from './stored-run.js';
import { StoreWriter } from './writer.js';
import { WriterLock } from './writer-lock.js';

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
 * Opens a folder of runs for reading; `write` writes. A store that another process is making at this moment is waited for.
 *
 * Before anything is read of it the first time, or written to it, all of it is compared with its checksums: the methods
 * throw a StoreDamagedError where a place is not what was written, and give nothing of the store then. Rows that xnorlab
 * 0.2 wrote have no checksums.
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
    // Made in its place by an older xnorlab, or where there are no links.
    waitWhile(() => isEmpty(reader) && !isLeft(file));
    checkSchema(reader, folder);
    reader.checkNames();
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
  #isCompared = false;

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
    const lockFile = path.join(this.folder, LOCK);
    const lock = wait ? await WriterLock.acquire(lockFile, signal) : WriterLock.tryAcquire(lockFile);
    if (!lock) throw new StoreBusyError(this.folder, this.#writer());
    try {
      const database = new Database(path.join(this.folder, DATABASE), 'write');
      try {
        // Kept through a loss of power are only the ends of runs, see StoreWriter; nothing can damage the file.
        database.exec('PRAGMA synchronous = NORMAL');
        this.#compare();
        upgradeSchema(database);
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
    this.#compare();
    const { columns, rows } = this.#select(bareStatement(sql), parameters);
    const repeated = columns.find((column, i) => columns.indexOf(column) !== i);
    if (repeated !== undefined) throw new ArgumentError('sql', 'columns of different names', repeated);
    return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, cell(column, row[i])])));
  }

  /**
   * Writes `runs.csv`, `epochs.csv`, `layers.csv`, `tasks.csv` and `sweepRuns.csv` to a folder, joined by `key`. `runs` has a column for every
   * option that its runs differ in, by its path: `rule.groupSize`; docs/runs.md says how others read them.
   * @param options.defuseFormulas - as in `StoreExportOptions`
   * @returns the files
   * @throws EnvironmentError when they cannot be written
   */
  exportCsv(folder: string, options: StoreExportOptions = {}): Promise<string[]> {
    return this.#export(folder, 'csv', options);
  }

  /** Like `exportCsv`, as Parquet. */
  exportParquet(folder: string): Promise<string[]> {
    return this.#export(folder, 'parquet');
  }

  /**
   * Where the state of a run in progress belongs. Gone once the run has ended.
   * @throws ArgumentError for a text that is no key
   */
  checkpointFile(key: string): string {
    return checkpointPath(this.folder, key);
  }

  /** Ends reading. Further calls throw. */
  close(): void {
    this.#reader.close();
  }

  async #export(folder: string, format: ExportFormat, options: StoreExportOptions = {}): Promise<string[]> {
    this.#compare();
    return exportTables(this.#reader, folder, format, options);
  }

  #snapshot<Result>(work: () => Result): Result {
    this.#compare();
    return this.#reader.transaction('DEFERRED', work);
  }

  /** Once: what changes the file afterwards is a writer of ours, or shows when it is read. @throws StoreDamagedError */
  #compare(): void {
    if (this.#isCompared) return;
    const { damages } = this.#reader.transaction('DEFERRED', () => inspect(this.#reader));
    if (damages.length > 0) throw new StoreDamagedError(this.folder, damages);
    this.#isCompared = true;
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

  /** Who holds the store is told as far as it can be read. */
  #writer(): WriterIdentity | undefined {
    try {
      return this.#reader.first<WriterIdentity>('SELECT pid, host, since FROM writer');
    } catch {
      return undefined;
    }
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
    const folder = checkpointFolder(this.folder);
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
  if (mayBeAbsent) return;
  if (found) waitWhile(() => isBeingMade(folder, file));
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    throw new DataError(folder, found ? `holds no run store: ${DATABASE} is missing` : 'does not exist');
  }
}

/** How long a store may take to be made. */
const MAKING_MS = 5_000;
const LOOK_MS = 20;

/** A store appears as a whole; whoever makes it has this file until then. */
function isBeingMade(folder: string, file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })) return false;
  return readdirSync(folder).some((name) => isOfMaker(name) && !isLeft(path.join(folder, name)));
}

function isOfMaker(name: string): boolean {
  return name.startsWith(`.${DATABASE}.`) && name.endsWith('.tmp');
}

/** Whether its maker was killed long ago. */
function isLeft(file: string): boolean {
  const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return changed === undefined || Date.now() - changed > MAKING_MS;
}

/** Blocks: what opens a store gives it back at once, and none of this is for long. */
function waitWhile(isSo: () => boolean): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + MAKING_MS;
  while (performance.now() < end && isSo()) Atomics.wait(cell, 0, 0, LOOK_MS);
}

/** A store is made beside its place, and is there as a whole or not at all. */
function create(folder: string, file: string): void {
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
  if (!statSync(file, { throwIfNoEntry: false })) {
    const [made, whole] = [1, 2].map(() => path.join(folder, `.${DATABASE}.${randomUUID()}.tmp`));
    try {
      makeTables(made);
      // Within a process, SQLite takes names of one file for one database, long after they are gone: this is another file.
      copyDurably(made, whole);
      linkSync(whole, file);
      syncFolder(folder);
    } catch (error) {
      // Somebody was quicker, or the file system has no links: then it is made in its place.
      if (error instanceof XnorlabError) throw error;
    } finally {
      removeDatabase(made);
      rmSync(whole, { force: true });
    }
  }
  // Does nothing to a store, and finishes what a maker of an older version was killed at.
  makeTables(file);
  removeLeftMakings(folder);
}

/** What makers left that were killed. */
function removeLeftMakings(folder: string): void {
  for (const name of readdirSync(folder)) {
    const left = path.join(folder, name);
    if (isOfMaker(name) && isLeft(left)) removeDatabase(left);
  }
}

function makeTables(file: string): void {
  const database = new Database(file, 'create');
  try {
    createSchema(database);
  } finally {
    mergeLog(database);
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
