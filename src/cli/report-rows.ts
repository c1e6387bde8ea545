import { checkChoice } from '../core/check.js';
import { DataError } from '../core/errors.js';
import type { Row } from '../core/row.js';
import { openStore, type RunStore } from '../node/store/run-store.js';
import type { RunRecord } from '../records/record.js';
import { findReport, REPORTS } from '../reports/catalog.js';
import { commandsOf, type Report } from '../reports/report.js';
import { hasStoredRows, loadStoredRows, storedRowsFile } from '../reports/stored-rows.js';

/** What can be asked for. */
export const REPORT_NAMES: readonly string[] = [...REPORTS.map(({ name }) => name), 'all'];

/** Where the rows of reports come from. */
export interface RowSource {
  /** Folders of stores. None: rows stored before. */
  readonly store: readonly string[];
  /** Folder of stored rows. Default: `notebooks/stored` of this package. */
  readonly stored?: string | undefined;
}

/** A report and what it is made from. */
export interface ReportRows {
  readonly report: Report;
  readonly rows: readonly Row[];
  /** Runs of its sweeps that have not finished or failed; 0 for stored rows. */
  readonly missing: number;
}

/**
 * Rows of a report, or of `all` that have any; says on stderr which have none.
 * @throws ArgumentError for an unknown name
 * @throws DataError when there are no rows, or a store or a file of rows cannot be read
 */
export function rowsOfReports(name: string, source: RowSource): ReportRows[] {
  checkChoice('name', name, REPORT_NAMES);
  const reports = name === 'all' ? REPORTS : [findReport(name)];
  const found = source.store.length > 0 ? fromStores(reports, source.store) : fromStoredRows(reports, source);
  const absent = reports.filter((report) => !found.some((each) => each.report === report));
  if (found.length === 0) throw nothingFound(absent, source);
  for (const report of absent) process.stderr.write(`${report.name}: left out, there are no rows of it\n`);
  return found;
}

/** Collects the values of an option that can be given several times. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function fromStoredRows(reports: readonly Report[], { stored }: RowSource): ReportRows[] {
  return reports
    .filter(({ name }) => hasStoredRows(name, stored))
    .map((report) => ({ report, rows: loadStoredRows(report.name, stored), missing: 0 }));
}

function fromStores(reports: readonly Report[], folders: readonly string[]): ReportRows[] {
  const stores: RunStore[] = [];
  try {
    for (const folder of folders) stores.push(openStore(folder));
    return reports.flatMap((report) => {
      const { records, missing } = recordsOf(report, stores);
      const rows = records.length > 0 ? report.rows(records) : [];
      return rows.length > 0 ? [{ report, rows, missing }] : [];
    });
  } finally {
    for (const store of stores) store.close();
  }
}

/** Of a run that several stores or sweeps have, the first that finished. */
function recordsOf(
  { sweeps }: Report,
  stores: readonly RunStore[],
): { records: RunRecord[]; missing: number } {
  const found = new Map<string, RunRecord | undefined>();
  for (const store of stores) {
    for (const run of sweeps.flatMap((sweep) => store.runs({ sweep }))) {
      found.set(run.key, found.get(run.key) ?? (run.status === 'finished' ? run.record : undefined));
    }
  }
  const records = [...found.values()].filter((record) => record !== undefined);
  return { records, missing: found.size - records.length };
}

function nothingFound(reports: readonly Report[], { store, stored }: RowSource): DataError {
  const commands = [...new Set(reports.flatMap(commandsOf))].map((command) => `\n  ${command}`);
  if (store.length > 0) {
    const names = reports.map((report) => report.name);
    return new DataError(
      store.join(', '),
      `no finished runs that the reports ${names.join(', ')} show; they are made with${commands.join('')}`,
    );
  }
  const files = reports.map(({ name }) => storedRowsFile(name, stored));
  return new DataError(files.join(', '), `no rows are stored; they are made with${commands.join('')}`);
}
