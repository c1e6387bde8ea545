import type { PlotData } from 'plotly.js';
import { checkRows } from '../analysis/group-rows.js';
import type { Figure } from './figure.js';
import { type Column, groupByNumber, levels, numbers, overSeeds } from './groups.js';
import { NEUTRAL, PALETTE, screenLayout } from './theme.js';

/** What to draw, and how. */
export interface AblationPanelOptions<R> {
  readonly title?: string;
  /** Column of the option that was varied. */
  readonly option: Column<R>;
  /** Column of what it was judged by. */
  readonly value: Column<R>;
  /** Default: the columns' names. */
  readonly xTitle?: string;
  readonly yTitle?: string;
}

/** Where seeds stand beside the mean of their level; levels are 1 apart. */
const SEED_OFFSET = 0.15;

/**
 * A value at each level of one option: mean with an error bar of one standard deviation, and every seed as a dot
 * beside it. Levels are equally far apart; numbers ascend, anything else comes in order of appearance.
 * @param rows - one per run; at least one
 * @throws ArgumentError when there are no rows, or a value is no finite number
 */
export function ablationPanel<R extends object>(
  rows: readonly R[],
  options: AblationPanelOptions<R>,
): Figure {
  checkRows(rows);
  const { option, value, title = '', xTitle = option, yTitle = value } = options;
  const found = levels(rows, option);
  const position = (row: R): number => found.indexOf(row[option]);
  const summaries = groupByNumber(rows, position).map(([, seeds]) => overSeeds(seeds, value));
  const layout = screenLayout(title, xTitle, yTitle);
  return {
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'single seeds',
        x: rows.map((row) => position(row) + SEED_OFFSET),
        y: numbers(rows, value),
        marker: { color: NEUTRAL, symbol: 'circle-open' },
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
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
