import type { PlotData } from 'plotly.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { band } from './band.js';
import { checkColumns } from './check-columns.js';
import { directLabels } from './direct-labels.js';
import { epochAxis } from './epoch-axis.js';
import type { Figure } from './figure.js';
import { groupByNumber, overSeeds, type Summary } from './groups.js';
import { type SeriesOptions, seriesColumns, seriesOf } from './series.js';
import { DASHES } from './series-style.js';
import { NEUTRAL, screenLayout } from './theme.js';

/** What to draw, and how. */
export interface LearningCurveOptions extends SeriesOptions {
  readonly title?: string;
  /** Also draw the training set's accuracy. Default: true. */
  readonly training?: boolean;
}

/** Which accuracy a line shows, and how. */
const MEASURES = [
  { key: 'testAccuracy', label: 'test', dash: DASHES[0] },
  { key: 'trainAccuracy', label: 'training', dash: DASHES[2] },
] as const;

/**
 * Accuracy over epochs: for every series a solid line for the test and a dotted one for the training set, the mean
 * over seeds with a band of one standard deviation. Without the training set, every series has a dash of its own.
 * @param table - rows, an arquero table or a danfojs data frame, one per epoch and run, see `epochRows`; at least one. Read: `epoch`, `testAccuracy` and, with `training`,
 *   `trainAccuracy` (percent), the column of the series, and `seed` if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, and a cell that is no finite number
 */
export function learningCurves(table: AnyRows, options: LearningCurveOptions = {}): Figure {
  const rows = asRows('rows', table);
  const { title = 'Learning curves', training = true } = options;
  const measures = MEASURES.slice(0, training ? 2 : 1);
  checkColumns('rows', rows, {
    named: { series: seriesColumns(options) },
    numbers: ['epoch', ...measures.map(({ key }) => key)],
  });
  const { groups, styleOf } = seriesOf(rows, options);
  const curves = groups(rows).flatMap(([name, group]) =>
    measures.map((measure) => ({
      ...measure,
      name,
      color: styleOf(name).color,
      dash: training ? measure.dash : styleOf(name).dash,
      epochs: groupByNumber(group, 'epoch').map(([epoch]) => epoch),
      summaries: groupByNumber(group, 'epoch').map(([, seeds]) => overSeeds(seeds, measure.key)),
    })),
  );
  const ends = curves
    .filter(({ label }) => label === 'test')
    .map(({ name, color, summaries }) => ({ text: name, color, y: summaries[summaries.length - 1].mean }));
  const { yaxis, yaxis2, trace } = directLabels(
    ends,
    curves.flatMap(({ summaries }) => summaries.flatMap(bounds)),
  );
  const layout = screenLayout(title, 'epoch', 'accuracy (%)');
  return {
    data: [
      ...curves.flatMap(({ name, epochs, summaries, color }) =>
        summaries.some(({ sd }) => sd !== null) ? [band(epochs, summaries, color, name)] : [],
      ),
      ...curves.map(
        ({ name, label, color, dash, epochs, summaries }): Partial<PlotData> => ({
          type: 'scatter',
          mode: 'lines',
          name: `${name}, ${label}`,
          legendgroup: name,
          x: epochs,
          y: summaries.map(({ mean }) => mean),
          line: { color, dash },
          showlegend: false,
        }),
      ),
      ...(training ? measures.map(legendEntry) : []),
      trace,
    ],
    layout: {
      ...layout,
      xaxis: { ...layout.xaxis, ...epochAxis(rows) },
      yaxis: { ...layout.yaxis, ...yaxis },
      yaxis2,
    },
  };
}

function bounds({ mean, sd }: Summary): number[] {
  return [mean - (sd ?? 0), mean + (sd ?? 0)];
}

function legendEntry({ label, dash }: (typeof MEASURES)[number]): Partial<PlotData> {
  return {
    type: 'scatter',
    mode: 'lines',
    name: label,
    x: [null],
    y: [null],
    line: { color: NEUTRAL, dash },
  };
}
