import type { PlotData } from 'plotly.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { band } from './band.js';
import { checkColumns } from './check-columns.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { groupByNumber, levels, overSeeds } from './groups.js';
import { type SeriesOptions, seriesColumns, seriesOf } from './series.js';
import { seriesStyle } from './series-style.js';

/** What to draw, and how. */
export interface ForgettingOptions extends SeriesOptions {
  readonly title?: string;
  /** What `step` counts. Default: tasks learned. */
  readonly xTitle?: string;
}

/**
 * What is left of old tasks while new ones are learned: one line per task, mean over seeds with a band of one
 * standard deviation; a panel per series (a task has the same colour in all), all on the same axes.
 * @param table - rows, an arquero table or a danfojs data frame, one per step, task and run, see `taskAccuracyRows`; at least one. Read: `step` (tasks learned so far,
 *   or epochs), `task` (from 1), `accuracy` (percent of the task's test samples), the column of the series, and `seed`
 *   if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, and a cell that is no finite number
 */
export function forgetting(table: AnyRows, options: ForgettingOptions = {}): Figure {
  const rows = asRows('rows', table);
  const { title = 'Accuracy on old tasks', xTitle = 'tasks learned' } = options;
  checkColumns('rows', rows, {
    named: { series: seriesColumns(options) },
    numbers: ['step', 'task', 'accuracy'],
  });
  const tasks = levels(rows, 'task');
  const panels = seriesOf(rows, options).groups(rows);
  const data = panels.flatMap(([, ofPanel], panel) =>
    groupByNumber(ofPanel, 'task').flatMap(([task, ofTask]): Partial<PlotData>[] => {
      const { color, dash, symbol } = seriesStyle(tasks.indexOf(task));
      const steps = groupByNumber(ofTask, 'step');
      const x = steps.map(([step]) => step);
      const summaries = steps.map(([, seeds]) => overSeeds(seeds, 'accuracy'));
      const bands = summaries.some(({ sd }) => sd !== null)
        ? [band(x, summaries, color, `task ${task}`)]
        : [];
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
