import type { PlotData } from 'plotly.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { numberOf } from '../statistics/group-rows.js';
import { checkColumns } from './check-columns.js';
import type { Figure } from './figure.js';
import { levels, overSeeds } from './groups.js';
import { PALETTE } from './series-style.js';
import { NEUTRAL, screenLayout } from './theme.js';

/** What to draw, and how. */
export interface AblationPanelOptions {
  readonly title?: string;
  /** Column of the option that was varied. */
  readonly option: string;
  /** Column of what it was judged by: numbers. */
  readonly value: string;
  /** Default: the columns' names. */
  readonly xTitle?: string;
  readonly yTitle?: string;
}

/** Where seeds stand beside the mean of their level; levels are 1 apart. */
const SEED_OFFSET = 0.15;

/**
 * A value at each level of one option: mean with an error bar of one standard deviation, and every seed as a dot
 * beside it. Levels are equally far apart; numbers ascend and are joined by a line, anything else comes in order of
 * appearance.
 * @param table - rows, an arquero table or a danfojs data frame, one per run; at least one. Read: the columns of the option and the value, and `seed` if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, and a value that is no finite number
 */
export function ablationPanel(table: AnyRows, options: AblationPanelOptions): Figure {
  const rows = asRows('rows', table);
  const { option, value, title = '', xTitle = option, yTitle = value } = options;
  checkColumns('rows', rows, { named: { option, value }, numbers: [value] });
  const found = levels(rows, option);
  const summaries = found.map((level) =>
    overSeeds(
      rows.filter((row) => row[option] === level),
      value,
    ),
  );
  const layout = screenLayout(title, xTitle, yTitle);
  return {
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'single seeds',
        x: rows.map((row) => found.indexOf(row[option]) + SEED_OFFSET),
        y: rows.map((row) => numberOf(row, value)),
        marker: { color: NEUTRAL, symbol: 'circle-open' },
      },
      {
        type: 'scatter',
        mode: found.every((level) => typeof level === 'number') ? 'lines+markers' : 'markers',
        name: 'mean ± sd',
        x: found.map((_, i) => i),
        y: summaries.map(({ mean }) => mean),
        error_y: { type: 'data', array: summaries.map(({ sd }) => sd ?? 0), color: PALETTE[0] },
        line: { color: PALETTE[0] },
        marker: { color: PALETTE[0] },
      } as Partial<PlotData>,
    ],
    layout: {
      ...layout,
      xaxis: {
        ...layout.xaxis,
        tickvals: found.map((_, i) => i),
        ticktext: found.map(String),
        range: [-0.4, found.length - 0.6],
      },
    },
  };
}
