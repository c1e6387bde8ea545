import type { PlotData } from 'plotly.js';
import { checkRows } from '../analysis/group-rows.js';
import type { Figure } from './figure.js';
import { numbers } from './groups.js';
import { PALETTE, screenLayout } from './theme.js';

/** What a change does; see `compare`. */
export interface EffectRow {
  readonly name: string;
  readonly meanDifference: number;
  /** The 95 % interval of the difference; null where there is none. */
  readonly low95: number | null;
  readonly high95: number | null;
}

/** What to draw, and how. */
export interface EffectSizeOptions {
  readonly title?: string;
  /** What an effect is, with its unit. Default: change of accuracy (points). */
  readonly xTitle?: string;
}

const ROW_HEIGHT_PX = 30;

/**
 * Effects side by side with their 95 % intervals, the largest on top; filled where the interval leaves out zero.
 * @param rows - at least one; names differ
 * @throws ArgumentError when there are no rows, or an effect is no finite number
 */
export function effectSizes(rows: readonly EffectRow[], options: EffectSizeOptions = {}): Figure {
  checkRows(rows);
  const { title = 'Effect sizes', xTitle = 'change of accuracy (points)' } = options;
  // Plotly's categories go upwards.
  const ordered = rows.toSorted((a, b) => a.meanDifference - b.meanDifference);
  const layout = screenLayout(title, xTitle, '');
  return {
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: numbers(ordered, 'meanDifference'),
        y: ordered.map(({ name }) => name),
        error_x: {
          type: 'data',
          symmetric: false,
          array: ordered.map(({ meanDifference, high95 }) => (high95 ?? meanDifference) - meanDifference),
          arrayminus: ordered.map(({ meanDifference, low95 }) => meanDifference - (low95 ?? meanDifference)),
        },
        marker: {
          color: PALETTE[0],
          symbol: ordered.map((row) => (excludesZero(row) ? 'circle' : 'circle-open')),
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

function excludesZero({ low95, high95 }: EffectRow): boolean {
  return low95 !== null && high95 !== null && (low95 > 0 || high95 < 0);
}
