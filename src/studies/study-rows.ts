import { ArgumentError } from '../core/errors.js';
import type { Row } from '../core/row.js';
import { type ConfigColumns, configRow } from '../records/config-columns.js';
import type { RunRecord } from '../records/record.js';
import { type RunRow, runRows } from '../records/rows.js';
import { compareRows } from '../statistics/compare-rows.js';

/**
 * Some columns of `runRows`, and fields of the configurations: null where a run has no such field.
 * @returns one row per run, sorted by its cells from the first column on
 * @throws ArgumentError when there are no runs
 */
export function studyRows(
  records: readonly RunRecord[],
  columns: readonly (keyof RunRow & string)[],
  fields: ConfigColumns,
): Row[] {
  if (records.length === 0) throw new ArgumentError('records', 'at least one run', records);
  return runRows(records)
    .map((row, i) => ({
      ...Object.fromEntries(columns.map((column) => [column, row[column]])),
      ...configRow(records[i].config, fields),
    }))
    .sort((one, other) => compareRows(one, other, Object.keys(one)));
}
