import { ArgumentError } from '../core/errors.js';
import type { Row } from '../core/row.js';
import { groupRows, keyText } from '../statistics/group-rows.js';
import { type SeriesStyle, seriesStyles } from './series-style.js';

/** What tells the series of a figure apart, and what they are called. */
export interface SeriesOptions {
  /**
   * Column that names the series, or several: one series for each combination of their cells. Rows of the same series and
   * point are seeds. Default: rule.
   */
  readonly series?: string | readonly string[];
  /**
   * What a series is called, by its cells in these columns: `({ rule, groupSize }) => \`${rule}, γ = ${groupSize}\``. Default:
   * the cell; of several columns texts as they are, numbers after the name of their column, without null.
   */
  readonly seriesTitle?: (cells: Row) => string;
}

/** The series of a figure. A rule that has a title of its own keeps the colour of the rule. */
export interface Series {
  readonly columns: readonly string[];
  /** By title, in order of first appearance. */
  groups<R extends Row>(rows: readonly R[]): [string, readonly R[]][];
  titleOf(row: Row): string;
  styleOf(title: string): SeriesStyle;
}

/** The columns that name the series. */
export function seriesColumns({ series = 'rule' }: SeriesOptions): readonly string[] {
  return typeof series === 'string' ? [series] : series;
}

/**
 * @param rows - all rows of the figure
 * @throws ArgumentError for a column that rows lack, no columns at all, and two series with the same title
 */
export function seriesOf(rows: readonly Row[], options: SeriesOptions): Series {
  const columns = seriesColumns(options);
  if (columns.length === 0) throw new ArgumentError('series', 'at least one column', columns);
  const titles = new Map<string, string>();
  const names: string[] = [];
  for (const { key } of groupRows(rows, columns)) {
    const name = defaultTitle(key, columns);
    const title = options.seriesTitle?.(key) ?? name;
    if ([...titles.values()].includes(title)) {
      throw new ArgumentError('seriesTitle', 'another title for each series', title);
    }
    titles.set(keyText(key, columns), title);
    names.push(names.includes(name) ? keyText(key, columns) : name);
  }
  const styleOf = seriesStyles(names);
  const inOrder = [...titles.values()];
  const titleOf = (row: Row): string => titles.get(keyText(row, columns)) ?? '';
  return {
    columns,
    titleOf,
    groups: (own) => groupRows(own, columns).map(({ key, rows: group }) => [titleOf(key), group]),
    styleOf: (title) => styleOf(names[inOrder.indexOf(title)]),
  };
}

function defaultTitle(key: Row, columns: readonly string[]): string {
  if (columns.length === 1) return String(key[columns[0]]);
  return columns
    .filter((column) => key[column] !== null)
    .map((column) => (typeof key[column] === 'string' ? key[column] : `${column} ${key[column]}`))
    .join(', ');
}
