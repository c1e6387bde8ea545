import type { PlotData } from 'plotly.js';
import type { Row } from '../core/row.js';
import { checkRows } from '../statistics/group-rows.js';
import { band } from './band.js';
import { checkColumns } from './check-columns.js';
import { facetLayout, oneLegend, panelAxes } from './facets.js';
import type { Figure } from './figure.js';
import { groupByNumber, groupByText, levels, overSeeds } from './groups.js';
import { seriesStyle } from './series-style.js';

/** What to draw, and how. */
export interface ForgettingOptions {
  readonly title?: string;
  /** Column that names the panels; rows of the same panel, task and step are seeds. Default: rule. */
  readonly series?: string;
  /** What `step` counts. Default: tasks learned. */
  readonly xTitle?: string;
}

/**
 * What is left of old tasks while new ones are learned: one line per task, mean over seeds with a band of one
 * standard deviation; a panel per series, all on the same axes.
 * @param rows - one per step, task and run, see `taskAccuracyRows`; at least one. Read: `step` (tasks learned so far,
 *   or epochs), `task` (from 1), `accuracy` (percent of the task's test samples), the column of the series, and `seed`
 *   if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, and a cell that is no finite number
 */
export function forgetting(rows: readonly Row[], options: ForgettingOptions = {}): Figure {
  checkRows(rows);
  const { title = 'Accuracy on old tasks', series = 'rule', xTitle = 'tasks learned' } = options;
  checkColumns('rows', rows, { named: { series }, numbers: ['step', 'task', 'accuracy'] });
  const tasks = levels(rows, 'task');
  const panels = groupByText(rows, series);
  const data = panels.flatMap(([, ofPanel], panel) =>
    groupByNumber(ofPanel, 'task').flatMap(([task, ofTask]): Partial<PlotData>[] => {
      const { color, dash, symbol } = seriesStyle(tasks.indexOf(task));
      const steps = groupByNumber(ofTask, 'step');
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
