import { createHash } from 'node:crypto';
import type { Database } from './database.js';

/** What has a checksum: rows of these tables. */
export type SealedTable = keyof typeof SEALED;

/** What a row of a table is read as when its checksum is made: everything that is stored of it, in this order. */
export const SEALED = {
  runs: ['id', 'key', 'status', 'rule', 'ruleVersion', 'datasetSha256', 'config', 'record', 'error'],
  epochs: [
    ...['rowid', 'run', 'epoch', 'trainAccuracy', 'validationAccuracy', 'testAccuracy', 'loss', 'flips'],
    ...['trainMs', 'elapsedMs', 'record'],
  ],
  sweepRuns: ['rowid', 'sweep', 'run'],
} as const;

/**
 * The checksum of a row: 64 bits of SHA-256 over its cells as they lie in the file. It finds accidents; who can write to a
 * store can make up checksums as well.
 * @param cells - in the order of `SEALED`, texts as bytes
 * @returns 16 hexadecimal digits
 */
export function checksum(table: SealedTable, cells: readonly unknown[]): string {
  const kinds = cells.map((cell) => (cell instanceof Uint8Array ? cell.length : `${typeof cell} ${cell}`));
  const hash = createHash('sha256').update(`${table}|${kinds.join('|')}|`);
  for (const cell of cells) if (cell instanceof Uint8Array) hash.update(cell);
  return hash.digest('hex').slice(0, 16);
}

/** How many rows of a store have been sealed, and the sum of their checksums: a lost row is missed. */
export interface Tally {
  readonly runs: number;
  readonly epochs: number;
  readonly sweepRuns: number;
  /** Modulo 2^64. */
  readonly sum: bigint;
}

export const NOTHING: Tally = { runs: 0, epochs: 0, sweepRuns: 0, sum: 0n };

const MODULUS = 1n << 64n;

/** A tally with a row more, or less. @param sealed - its checksum; null for one of a time before checksums */
export function counted(tally: Tally, table: SealedTable, sealed: string | null, by: 1 | -1): Tally {
  const value = sealed === null ? 0n : BigInt(`0x${sealed}`);
  return {
    ...tally,
    [table]: tally[table] + by,
    sum: (tally.sum + BigInt(by) * value + MODULUS) % MODULUS,
  };
}

/** What the tables and views of a database are, in 16 hexadecimal digits. */
export function schemaChecksum(database: Database): string {
  const hash = createHash('sha256');
  const rows = database.bytes('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid');
  for (const cell of rows.flat()) hash.update(cell instanceof Uint8Array ? cell : String(cell)).update('|');
  return hash.digest('hex').slice(0, 16);
}

/** The seal of a store: what it holds, and what its tables are. */
export interface Seal {
  readonly schema: string;
  readonly tally: Tally;
}

interface SealRow {
  readonly schema: string;
  readonly runs: number;
  readonly epochs: number;
  readonly sweepRuns: number;
  readonly sum: string;
}

/** @returns undefined for one that is damaged */
export function readSeal(database: Database): Seal | undefined {
  const [row, ...others] = database.all<SealRow>('SELECT "schema", runs, epochs, sweepRuns, sum FROM seal');
  if (row === undefined || others.length > 0 || !/^[0-9a-f]{16}$/.test(row.sum)) return undefined;
  const { schema, sum, ...counts } = row;
  return { schema, tally: { ...counts, sum: BigInt(`0x${sum}`) } };
}

export function writeTally(database: Database, { runs, epochs, sweepRuns, sum }: Tally): void {
  const hex = sum.toString(16).padStart(16, '0');
  database.run('UPDATE seal SET runs = ?, epochs = ?, sweepRuns = ?, sum = ?', runs, epochs, sweepRuns, hex);
}
