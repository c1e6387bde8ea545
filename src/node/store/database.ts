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

/** A statement that gives texts as bytes, and the columns that it is of. */
interface Reading {
  readonly columns: readonly string[];
  readonly statement: Statement;
}

/**
 * A connection to an SQLite file; everything is synchronous. The only file that knows the driver.
 *
 * Texts are read as bytes and decoded here, as the driver ends the process at one that is not UTF-8. Failures that are not
 * the statement's own fault are DataErrors (damaged) and EnvironmentErrors (full, read-only, in use) that name the file.
 */
export class Database {
  readonly file: string;
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();
  readonly #readings = new Map<string, Reading>();
  #isOpen = true;

  /** Opens nothing that is not there, unless the mode is `create`. */
  constructor(file: string, mode: AccessMode, busyTimeoutMs = BUSY_TIMEOUT_MS) {
    this.file = file;
    // A URI, because the driver ignores the option `readonly`.
    const uri = `${pathToFileURL(path.resolve(file)).href}?${URI_PARAMETERS[mode]}`;
    this.#connection = this.#explained(() => new (driver())(uri));
    this.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  }

  /**
   * Looks at the names of tables and columns, which the driver gives as texts.
   * @throws DataError for one that is none
   */
  checkNames(): void {
    const rows = this.#explained(() => {
      const cells = ['type', 'name', 'tbl_name', 'sql'].map((column) => `CAST(${column} AS BLOB)`);
      return this.#connected
        .prepare(`SELECT ${cells.join(', ')} FROM sqlite_schema`)
        .raw()
        .all([]);
    }) as unknown as (Uint8Array | null)[][];
    // Ours are plain letters.
    if (!rows.flat().every((cell) => cell === null || cell.every((byte) => byte > 0 && byte < 0x80))) {
      throw new DataError(this.file, 'is damaged: what says which tables there are is no text');
    }
  }

  /** Runs statements without parameters and results. */
  exec(sql: string): void {
    this.#explained(() => this.#connected.exec(sql));
  }

  /** Runs a statement without results. */
  run(sql: string, ...parameters: readonly Cell[]): void {
    this.#explained(() => this.#prepared(sql).run(parameters));
  }

  /** Rows of a SELECT of ours. */
  all<Result>(sql: string, ...parameters: readonly Cell[]): Result[] {
    return this.#rows(sql, parameters).map(asObject) as Result[];
  }

  /** The first row of a SELECT of ours, if there is one. */
  first<Result>(sql: string, ...parameters: readonly Cell[]): Result | undefined {
    return this.all<Result>(sql, ...parameters)[0];
  }

  /** Rows of a SELECT of ours, as arrays, their texts as bytes: as they lie in the file, whatever they are. */
  bytes(sql: string, ...parameters: readonly Cell[]): unknown[][] {
    return this.#explained(() => {
      const { columns, statement } = this.#reading(sql);
      return cellsOf(columns.length, statement.raw().all(parameters) as unknown[][], (text) => text);
    });
  }

  /** What a statement of ours that writes returns of the rows that it has written: numbers, and texts of ours. */
  returned(sql: string, ...parameters: readonly Cell[]): unknown[][] {
    return this.#explained(() => this.#prepared(sql).raw().all(parameters) as unknown[][]);
  }

  /** The value of a PRAGMA, a number. */
  pragma(name: string): number {
    const [[value]] = this.#explained(
      () => this.#connected.prepare(`PRAGMA ${name}`).raw().all([]) as unknown as [[number]],
    );
    return value;
  }

  /**
   * Rows of any SELECT, whose own faults are the driver's errors. The driver takes missing parameters for NULL and ignores
   * excess ones.
   */
  select(sql: string, parameters: readonly Cell[] = []): Selection {
    return this.#explained(() => {
      const { columns, statement } = reading(this.#connected, sql);
      return { columns, rows: this.#decoded(columns, statement.raw().all(parameters) as unknown[][]) };
    }, false);
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

  /**
   * Ends the connection. Further calls throw. The driver cannot end a statement: what its statements hold, about 0.4 MB for a store that was read,
   * is given back when they have been collected and the event loop has turned. Who opens hundreds of stores lets it turn between them.
   */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#statements.clear();
    this.#readings.clear();
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
    if (!this.#isOpen) throw new Error(`${this.file} is used after it was closed`);
    return this.#connection;
  }

  #rows(
    sql: string,
    parameters: readonly Cell[],
  ): (readonly [columns: readonly string[], cells: unknown[]])[] {
    return this.#explained(() => {
      const { columns, statement } = this.#reading(sql);
      return this.#decoded(columns, statement.raw().all(parameters) as unknown[][]).map(
        (cells) => [columns, cells] as const,
      );
    });
  }

  #reading(sql: string): Reading {
    const known = this.#readings.get(sql);
    if (known) return known;
    const made = reading(this.#connected, sql);
    this.#readings.set(sql, made);
    return made;
  }

  #decoded(columns: readonly string[], rows: readonly unknown[][]): unknown[][] {
    return cellsOf(columns.length, rows, (text, column) => {
      try {
        return utf8(text);
      } catch (error) {
        throw new DataError(this.file, `is damaged: the ${columns[column]} of a row is no text`, {
          cause: error,
        });
      }
    });
  }

  /** @param isOurs - whether the statement is, so that it is right, and a file in which it fails is not */
  #explained<Result>(work: () => Result, isOurs = true): Result {
    try {
      return work();
    } catch (error) {
      throw this.#explain(error, isOurs);
    }
  }

  #explain(error: unknown, isOurs: boolean): unknown {
    const file = this.file;
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
          `is damaged (${reason}); xnorlab store --check says where, and --repair keeps what is whole`,
          options,
        );
      case OTHER.NOTADB:
        return new DataError(file, 'is no SQLite database', options);
      case undefined:
        return error;
      default:
        return isOurs
          ? new DataError(file, `is damaged: it is not read as a store (${reason})`, options)
          : error;
    }
  }
}

/** @param sql - one SELECT, without a semicolon at its end */
function reading(connection: Connection, sql: string): Reading {
  const plain = connection.prepare(sql);
  if (!plain.reader) throw new (driver().SqliteError)('it returns no rows', 'SQLITE_ERROR', SQLITE.ERROR);
  const columns = plain.columns().map(({ name }) => name);
  const names = columns.map((_, i) => `c${i}`);
  const cells = [
    ...chunks(names, BITS).map((some) => some.map((c, i) => `((typeof(${c}) = 'text') << ${i})`).join(' | ')),
    ...names.map((c) => `iif(typeof(${c}) = 'text', CAST(${c} AS BLOB), ${c})`),
  ];
  // Materialized: in the order of the statement.
  const bytes = `WITH selected(${names.join(', ')}) AS MATERIALIZED (\n${sql}\n) SELECT ${cells.join(', ')} FROM selected`;
  try {
    return { columns, statement: connection.prepare(bytes) };
  } catch {
    // By itself it is a statement, and within a SELECT it is none.
    throw new (driver().SqliteError)('it writes', 'SQLITE_READONLY', SQLITE.READONLY);
  }
}

/** Columns of which one number says whether they are texts. */
const BITS = 30;

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(size * i, size * (i + 1)),
  );
}

/** Cells of rows that a `Reading` gave: numbers that say which are texts, and then the cells. */
function cellsOf(
  columns: number,
  rows: readonly unknown[][],
  textOf: (bytes: Uint8Array, column: number) => unknown,
): unknown[][] {
  const masks = Math.ceil(columns / BITS);
  return rows.map((row) => {
    const cells = row.slice(masks);
    for (let i = 0; i < columns; i++) {
      const isText = (((row[Math.floor(i / BITS)] as number) >> (i % BITS)) & 1) === 1;
      if (isText) cells[i] = textOf(cells[i] as Uint8Array, i);
      // Bytes that are none of a text stay told apart from one, whoever looks at bytes alone.
      else if (cells[i] instanceof Uint8Array) cells[i] = new Uint16Array(cells[i] as Uint8Array);
    }
    return cells;
  });
}

function asObject([columns, cells]: readonly [readonly string[], unknown[]]): object {
  return Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws TypeError for bytes that are not UTF-8 */
export function utf8(bytes: Uint8Array): string {
  return UTF8.decode(bytes);
}

/** SQLite's primary result code behind an error of this file; undefined when it comes from elsewhere. */
export function sqliteCode(error: unknown): number | undefined {
  if (error instanceof driver().SqliteError) return (error.rawCode ?? 0) & 0xff;
  if (!(error instanceof Error)) return undefined;
  if (error.message.startsWith('ConnectionFailed')) return SQLITE.CANTOPEN;
  return error.cause === undefined ? undefined : sqliteCode(error.cause);
}
