import type { PlotData } from 'plotly.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { band } from './band.js';
import { checkColumns } from './check-columns.js';
import { directLabels } from './direct-labels.js';
import type { Figure } from './figure.js';
import { levels, overSeeds } from './groups.js';
import { type SeriesOptions, seriesColumns, seriesOf } from './series.js';
import { NEUTRAL, screenLayout } from './theme.js';

/** What to draw, and how. */
export interface OptionCurvesOptions extends SeriesOptions {
  readonly title?: string;
  /** Column of the option that was varied. */
  readonly option: string;
  /** Column of what it was judged by: numbers. */
  readonly value: string;
  /** Values of something that lacks the option, to be compared with: dotted lines across. Default: none. */
  readonly references?: readonly { readonly name: string; readonly value: number }[];
  /** Default: the columns' names. */
  readonly xTitle?: string;
  readonly yTitle?: string;
}

/**
 * A value at each level of one option, a line per series: mean over seeds with a band of one standard deviation. Levels
 * are equally far apart; numbers ascend, anything else comes in order of appearance.
 * @param table - rows, an arquero table or a danfojs data frame, one per run; at least one. Read: the columns of the option, the value and the series, and `seed` if there
 *   is one
 * @throws ArgumentError when there are no rows, for a column that they lack, and a value that is no finite number
 */
export function optionCurves(table: AnyRows, options: OptionCurvesOptions): Figure {
  const rows = asRows('rows', table);
  const { option, value, references = [], title = '', xTitle = option, yTitle = value } = options;
  checkColumns('rows', rows, { named: { option, value, series: seriesColumns(options) }, numbers: [value] });
  const found = levels(rows, option);
  const { groups, styleOf } = seriesOf(rows, options);
  const curves = groups(rows).map(([name, own]) => {
    const summaries = found.flatMap((level, x) => {
      const seeds = own.filter((row) => row[option] === level);
      return seeds.length > 0 ? [{ x, ...overSeeds(seeds, value) }] : [];
    });
    return { name, style: styleOf(name), x: summaries.map(({ x }) => x), summaries };
  });
  const ends = [
    ...curves.map(({ name, style, summaries }) => ({
      text: name,
      color: style.color,
      y: summaries[summaries.length - 1].mean,
    })),
    ...references.map((reference) => ({ text: reference.name, color: NEUTRAL, y: reference.value })),
  ];
  const shown = curves.flatMap(({ summaries }) =>
    summaries.flatMap(({ mean, sd }) => [mean - (sd ?? 0), mean + (sd ?? 0)]),
  );
  const { yaxis, yaxis2, trace } = directLabels(ends, [...shown, ...references.map((line) => line.value)]);
  const range = [-0.3, found.length - 0.7];
  const layout = screenLayout(title, xTitle, yTitle);
  return {
    data: [
      ...curves.flatMap(({ name, x, summaries, style }) =>
        summaries.some(({ sd }) => sd !== null) ? [band(x, summaries, style.color, name)] : [],
      ),
      ...references.map((reference) => referenceLine(reference, range)),
      ...curves.map(
        ({ name, style: { color, dash, symbol }, x, summaries }): Partial<PlotData> => ({
          type: 'scatter',
          mode: 'lines+markers',
          name,
          legendgroup: name,
          x,
          y: summaries.map(({ mean }) => mean),
          line: { color, dash },
          marker: { color, symbol },
          showlegend: false,
        }),
      ),
      trace,
    ],
    layout: {
      ...layout,
      xaxis: { ...layout.xaxis, tickvals: found.map((_, i) => i), ticktext: found.map(String), range },
      yaxis: { ...layout.yaxis, ...yaxis },
      yaxis2,
    },
  };
}

function referenceLine(
  { name, value }: { readonly name: string; readonly value: number },
  x: readonly number[],
): Partial<PlotData> {
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x: [...x],
    y: [value, value],
    line: { color: NEUTRAL, dash: 'dot' },
    showlegend: false,
  };
}
