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
  readonly record: string;
  readonly error: string;
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
    .map((epoch) => JSON.parse(epoch.record) as EpochRecord);
  const base = {
    key,
    config: JSON.parse(config) as object,
    rule: { name: rule, version: ruleVersion },
    datasetSha256,
    epochs,
  };
  switch (status) {
    case 'unfinished':
      return { ...base, status };
    case 'failed':
      return { ...base, status, error: JSON.parse(error) as { name: string; message: string } };
    case 'finished':
      return { ...base, status, record: { ...(JSON.parse(record) as RunRecord), epochs } };
  }
}
