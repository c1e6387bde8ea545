import path from 'node:path';
import type { BasicType } from 'hyparquet-writer';
import { unparse } from 'papaparse';
import type { Cell } from '../../core/row.js';
import { differingOptions, flatOptions } from '../../records/differing-options.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import type { Database } from './database.js';

type ColumnType = Extract<BasicType, 'STRING' | 'INT64' | 'DOUBLE'>;

interface ExportedTable {
  readonly name: string;
  /** The columns besides the key of the run. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly order: string;
  /** What it is selected from, where that is no table or view of the store. */
  readonly source?: string;
}

const TABLES: readonly ExportedTable[] = [
  {
    name: 'runs',
    columns: {
      status: 'STRING',
      rule: 'STRING',
      ruleVersion: 'INT64',
      dataset: 'STRING',
      datasetSha256: 'STRING',
      layers: 'STRING',
      seed: 'INT64',
      epochs: 'INT64',
      batchSize: 'INT64',
      modelSelection: 'STRING',
      selectedEpoch: 'INT64',
      trainAccuracy: 'DOUBLE',
      validationAccuracy: 'DOUBLE',
      testAccuracy: 'DOUBLE',
      parameters: 'INT64',
      memoryBits: 'INT64',
      booleanGates: 'DOUBLE',
      trainMs: 'DOUBLE',
      elapsedMs: 'DOUBLE',
      backend: 'STRING',
      startedAt: 'STRING',
      errorName: 'STRING',
      errorMessage: 'STRING',
      config: 'STRING',
    },
    order: 'runs.id',
  },
  {
    name: 'epochs',
    columns: {
      epoch: 'INT64',
      trainAccuracy: 'DOUBLE',
      validationAccuracy: 'DOUBLE',
      testAccuracy: 'DOUBLE',
      loss: 'DOUBLE',
      flips: 'INT64',
      trainMs: 'DOUBLE',
      elapsedMs: 'DOUBLE',
    },
    order: 'runs.id, epochs.epoch',
  },
  {
    name: 'layers',
    columns: {
      epoch: 'INT64',
      layer: 'INT64',
      triggerPercent: 'DOUBLE',
      flips: 'INT64',
      boundPercent: 'DOUBLE',
      depthHistogram: 'STRING',
    },
    order: 'runs.id, layers.epoch, layers.layer',
  },
  {
    name: 'tasks',
    columns: { epoch: 'INT64', task: 'INT64', validationAccuracy: 'DOUBLE', testAccuracy: 'DOUBLE' },
    order: 'runs.id, tasks.epoch, tasks.task',
    source: `(
      SELECT
        run,
        epoch,
        task.value ->> '$.task' AS task,
        task.value ->> '$.validationAccuracy' AS validationAccuracy,
        task.value ->> '$.testAccuracy' AS testAccuracy
      FROM epochs, json_each(epochs.record, '$.tasks') AS task
    ) AS tasks`,
  },
  { name: 'sweepRuns', columns: { sweep: 'STRING' }, order: 'sweepRuns.rowid' },
];

/** A format of files that other programs read: UTF-8 with a header line, or columns with types. */
export type ExportFormat = 'csv' | 'parquet';

/** How files are written. */
export interface StoreExportOptions {
  /**
   * Put an apostrophe before texts that a spreadsheet would take for a formula: those that begin with =, +, -, @, a tab or a
   * carriage return. For CSV that goes to a spreadsheet and holds names that others gave. Default false: every text as it is.
   */
  readonly defuseFormulas?: boolean | undefined;
}

type Encoder = (table: ExportedTable, rows: readonly Cell[][], options: StoreExportOptions) => Encoded;

const ENCODERS: Readonly<Record<ExportFormat, Encoder>> = {
  csv: encodeCsv,
  parquet: encodeParquet,
};

type Encoded = string | Uint8Array;

/** Options that `runs` has a column of already. */
const TOLD = new Set(['rule.name', 'dataset.name', 'seed', 'epochs', 'batchSize', 'modelSelection']);

/**
 * Writes one state of the store to `runs`, `epochs`, `layers`, `tasks` and `sweepRuns` in a folder, each file whole or not at
 * all; `key` joins them. `runs` has a column more for every option that runs differ in, such as `rule.groupSize`.
 * @returns the files
 * @throws EnvironmentError when they cannot be written
 */
export async function exportTables(
  database: Database,
  folder: string,
  format: ExportFormat,
  options: StoreExportOptions = {},
): Promise<string[]> {
  const tables = database.transaction('DEFERRED', () =>
    TABLES.map((table) => {
      const rows = database.select(selectOf(table)).rows as Cell[][];
      return table.name === 'runs' ? withOptions(table, rows) : { table, rows };
    }),
  );
  const files: string[] = [];
  for (const { table, rows } of tables) {
    const file = path.join(folder, `${table.name}.${format}`);
    await writeFileAtomically(file, ENCODERS[format](table, rows, options));
    files.push(file);
  }
  return files;
}

/** The table of runs with a column for every option that they differ in. */
function withOptions(
  table: ExportedTable,
  rows: readonly Cell[][],
): { table: ExportedTable; rows: Cell[][] } {
  const place = columnTypes(table).findIndex(([name]) => name === 'config');
  const configs = rows.map((row) => JSON.parse(String(row[place])) as object);
  const paths = differingOptions(configs).filter((path) => !TOLD.has(path));
  const cells = configs.map(flatOptions).map((options) => paths.map((path) => options.get(path) ?? null));
  const types = paths.map((path, i) => [path, typeOf(cells.map((row) => row[i]))] as const);
  // A column of numbers and texts is one of texts.
  const written = cells.map((row) =>
    row.map((cell, i) => (types[i][1] === 'STRING' && cell !== null ? String(cell) : cell)),
  );
  return {
    table: { ...table, columns: { ...table.columns, ...Object.fromEntries(types) } },
    rows: rows.map((row, i) => [...row, ...written[i]]),
  };
}

function typeOf(cells: readonly Cell[]): ColumnType {
  const values = cells.filter((cell) => cell !== null);
  if (!values.every((cell) => typeof cell === 'number')) return 'STRING';
  return values.every(Number.isSafeInteger) ? 'INT64' : 'DOUBLE';
}

function selectOf({ name, columns, order, source = name }: ExportedTable): string {
  const from = name === 'runs' ? name : `${source} JOIN runs ON runs.id = ${name}.run`;
  const selected = Object.keys(columns).map((column) => `${name}.${column}`);
  return `SELECT ${['runs.key', ...selected].join(', ')} FROM ${from} ORDER BY ${order}`;
}

function columnTypes({ columns }: ExportedTable): [string, ColumnType][] {
  return [['key', 'STRING'], ...Object.entries(columns)];
}

function encodeCsv(
  table: ExportedTable,
  rows: readonly Cell[][],
  { defuseFormulas }: StoreExportOptions,
): string {
  const fields = columnTypes(table).map(([name]) => name);
  return `${unparse([fields, ...rows], { newline: '\n', escapeFormulae: defuseFormulas ?? false })}\n`;
}

function encodeParquet(table: ExportedTable, rows: readonly Cell[][]): Uint8Array {
  // Loaded on first use: most programs export nothing.
  const { parquetWriteBuffer } = require('hyparquet-writer') as typeof import('hyparquet-writer');
  const columnData = columnTypes(table).map(([name, type], i) => ({
    name,
    type,
    data: rows.map((row) => (type === 'INT64' && row[i] !== null ? BigInt(row[i]) : row[i])),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
