import { DataError } from '../../core/errors.js';
import { WIDTHS_OF_OLD_RECORDS } from '../../records/architecture.js';
import { NOTHING, SEALED, schemaChecksum, writeTally } from './checksum.js';
import type { Database } from './database.js';

/** `PRAGMA user_version` of a store; raised with every change of the tables. Stores of version 1 have no checksums. */
export const SCHEMA_VERSION = 2;

/** `PRAGMA application_id`: "xnor". */
const APPLICATION_ID = 0x786e6f72;

/**
 * The JSON columns hold everything; the generated columns, what people group by. They are stored for epochs, as
 * reading 100,000 JSON texts takes longer than a query may, and computed for runs, so that more can be added.
 */
const SCHEMA = `
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('unfinished', 'failed', 'finished')),
    rule TEXT NOT NULL,
    ruleVersion INTEGER NOT NULL,
    datasetSha256 TEXT NOT NULL,
    dataset TEXT AS (config ->> '$.dataset.name') VIRTUAL,
    layers TEXT AS (coalesce(record ->> '$.architecture', trim(config ->> '$.${WIDTHS_OF_OLD_RECORDS}', '[]'))) VIRTUAL,
    seed INTEGER AS (config ->> '$.seed') VIRTUAL,
    epochs INTEGER AS (config ->> '$.epochs') VIRTUAL,
    batchSize INTEGER AS (config ->> '$.batchSize') VIRTUAL,
    modelSelection TEXT AS (config ->> '$.modelSelection') VIRTUAL,
    selectedEpoch INTEGER AS (record ->> '$.selectedEpoch') VIRTUAL,
    trainAccuracy REAL AS (record ->> '$.trainAccuracy') VIRTUAL,
    validationAccuracy REAL AS (record ->> '$.validationAccuracy') VIRTUAL,
    testAccuracy REAL AS (record ->> '$.testAccuracy') VIRTUAL,
    parameters INTEGER AS (record ->> '$.totals.parameters') VIRTUAL,
    memoryBits INTEGER AS (record ->> '$.totals.memoryBits') VIRTUAL,
    booleanGates REAL AS (record ->> '$.totals.booleanGates') VIRTUAL,
    trainMs REAL AS (record ->> '$.totals.trainMs') VIRTUAL,
    elapsedMs REAL AS (record ->> '$.totals.elapsedMs') VIRTUAL,
    backend TEXT AS (record ->> '$.backend.name') VIRTUAL,
    startedAt TEXT AS (record ->> '$.startedAt') VIRTUAL,
    errorName TEXT AS (error ->> '$.name') VIRTUAL,
    errorMessage TEXT AS (error ->> '$.message') VIRTUAL,
    config TEXT NOT NULL, -- RunRecord.config
    record TEXT,          -- RunRecord of a finished run; its epochs are in the table epochs
    error TEXT            -- {name, message} of a failed run
  );
  CREATE TABLE epochs (
    run INTEGER NOT NULL REFERENCES runs (id),
    epoch INTEGER NOT NULL,
    trainAccuracy REAL AS (record ->> '$.trainAccuracy') STORED,
    validationAccuracy REAL AS (record ->> '$.validationAccuracy') STORED,
    testAccuracy REAL AS (record ->> '$.testAccuracy') STORED,
    loss REAL AS (record ->> '$.loss') STORED,
    flips INTEGER AS (record ->> '$.flips') STORED,
    trainMs REAL AS (record ->> '$.trainMs') STORED,
    elapsedMs REAL AS (record ->> '$.elapsedMs') STORED,
    record TEXT NOT NULL, -- EpochRecord
    PRIMARY KEY (run, epoch)
  );
  CREATE VIEW layers AS
    SELECT
      run,
      epoch,
      layer.key + 1 AS layer, -- from 1, input side first
      layer.value ->> '$.triggerPercent' AS triggerPercent,
      layer.value ->> '$.flips' AS flips,
      layer.value ->> '$.boundPercent' AS boundPercent,
      layer.value ->> '$.depthHistogram' AS depthHistogram -- a JSON array
    FROM epochs, json_each(epochs.record, '$.layers') AS layer;
  CREATE TABLE sweepRuns (
    sweep TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (id),
    PRIMARY KEY (sweep, run)
  );
  CREATE TABLE writer (pid INTEGER NOT NULL, host TEXT NOT NULL, since TEXT NOT NULL); -- the last one
`;

/** What version 2 adds: a checksum of each row, and of all of them. Null in rows that version 1 wrote. */
const CHECKSUMS = `
  ALTER TABLE runs ADD COLUMN checksum TEXT;
  ALTER TABLE epochs ADD COLUMN checksum TEXT;
  ALTER TABLE sweepRuns ADD COLUMN checksum TEXT;
  CREATE TABLE seal (
    "schema" TEXT NOT NULL,
    runs INTEGER NOT NULL,
    epochs INTEGER NOT NULL,
    sweepRuns INTEGER NOT NULL,
    sum TEXT NOT NULL
  );
`;

/** Makes the tables in an empty file. Does nothing to a store; leaves any other database as it is. */
export function createSchema(database: Database): void {
  if (!isEmpty(database)) return;
  // Readers go on while a writer writes.
  database.exec('PRAGMA journal_mode = WAL');
  database.transaction('IMMEDIATE', () => {
    if (!isEmpty(database)) return;
    database.exec(SCHEMA);
    addChecksums(database);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  });
}

/** Makes a store of version 1 one of this version, whose older rows have no checksums. Does nothing to others. */
export function upgradeSchema(database: Database): void {
  if (schemaVersion(database) === SCHEMA_VERSION) return;
  database.transaction('IMMEDIATE', () => {
    if (schemaVersion(database) !== SCHEMA_VERSION) addChecksums(database);
  });
}

function addChecksums(database: Database): void {
  database.exec(CHECKSUMS);
  database.run('INSERT INTO seal VALUES (?, 0, 0, 0, ?)', schemaChecksum(database), '0'.repeat(16));
  const counts = Object.keys(SEALED).map((table) => [
    table,
    database.first<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n,
  ]);
  writeTally(database, { ...NOTHING, ...Object.fromEntries(counts) });
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}

/** The version of a store's tables. */
export function schemaVersion(database: Database): number {
  return database.pragma('user_version');
}

/**
 * @param folder - of the store, for messages
 * @throws DataError unless the database is a store of this version or an older one
 */
export function checkSchema(database: Database, folder: string): void {
  if (database.pragma('application_id') !== APPLICATION_ID) {
    throw new DataError(folder, 'store.sqlite is no run store of xnorlab');
  }
  const version = schemaVersion(database);
  if (version > SCHEMA_VERSION) {
    throw new DataError(
      folder,
      `was written by a newer xnorlab: its schema has version ${version}, this one knows up to ${SCHEMA_VERSION}; update`,
    );
  }
  if (version < 1) throw new DataError(folder, `is damaged: its schema has version ${version}`);
}

/** Whether nothing was ever written to a database. */
export function isEmpty(database: Database): boolean {
  return database.pragma('schema_version') === 0;
}
