import { DataError } from '../../core/errors.js';
import { WIDTHS_OF_OLD_RECORDS } from '../../records/architecture.js';
import type { Database } from './database.js';

/** `PRAGMA user_version` of a store; raised with every change of the tables. */
export const SCHEMA_VERSION = 1;

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

/** Makes the tables in an empty file. Does nothing to a store; leaves any other database as it is. */
export function createSchema(database: Database): void {
  if (!isEmpty(database)) return;
  // Readers go on while a writer writes.
  database.exec('PRAGMA journal_mode = WAL');
  database.transaction('IMMEDIATE', () => {
    if (!isEmpty(database)) return;
    database.exec(SCHEMA);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}

/**
 * @param folder - of the store, for messages
 * @throws DataError unless the database is a store of this version
 */
export function checkSchema(database: Database, folder: string): void {
  if (database.pragma('application_id') !== APPLICATION_ID) {
    throw new DataError(folder, 'store.sqlite is no run store of xnorlab');
  }
  const version = database.pragma('user_version');
  if (version > SCHEMA_VERSION) {
    throw new DataError(
      folder,
      `was written by a newer xnorlab: its schema has version ${version}, this one knows up to ${SCHEMA_VERSION}; update`,
    );
  }
}

function isEmpty(database: Database): boolean {
  return database.pragma('schema_version') === 0;
}
