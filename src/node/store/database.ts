import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type Driver from 'libsql';
import { DataError, EnvironmentError } from '../../core/errors.js';
import type { Cell } from '../../core/row.js';

/** `immutable` reads where nothing may be written, not even the files that SQLite keeps beside. */
export type AccessMode = 'read' | 'immutable' | 'write' | 'create';

const URI_PARAMETERS: Readonly<Record<AccessMode, string>> = {
  read: 'mode=ro',
  immutable: 'immutable=1',
  write: 'mode=rw',
  create: 'mode=rwc',
};

/** How long a statement waits for another connection's. Only merging the write-ahead log takes noticeable time. */
const BUSY_TIMEOUT_MS = 10_000;

/** SQLite's result codes that callers tell apart. */
export const SQLITE = { ERROR: 1, BUSY: 5, READONLY: 8, CANTOPEN: 14 } as const;

const OTHER = { LOCKED: 6, IOERR: 10, CORRUPT: 11, FULL: 13, NOTADB: 26 } as const;

/** Columns, and rows as arrays in their order. */
export interface Selection {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

type Connection = InstanceType<typeof Driver>;

/** Loaded on first use: most programs open no store. */
function driver(): typeof Driver {
  return require('libsql') as typeof Driver;
}
type Statement = ReturnType<Connection['prepare']>;

/**
 * A connection to an SQLite file; everything is synchronous. The only file that knows the driver.
 *
 * Failures that are not the statement's own fault are DataErrors (damaged) and EnvironmentErrors (full, read-only, in
 * use) that name the file.
 */
export class Database {
  readonly #file: string;
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();
  #isOpen = true;

  /** Opens nothing that is not there, unless the mode is `create`. */
  constructor(file: string, mode: AccessMode, busyTimeoutMs = BUSY_TIMEOUT_MS) {
    this.#file = file;
    // A URI, because the driver ignores the option `readonly`.
    const uri = `${pathToFileURL(path.resolve(file)).href}?${URI_PARAMETERS[mode]}`;
    this.#connection = this.#explained(() => new (driver())(uri));
    this.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  }

  /** Runs statements without parameters and results. */
  exec(sql: string): void {
    this.#explained(() => this.#connected.exec(sql));
  }

  /** Runs a statement without results. */
  run(sql: string, ...parameters: readonly Cell[]): void {
    this.#explained(() => this.#prepared(sql).run(parameters));
  }

  /** Rows of a statement of ours. */
  all<Result>(sql: string, ...parameters: readonly Cell[]): Result[] {
    const { columns, rows } = this.#explained(() => selection(this.#prepared(sql), parameters));
    return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])) as Result);
  }

  /** The first row of a statement of ours, if there is one. */
  first<Result>(sql: string, ...parameters: readonly Cell[]): Result | undefined {
    return this.all<Result>(sql, ...parameters)[0];
  }

  /** The value of a PRAGMA. */
  pragma(name: string): number {
    return this.select(`PRAGMA ${name}`).rows[0][0] as number;
  }

  /** Rows of any statement that returns some. The driver takes missing parameters for NULL and ignores excess ones. */
  select(sql: string, parameters: readonly Cell[] = []): Selection {
    return this.#explained(() => selection(this.#connected.prepare(sql), parameters));
  }

  /** All or nothing of what `work` writes; to reads, one state of the file. */
  transaction<Result>(kind: 'IMMEDIATE' | 'DEFERRED', work: () => Result): Result {
    this.exec(`BEGIN ${kind}`);
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#connection.inTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  /** Ends the connection. Further calls throw. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#statements.clear();
    this.#connection.close();
  }

  /** Our own statements are few, and prepared once. */
  #prepared(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#connected.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** The driver itself goes on with prepared statements after it was closed. */
  get #connected(): Connection {
    if (!this.#isOpen) throw new Error(`${this.#file} is used after it was closed`);
    return this.#connection;
  }

  #explained<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    const file = this.#file;
    const reason = error instanceof Error ? error.message : String(error);
    const options = { cause: error };
    switch (sqliteCode(error)) {
      case SQLITE.BUSY:
      case OTHER.LOCKED:
        return new EnvironmentError(
          `${file} is being written by another process`,
          'Wait until it is done.',
          options,
        );
      case SQLITE.READONLY:
      case SQLITE.CANTOPEN:
      case OTHER.IOERR:
      case OTHER.FULL:
        return new EnvironmentError(
          `cannot read or write ${file}: ${reason}`,
          'Make room, give yourself the right to write there, or choose another folder.',
          options,
        );
      case OTHER.CORRUPT:
        return new DataError(
          file,
          `is damaged (${reason}); take a copy, or save what can be read with sqlite3's .recover`,
          options,
        );
      case OTHER.NOTADB:
        return new DataError(file, 'is no SQLite database', options);
      default:
        return error;
    }
  }
}

function selection(statement: Statement, parameters: readonly Cell[]): Selection {
  if (!statement.reader) throw new (driver().SqliteError)('it returns no rows', 'SQLITE_ERROR', SQLITE.ERROR);
  const columns = statement.columns().map(({ name }) => name);
  return { columns, rows: statement.raw().all(parameters) as unknown[][] };
}

/** SQLite's primary result code behind an error of this file; undefined when it comes from elsewhere. */
export function sqliteCode(error: unknown): number | undefined {
  if (error instanceof driver().SqliteError) return (error.rawCode ?? 0) & 0xff;
  if (!(error instanceof Error)) return undefined;
  if (error.message.startsWith('ConnectionFailed')) return SQLITE.CANTOPEN;
  return error.cause === undefined ? undefined : sqliteCode(error.cause);
}
