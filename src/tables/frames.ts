import type { ColumnTable } from 'arquero';
import type { DataFrame } from 'danfojs-node';
import type { Row } from '../core/row.js';
import { checkRows } from '../statistics/group-rows.js';

// Loaded on first use: danfojs-node takes about a second, and most programs need at most one of them.

/**
 * Rows as a danfojs-node data frame; columns in the order of the first row's keys.
 * @throws ArgumentError when there are no rows
 */
export function dataFrame(rows: readonly Row[]): DataFrame {
  checkRows(rows);
  const { DataFrame } = require('danfojs-node') as typeof import('danfojs-node');
  return new DataFrame([...rows]);
}

/**
 * Rows as an arquero table; columns in the order of the first row's keys.
 * @throws ArgumentError when there are no rows
 */
export function table(rows: readonly Row[]): ColumnTable {
  checkRows(rows);
  const arquero = require('arquero') as typeof import('arquero');
  return arquero.from([...rows]);
}
