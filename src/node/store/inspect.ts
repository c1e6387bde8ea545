import { isRunKey, runKey } from '../../records/run-key.js';
import {
  checksum,
  counted,
  NOTHING,
  readSeal,
  SEALED,
  type SealedTable,
  schemaChecksum,
  type Tally,
} from './checksum.js';
import { type Database, utf8 } from './database.js';
import { type ScannedRow, scanRows } from './scan-rows.js';
import { SCHEMA_VERSION, schemaVersion } from './schema.js';
import type { Damage } from './store-damaged-error.js';

/** How much of a run can be had: all of it, what it is but not how it went, or nothing. */
export type Wholeness = 'whole' | 'untrained' | 'lost';

/** What was found when all of a store was read. */
export interface Inspection {
  readonly damages: readonly Damage[];
  /** By the ids of runs, in the order of the store. */
  readonly runs: ReadonlyMap<number, InspectedRun>;
  /** Rows of a time before checksums: what is wrong with the form of their JSON is found, and a wrong number is not. */
  readonly unchecked: number;
}

/** A run as it lies in the file. */
export interface InspectedRun {
  readonly key: string;
  readonly wholeness: Wholeness;
}

interface Found {
  readonly key: string;
  readonly status: string;
  /** Whether the key is that of what the run says it is. */
  readonly isNamed: boolean;
  readonly epochsAsked: number;
  isWhole: boolean;
  /** How many are there. */
  epochs: number;
}

/**
 * Reads everything in a store and compares it with its checksums, and with what SQLite asks of its file. Never throws for what is
 * damaged.
 */
export function inspect(database: Database): Inspection {
  const inspector = new Inspector(database);
  inspector.look();
  return inspector.result();
}

const MAX_PROBLEMS_OF_FILE = 20;

class Inspector {
  readonly #damages: Damage[] = [];
  readonly #runs = new Map<number, Found>();
  #tally: Tally = NOTHING;
  #unchecked = 0;

  constructor(readonly database: Database) {}

  look(): void {
    this.#lookAtFile();
    this.#lookAtRows('runs', (row) => this.#lookAtRun(row));
    this.#lookAtRows('epochs', (row, isSealed) => this.#lookAtEpoch(row, isSealed));
    this.#lookAtRows('sweepRuns', (row) => this.#lookAtMembership(row));
    for (const run of this.#runs.values()) this.#lookForEpochs(run);
    this.#attempt('the seal', () => this.#compareWithSeal());
  }

  result(): Inspection {
    const runs = [...this.#runs].map(
      ([id, run]) => [id, { key: run.key, wholeness: wholeness(run) }] as const,
    );
    return { damages: this.#damages, runs: new Map(runs), unchecked: this.#unchecked };
  }

  #lookAtFile(): void {
    this.#attempt('the file', () => {
      const rows = this.database.bytes(
        `SELECT integrity_check FROM pragma_integrity_check(${MAX_PROBLEMS_OF_FILE})`,
      );
      for (const [cell] of rows) {
        const problem = Buffer.from(cell as Uint8Array).toString();
        if (problem !== 'ok') this.#damage('the file', problem);
      }
    });
  }

  #lookAtRows(table: SealedTable, lookAt: (row: ScannedRow, isSealed: boolean) => string | undefined): void {
    const isChecked = this.#version() === SCHEMA_VERSION;
    for (const row of scanRows(this.database, table, [
      ...SEALED[table],
      ...(isChecked ? ['checksum'] : []),
    ])) {
      if (row.problem !== undefined) {
        this.#damage(`row ${row.rowid} of ${table}`, row.problem);
        continue;
      }
      const cells = row.cells.slice(0, SEALED[table].length);
      const sealed = row.cells[cells.length] ?? null;
      const place = lookAt({ ...row, cells }, sealed !== null) ?? `row ${row.rowid} of ${table}`;
      this.#checkSum(table, place, cells, sealed);
    }
  }

  #checkSum(table: SealedTable, place: string, cells: readonly unknown[], cell: unknown): void {
    const sealed = cell instanceof Uint8Array ? Buffer.from(cell).toString() : null;
    if (sealed === null) this.#unchecked++;
    else if (sealed !== checksum(table, cells)) {
      this.#damage(place, 'it is not what was written, by its checksum');
      const run = this.#runs.get(Number(cells[table === 'runs' ? 0 : table === 'epochs' ? 1 : 2]));
      if (run && table !== 'sweepRuns') run.isWhole = false;
    }
    this.#tally = counted(this.#tally, table, sealed && /^[0-9a-f]{16}$/.test(sealed) ? sealed : null, 1);
  }

  /** @returns what the row is called */
  #lookAtRun({ rowid, cells }: ScannedRow): string | undefined {
    const [, keyBytes, statusBytes, rule, ruleVersion, sha256, config, record, error] = cells;
    const key = textOf(keyBytes);
    if (key === undefined || !isRunKey(key)) {
      this.#damage(`row ${rowid} of runs`, 'its key is none');
      return undefined;
    }
    const status = textOf(statusBytes) ?? '';
    const outcome = { finished: record, failed: error }[status];
    const options = objectOf(config) as { epochs?: unknown } | undefined;
    const rest = (outcome === undefined ? {} : objectOf(outcome)) as
      | { rule?: { sha256?: string } }
      | undefined;
    const known = { name: textOf(rule) ?? '', version: Number(ruleVersion), sha256: rest?.rule?.sha256 };
    const run = {
      key,
      status,
      isNamed: options !== undefined && isNamed(key, options, textOf(sha256), known),
      epochsAsked: Number(options?.epochs ?? 0),
      isWhole: options !== undefined && rest !== undefined && /^(unfinished|failed|finished)$/.test(status),
      epochs: 0,
    };
    if (!run.isWhole) this.#damage(`run ${key}`, 'it is no configuration and outcome as JSON');
    this.#runs.set(rowid, run);
    return `run ${key}`;
  }

  #lookAtEpoch({ rowid, cells }: ScannedRow, isSealed: boolean): string | undefined {
    const [, id, epoch] = cells.map(Number);
    const run = this.#runs.get(id);
    if (!run) {
      this.#damage(`row ${rowid} of epochs`, 'it is of no run');
      return undefined;
    }
    const place = `run ${run.key}, epoch ${epoch}`;
    // What has a checksum need not be parsed.
    if (
      !isSealed &&
      (objectOf(cells[cells.length - 1]) as { epoch?: unknown } | undefined)?.epoch !== epoch
    ) {
      this.#damage(place, 'it is no epoch as JSON');
      run.isWhole = false;
    }
    run.epochs++;
    return place;
  }

  #lookAtMembership({ rowid, cells }: ScannedRow): string | undefined {
    const [, sweep, id] = cells;
    const run = this.#runs.get(Number(id));
    const name = textOf(sweep);
    if (run && name !== undefined) return `run ${run.key} in the sweep ${name}`;
    this.#damage(`row ${rowid} of sweepRuns`, run ? 'its sweep has no name' : 'it is of no run');
    return undefined;
  }

  /** SQLite has no two epochs of one number, so that as many as the last one's number are all. */
  #lookForEpochs(run: Found): void {
    if (run.status !== 'finished' || run.epochs >= run.epochsAsked) return;
    this.#damage(
      `run ${run.key}`,
      `${run.epochsAsked - run.epochs} of its ${run.epochsAsked} epochs are missing`,
    );
    run.isWhole = false;
  }

  #compareWithSeal(): void {
    if (this.#version() !== SCHEMA_VERSION) return;
    const seal = readSeal(this.database);
    if (!seal) {
      this.#damage('the seal', 'it is none');
      return;
    }
    if (seal.schema !== schemaChecksum(this.database)) {
      this.#damage('the tables', 'they are not those that were made');
    }
    for (const table of Object.keys(SEALED) as SealedTable[]) {
      const [found, expected] = [this.#tally[table], seal.tally[table]];
      if (found !== expected) this.#damage(table, `${found} rows are there, and ${expected} were written`);
    }
    if (seal.tally.sum !== this.#tally.sum) {
      this.#damage(
        'the seal',
        'the sum of all checksums is another: rows are lost or changed, or the seal is',
      );
    }
  }

  #version(): number {
    try {
      return schemaVersion(this.database);
    } catch {
      return 0;
    }
  }

  #attempt(place: string, look: () => void): void {
    try {
      look();
    } catch (error) {
      this.#damage(place, error instanceof Error ? error.message : String(error));
    }
  }

  #damage(place: string, problem: string): void {
    this.#damages.push({ place, problem });
  }
}

function wholeness({ isWhole, isNamed }: Found): Wholeness {
  if (isWhole) return 'whole';
  return isNamed ? 'untrained' : 'lost';
}

function isNamed(
  key: string,
  config: object,
  datasetSha256: string | undefined,
  rule: { name: string; version: number; sha256: string | undefined },
): boolean {
  try {
    return datasetSha256 !== undefined && runKey(config, datasetSha256, rule) === key;
  } catch {
    return false;
  }
}

function textOf(cell: unknown): string | undefined {
  try {
    return cell instanceof Uint8Array ? utf8(cell) : undefined;
  } catch {
    return undefined;
  }
}

function objectOf(cell: unknown): object | undefined {
  try {
    const value: unknown = JSON.parse(textOf(cell) ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
