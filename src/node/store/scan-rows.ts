import type { SealedTable } from './checksum.js';
import type { Database } from './database.js';

/** A row that was read, or a place where there is none to be had. */
export interface ScannedRow {
  readonly rowid: number;
  /** Texts as bytes. */
  readonly cells: readonly unknown[];
  /** Why the row cannot be read. */
  readonly problem?: string;
}

const ROWS_AT_ONCE = 500;

/** Rows are looked for one by one behind a damaged page, so many before they are read together again. */
const ROWS_ONE_BY_ONE = 2_000;

/** Fewer bytes than any row takes, so that a file has fewer rows than this says. */
const LEAST_ROW_BYTES = 40;
const PAGE_BYTES = 4096;

/** All rows of a table that can be read, in their order, and what hinders reading others. Never throws for what is damaged. */
export function* scanRows(
  database: Database,
  table: SealedTable,
  columns: readonly string[],
): Generator<ScannedRow> {
  const from = `SELECT rowid, ${columns.join(', ')} FROM ${table} NOT INDEXED WHERE`;
  let last: number | undefined;
  let after = 0;
  for (;;) {
    try {
      const rows = database.bytes(`${from} rowid > ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`, after);
      if (rows.length === 0) return;
      for (const [rowid, ...cells] of rows as [number, ...unknown[]][]) {
        if (!(rowid > after)) throw new Error('rows are not in their order');
        after = rowid;
        yield { rowid, cells };
      }
    } catch (error) {
      const first = after + 1;
      last ??= lastRow(database, table);
      yield { rowid: first, cells: [], problem: reasonOf(error) };
      if (first > last) return;
      for (after = first; after < Math.min(first + ROWS_ONE_BY_ONE, last + 1); after++) {
        const [row] = attempt(() => database.bytes(`${from} rowid = ?`, after)) ?? [];
        if (row?.[0] === after) yield { rowid: after, cells: row.slice(1) };
      }
      after--;
    }
  }
}

/** The number that no row is behind. */
function lastRow(database: Database, table: SealedTable): number {
  const [[found] = []] =
    attempt(() => database.bytes(`SELECT rowid FROM ${table} NOT INDEXED ORDER BY rowid DESC LIMIT 1`)) ?? [];
  if (typeof found === 'number') return found;
  const pages = attempt(() => database.pragma('page_count')) ?? 0;
  return Math.floor((pages * PAGE_BYTES) / LEAST_ROW_BYTES);
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
