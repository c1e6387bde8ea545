import type { PlotData } from 'plotly.js';
import { ArgumentError } from '../core/errors.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { numberOf, numberOrNull } from '../statistics/group-rows.js';
import { checkColumns } from './check-columns.js';
import type { Figure } from './figure.js';
import { PALETTE } from './series-style.js';
import { screenLayout } from './theme.js';

/** What to draw, and how. */
export interface EffectSizeOptions {
  readonly title?: string;
  /** What an effect is, with its unit. Default: Δ accuracy (points). */
  readonly xTitle?: string;
}

const ROW_HEIGHT_PX = 30;

/**
 * Effects side by side with their 95 % intervals, the largest on top; filled where the interval leaves out zero.
 * @param table - rows, an arquero table or a danfojs data frame, one per change, see `compare`; at least one. Read: `name` (a text; all differ), `meanDifference`,
 *   `low95` and `high95` (null where there is no interval)
 * @throws ArgumentError when there are no rows, for a column that they lack, an effect that is no finite number, and a name that stands
 *   there twice
 */
export function effectSizes(table: AnyRows, options: EffectSizeOptions = {}): Figure {
  const rows = asRows('rows', table);
  checkColumns('rows', rows, {
    texts: ['name'],
    numbers: ['meanDifference'],
    nullableNumbers: ['low95', 'high95'],
  });
  const names = rows.map(({ name }) => name);
  const twin = names.find((name, i) => names.indexOf(name) < i);
  // Plotly would draw both on one line.
  if (twin !== undefined) throw new ArgumentError('rows', 'another name for each effect', twin);
  const { title = 'Effect sizes', xTitle = 'Δ accuracy (points)' } = options;
  const ordered = rows
    .map((row) => ({
      name: String(row.name),
      mean: numberOf(row, 'meanDifference'),
      low: numberOrNull(row, 'low95'),
      high: numberOrNull(row, 'high95'),
    }))
    // Plotly's categories go upwards.
    .sort((a, b) => a.mean - b.mean);
  const layout = screenLayout(title, xTitle, '');
  return {
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: ordered.map(({ mean }) => mean),
        y: ordered.map(({ name }) => name),
        error_x: {
          type: 'data',
          symmetric: false,
          array: ordered.map(({ mean, high }) => (high ?? mean) - mean),
          arrayminus: ordered.map(({ mean, low }) => mean - (low ?? mean)),
        },
        marker: {
          color: PALETTE[0],
          symbol: ordered.map(({ low, high }) => (excludesZero(low, high) ? 'circle' : 'circle-open')),
        },
      } as Partial<PlotData>,
    ],
    layout: {
      ...layout,
      height: 140 + ROW_HEIGHT_PX * rows.length,
      xaxis: { ...layout.xaxis, zeroline: true, zerolinecolor: '#444' },
      yaxis: { ...layout.yaxis, type: 'category' },
    },
  };
}

function excludesZero(low: number | null, high: number | null): boolean {
  return low !== null && high !== null && (low > 0 || high < 0);
}
