import type { PlotData } from 'plotly.js';
import type { Cell, Row } from '../core/row.js';
import { checkRows } from '../statistics/group-rows.js';
import { checkColumns } from './check-columns.js';
import type { Figure } from './figure.js';
import { levels, overSeeds } from './groups.js';
import { SEQUENTIAL, screenLayout } from './theme.js';

/** The lowest value is no blank cell. */
const VALUE_COLORS = [[0, '#deebf7'], ...SEQUENTIAL.slice(1)];

/** What to draw, and how. */
export interface HeatMapOptions {
  readonly title?: string;
  /** Columns of the two settings. */
  readonly x: string;
  readonly y: string;
  /** Column of the value: numbers. */
  readonly value: string;
  /** Default: the columns' names. */
  readonly xTitle?: string;
  readonly yTitle?: string;
  readonly valueTitle?: string;
  /** Decimals in the cells. Default: 1. */
  readonly digits?: number;
}

/**
 * A value over two settings: every cell is the mean over its rows (seeds), written in it. Pairs without a row stay
 * blank.
 * @param rows - one per run; at least one. Read: the columns of the settings and the value, and `seed` if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, and a value that is no finite number
 */
export function heatMap(rows: readonly Row[], options: HeatMapOptions): Figure {
  checkRows(rows);
  const { x, y, value, xTitle = x, yTitle = y, valueTitle = value, digits = 1 } = options;
  checkColumns('rows', rows, { named: { x, y, value }, numbers: [value] });
  const [columns, lines] = [levels(rows, x), levels(rows, y)];
  const cell = (column: Cell, line: Cell): number | null => {
    const found = rows.filter((row) => row[x] === column && row[y] === line);
    return found.length === 0 ? null : overSeeds(found, value).mean;
  };
  const layout = screenLayout(options.title ?? '', xTitle, yTitle);
  return {
    data: [
      {
        type: 'heatmap',
        x: columns.map(String),
        y: lines.map(String),
        z: lines.map((line) => columns.map((column) => cell(column, line))),
        colorscale: VALUE_COLORS,
        colorbar: { title: { text: valueTitle } },
        texttemplate: `%{z:.${digits}f}`,
        hoverongaps: false,
      } as Partial<PlotData>,
    ],
    layout: {
      ...layout,
      xaxis: { ...layout.xaxis, type: 'category' },
      yaxis: { ...layout.yaxis, type: 'category' },
    },
  };
}
