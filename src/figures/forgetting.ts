import type { PlotData } from 'plotly.js';
import { checkRows } from '../analysis/group-rows.js';
import { band } from './band.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { type Column, groupBy, groupByNumber, levels, overSeeds, seriesName } from './groups.js';
import { seriesStyle } from './theme.js';

/** Accuracy on one task at one time of training on a sequence of tasks. */
export interface ForgettingRow {
  /** When: the number of tasks learned so far, or epochs. */
  readonly step: number;
  /** Which task, from 1. */
  readonly task: number;
  /** Percent of the task's test samples. */
  readonly accuracy: number;
}

/** What to draw, and how. */
export interface ForgettingOptions<R> {
  readonly title?: string;
  /** Column that names the panels; rows of the same panel, task and step are seeds. Default: rule. */
  readonly series?: Column<R>;
  /** What `step` counts. Default: tasks learned. */
  readonly xTitle?: string;
}

/**
 * What is left of old tasks while new ones are learned: one line per task, mean over seeds with a band of one
 * standard deviation; a panel per series, all on the same axes.
 * @param rows - at least one
 * @throws ArgumentError when there are no rows
 */
export function forgetting<R extends ForgettingRow>(
  rows: readonly R[],
  options: ForgettingOptions<R> = {},
): Figure {
  checkRows(rows);
  const { title = 'Accuracy on old tasks', series = 'rule' as Column<R>, xTitle = 'tasks learned' } = options;
  const tasks = levels(rows, 'task');
  const panels = [...groupBy(rows, (row) => seriesName(row, series))];
  const data = panels.flatMap(([, ofPanel], panel) =>
    groupByNumber(ofPanel, ({ task }) => task).flatMap(([task, ofTask]): Partial<PlotData>[] => {
      const { color, dash, symbol } = seriesStyle(tasks.indexOf(task));
      const steps = groupByNumber(ofTask, ({ step }) => step);
      const x = steps.map(([step]) => step);
      const summaries = steps.map(([, seeds]) => overSeeds(seeds, 'accuracy'));
      const bands = summaries.some(({ sd }) => sd !== null) ? [band(x, summaries, color)] : [];
      const line = {
        type: 'scatter',
        mode: 'lines+markers',
        name: `task ${task}`,
        legendgroup: `task ${task}`,
        x,
        y: summaries.map(({ mean }) => mean),
        line: { color, dash },
        marker: { color, symbol },
      } as Partial<PlotData>;
      return [...bands, line].map((trace) => ({ ...trace, ...panelAxes(panel) }));
    }),
  );
  return {
    data: oneLegend(data),
    layout: facetLayout(title, {
      titles: panels.map(([name]) => name),
      columns: Math.min(panels.length, 3),
      xTitle,
      yTitle: 'test accuracy (%)',
      xaxis: { matches: 'x' },
      sharesY: true,
    }),
  };
}
