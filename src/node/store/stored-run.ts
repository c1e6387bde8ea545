import { DataError } from '../../core/errors.js';
import type { EpochRecord, RunRecord } from '../../records/record.js';
import type { Database } from './database.js';

/** What a store knows of a run. */
export type StoredRun = StoredRunBase &
  (
    | { readonly status: 'unfinished' }
    | { readonly status: 'failed'; readonly error: { readonly name: string; readonly message: string } }
    | { readonly status: 'finished'; readonly record: RunRecord }
  );

export type RunStatus = StoredRun['status'];

/** What is known of a stored run, whatever became of it. */
export interface StoredRunBase {
  readonly key: string;
  /** With every default filled in. */
  readonly config: object;
  readonly rule: RunRecord['rule'];
  readonly datasetSha256: string;
  /** Those in the store, from the first one on without a gap. */
  readonly epochs: readonly EpochRecord[];
}

interface RunTableRow {
  readonly id: number;
  readonly key: string;
  readonly status: RunStatus;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly datasetSha256: string;
  readonly config: string;
  readonly record: string | null;
  readonly error: string | null;
}

const COLUMNS = 'id, key, status, rule, ruleVersion, datasetSha256, config, record, error';

/** The run of a key. */
export function readRun(database: Database, key: string): StoredRun | undefined {
  const row = database.first<RunTableRow>(`SELECT ${COLUMNS} FROM runs WHERE key = ?`, key);
  return row && storedRun(database, row);
}

/** All runs in the order in which they were begun first, or those of a sweep in the order in which they joined it. */
export function readRuns(database: Database, sweep?: string): StoredRun[] {
  const rows =
    sweep === undefined
      ? database.all<RunTableRow>(`SELECT ${COLUMNS} FROM runs ORDER BY id`)
      : database.all<RunTableRow>(
          `SELECT ${COLUMNS} FROM runs JOIN sweepRuns ON run = id WHERE sweep = ? ORDER BY sweepRuns.rowid`,
          sweep,
        );
  return rows.map((row) => storedRun(database, row));
}

function storedRun(database: Database, row: RunTableRow): StoredRun {
  const { id, key, status, rule, ruleVersion, datasetSha256, config, record, error } = row;
  const epochs = database
    .all<{ record: string }>('SELECT record FROM epochs WHERE run = ? ORDER BY epoch', id)
    .map((epoch) => parsed<EpochRecord>(database, key, epoch.record));
  const base = {
    key,
    config: parsed<object>(database, key, config),
    rule: { name: rule, version: ruleVersion },
    datasetSha256,
    epochs,
  };
  switch (status) {
    case 'unfinished':
      return { ...base, status };
    case 'failed':
      return { ...base, status, error: parsed(database, key, error) };
    case 'finished':
      return { ...base, status, record: { ...parsed<RunRecord>(database, key, record), epochs } };
  }
}

/** @throws DataError for what is no JSON, in a store that was damaged after it was opened, or has no checksums */
function parsed<Value>(database: Database, key: string, text: string | null): Value {
  try {
    return JSON.parse(text ?? '') as Value;
  } catch (cause) {
    throw new DataError(database.file, `is damaged: run ${key} holds what is no JSON`, { cause });
  }
}
