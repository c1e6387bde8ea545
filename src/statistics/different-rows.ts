import type { Row } from '../core/row.js';
import { compareRows } from './compare-rows.js';
import { groupRows } from './group-rows.js';
import { repeatedRows } from './repeated-rows.js';

/** Makes sure that rows can be told apart. @throws ArgumentError when two rows are equal in all of these columns: it names the columns that make them differ */
export function checkDifferent(rows: readonly Row[], columns: readonly string[]): void {
  const repeated = groupRows(rows, columns).find((group) => group.rows.length > 1);
  if (!repeated) return;
  throw repeatedRows('rows', `one row for each ${columns.join(', ')}`, repeated.key, repeated.rows);
}

/** Rows that differ in these columns, in the order of `compareRows`. @throws ArgumentError as `checkDifferent` does */
export function sortDifferent(rows: readonly Row[], columns: readonly string[]): Row[] {
  checkDifferent(rows, columns);
  return rows.toSorted((one, other) => compareRows(one, other, columns));
}
