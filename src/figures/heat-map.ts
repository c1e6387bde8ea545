import type { PlotData } from 'plotly.js';
import { checkRows } from '../analysis/group-rows.js';
import type { Figure } from './figure.js';
import { type Column, levels, overSeeds } from './groups.js';
import { SEQUENTIAL, screenLayout } from './theme.js';

/** The lowest value is no blank cell. */
const VALUE_COLORS = [[0, '#deebf7'], ...SEQUENTIAL.slice(1)];

/** What to draw, and how. */
export interface HeatMapOptions<R> {
  readonly title?: string;
  /** Columns of the two settings and of the value. */
  readonly x: Column<R>;
  readonly y: Column<R>;
  readonly value: Column<R>;
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
 * @param rows - at least one
 * @throws ArgumentError when there are no rows, or a value is no finite number
 */
export function heatMap<R extends object>(rows: readonly R[], options: HeatMapOptions<R>): Figure {
  checkRows(rows);
  const { x, y, value, xTitle = x, yTitle = y, valueTitle = value, digits = 1 } = options;
  const [columns, lines] = [levels(rows, x), levels(rows, y)];
  const cell = (column: unknown, line: unknown): number | null => {
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
