import type { PlotData } from 'plotly.js';
import type { Cell } from '../core/row.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { checkColumns } from './check-columns.js';
import type { Figure } from './figure.js';
import { levels, overSeeds } from './groups.js';
import { SEQUENTIAL, screenLayout } from './theme.js';
import { clipped, type ScaleRange, valueScale } from './value-scale.js';

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
  /**
   * What the colours span. `robust`: the values without outliers by Tukey's rule, see `heatMap`; `all`: from the lowest to
   * the highest; or two numbers. Default: robust.
   */
  readonly range?: ScaleRange;
}

/**
 * A value over two settings: every cell is the mean over its rows (seeds), written in it. Pairs without a row stay
 * blank.
 *
 * Colours span what differs: values beyond Tukey's fences, 1.5 interquartile ranges below the first or above the third
 * quartile of the *different* values as they are written, have the colour at the end of the scale. Such cells are marked
 * ▾ or ▴, and the colour bar says how many there are.
 * @param table - rows, an arquero table or a danfojs data frame, one per run; at least one. Read: the columns of the settings and the value, and `seed` if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, and a value that is no finite number
 */
export function heatMap(table: AnyRows, options: HeatMapOptions): Figure {
  const rows = asRows('rows', table);
  const { x, y, value, xTitle = x, yTitle = y, valueTitle = value, digits = 1, range = 'robust' } = options;
  checkColumns('rows', rows, { named: { x, y, value }, numbers: [value] });
  const [columns, lines] = [levels(rows, x), levels(rows, y)];
  const cell = (column: Cell, line: Cell): number | null => {
    const found = rows.filter((row) => row[x] === column && row[y] === line);
    return found.length === 0 ? null : overSeeds(found, value).mean;
  };
  const z = lines.map((line) => columns.map((column) => cell(column, line)));
  const scale = valueScale(
    z.flat().filter((mean) => mean !== null),
    range,
    digits,
  );
  const layout = screenLayout(options.title ?? '', xTitle, yTitle);
  return {
    data: [
      {
        type: 'heatmap',
        x: columns.map(String),
        y: lines.map(String),
        z,
        ...(scale.isClipped && { text: z.map((row) => row.map((mean) => clipped(mean, scale))) }),
        colorscale: VALUE_COLORS,
        ...(scale.isClipped || typeof range !== 'string' ? scale.limits : {}),
        colorbar: { title: { text: `${valueTitle}${scale.note}` }, ...scale.ticks },
        texttemplate: `%{z:.${digits}f}${scale.isClipped ? '%{text}' : ''}`,
        hoverongaps: false,
      } as unknown as Partial<PlotData>,
    ],
    layout: {
      ...layout,
      xaxis: { ...layout.xaxis, type: 'category' },
      yaxis: { ...layout.yaxis, type: 'category' },
    },
  };
}
