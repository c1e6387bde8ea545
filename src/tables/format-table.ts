import { largest } from '../core/extremes.js';
import type { Cell, Row } from '../core/row.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { groupRows, keyText, numberOf, numberOrNull, pick } from '../statistics/group-rows.js';
import { repeatedRows } from '../statistics/repeated-rows.js';
import type { SummaryRow } from '../statistics/summarize.js';
import { formatMean, shownUnit } from './format-number.js';
import { FormattedTable } from './formatted-table.js';
import type { TextCell } from './text-table.js';

/** How a summary is laid out. */
export interface TableOptions {
  /** Columns of the summary whose cells name the rows of the table. */
  readonly rows: readonly string[];
  /** Columns of the summary whose cells become columns of the table. Default: none, a single column. */
  readonly columns?: readonly string[];
  /** Where the best mean is set in bold. Default `row`. */
  readonly bestPer?: 'row' | 'column' | 'none';
  /** Default `highest`. */
  readonly best?: 'highest' | 'lowest';
  /**
   * Values to stand beside ours, in brackets: rows with all columns of `rows` and `columns`. Those
   * that belong to no row or column of the table are left out. Default: none.
   */
  readonly published?: AnyRows;
  /** The column of `published`. Default `testAccuracy`. */
  readonly publishedValue?: string;
  /** How a cell of `rows` or `columns` is written; empty to leave it out of a heading. Default: as it is, null empty. */
  readonly label?: (column: string, cell: Cell) => string;
  /** What was measured, a sentence without its full stop. What the cells are is added to it. Default: nothing. */
  readonly caption?: string;
}

/**
 * Lays a summary out: a row for each combination of some columns, a column for each of others, and cells `85.12 ± 0.23`,
 * mean ± standard deviation. The best mean is in bold, and with it all that equal it as exactly as the coarser of both
 * is shown. Where groups differ in size, each cell says its own, `n = 3`; otherwise the caption says it once.
 *
 * `formatTable(summary, { rows: ['dataset', 'layers'], columns: ['rule'] }).toLatex()`
 * @param summaries - of `summarize`: rows, or an arquero table or danfojs data frame made of them
 * @throws ArgumentError when there are no rows, for a column that they lack, for two groups that fall into one cell, and
 *   two published values that do
 */
export function formatTable(summaries: SummaryRows, options: TableOptions): FormattedTable {
  const summary = asRows('summary', summaries).map(summaryRow);
  const { rows, columns = [], label = defaultLabel } = options;
  const published = isEmpty(options.published) ? [] : asRows('published', options.published);
  const keys = [...rows, ...columns];
  const rowKeys = groupRows(summary, rows).map(({ key }) => key);
  const columnKeys = groupRows(summary, columns).map(({ key }) => key);
  const gridOf = <R extends Row>(cells: ReadonlyMap<string, R>): Grid<R> =>
    rowKeys.map((rowKey) =>
      columnKeys.map((columnKey) => cells.get(keyText({ ...rowKey, ...columnKey }, keys))),
    );
  const grid = gridOf(byKey(summary, keys, 'summary'));
  const publishedGrid = gridOf(byKey(published, keys, 'published'));
  const areBest = bestIn(grid, options);
  const hasOneSize = new Set(summary.map(({ n }) => n)).size === 1;
  const headings = columnKeys.map((key) => headingOf(key, label) || 'mean');
  const body = rowKeys.map((rowKey, i): TextCell[] => [
    ...rows.map((column) => ({ text: label(column, rowKey[column]) })),
    ...grid[i].map((group, j) => ({
      ...measuredCell(group, areBest[i][j]),
      note: noteOf(group, publishedGrid[i][j], hasOneSize, options),
    })),
  ]);
  const hasPublished = publishedGrid.flat().some((row) => row !== undefined);
  const caption = captionOf(summary, options, hasPublished);
  const table = { caption, headings: [...rows, ...headings], headColumns: rows.length, body };
  return new FormattedTable(table, summary);
}

/** Summaries as `summarize` gives them, or a table or frame made of them. */
export type SummaryRows = readonly SummaryRow[] | Exclude<AnyRows, readonly Row[]>;

/** What a summary holds beside the columns that tell groups apart. */
const STATISTICS = ['n', 'mean', 'standardDeviation', 'low95', 'high95', 'min', 'max'];

/** @throws ArgumentError for a row that lacks what is laid out */
function summaryRow(row: Row): SummaryRow {
  numberOf(row, 'n');
  numberOf(row, 'mean');
  numberOrNull(row, 'standardDeviation');
  return row as SummaryRow;
}

function isEmpty(rows: AnyRows | undefined): rows is undefined {
  return rows === undefined || (Array.isArray(rows) && rows.length === 0);
}

function defaultLabel(_column: string, cell: Cell): string {
  return cell === null ? '' : String(cell);
}

function headingOf(key: Row, label: (column: string, cell: Cell) => string): string {
  return Object.entries(key)
    .map(([column, cell]) => label(column, cell))
    .filter(Boolean)
    .join(', ');
}

function byKey<R extends Row>(rows: readonly R[], keys: readonly string[], argument: string): Map<string, R> {
  const found = new Map<string, R>();
  for (const row of rows) {
    const key = keyText(row, keys);
    const twin = found.get(key);
    if (twin) {
      const expected = 'one row for each cell, and rows and columns to have what tells others apart';
      throw repeatedRows(argument, expected, pick(row, keys), [twin, row], STATISTICS);
    }
    found.set(key, row);
  }
  return found;
}

/** Rows of the table by columns; undefined where nothing was measured. */
type Grid<R> = readonly (readonly (R | undefined)[])[];

function bestIn(grid: Grid<SummaryRow>, { bestPer = 'row', best = 'highest' }: TableOptions): boolean[][] {
  return grid.map((row, i) =>
    row.map((group, j) => {
      if (group === undefined || bestPer === 'none') return false;
      const rivals = bestPer === 'row' ? grid[i] : grid.map((cells) => cells[j]);
      return rivals.every((rival) => rival === undefined || !isShownBetter(rival, group, best));
    }),
  );
}

/** Whether a reader of the table sees that one group is better. */
function isShownBetter(one: SummaryRow, other: SummaryRow, best: 'highest' | 'lowest'): boolean {
  const unit = largest([one, other].map((row) => shownUnit(row.mean, row.standardDeviation)));
  const lead = Math.round(one.mean / unit) - Math.round(other.mean / unit);
  return best === 'highest' ? lead > 0 : lead < 0;
}

function measuredCell(group: SummaryRow | undefined, isBest: boolean): TextCell {
  if (group === undefined) return { text: '–', isNumber: true };
  return { text: formatMean(group.mean, group.standardDeviation), isNumber: true, isBest };
}

function noteOf(
  group: SummaryRow | undefined,
  published: Row | undefined,
  hasOneSize: boolean,
  { publishedValue = 'testAccuracy' }: TableOptions,
): string {
  const size = group && !hasOneSize ? `(n = ${group.n})` : '';
  const value = published ? `[${numberOf(published, publishedValue)}]` : '';
  return [size, value].filter(Boolean).join(' ');
}

function captionOf(
  summary: readonly SummaryRow[],
  { caption = '', bestPer = 'row' }: TableOptions,
  hasPublished: boolean,
): string {
  const sizes = new Set(summary.map(({ n }) => n));
  const [n] = sizes;
  const runs = sizes.size === 1 ? `over ${n} runs` : 'over n runs';
  const cells = sizes.size === 1 && n === 1 ? 'Single runs' : `Mean ± standard deviation ${runs}`;
  const sentences = [
    caption,
    bestPer === 'none' ? cells : `${cells}, the best of each ${bestPer} in bold`,
    hasPublished ? 'In brackets: published' : '',
  ];
  return sentences
    .filter(Boolean)
    .map((sentence) => `${sentence}.`)
    .join(' ');
}
