import type { PlotData } from 'plotly.js';
import { largest, smallest } from '../core/extremes.js';
import { type AnyRows, asRows } from '../statistics/any-rows.js';
import { checkColumns } from './check-columns.js';
import type { Figure } from './figure.js';
import { groupByNumber, positiveMean } from './groups.js';
import { logAxis } from './log-axis.js';
import { type SeriesOptions, seriesColumns, seriesOf } from './series.js';
import type { SeriesStyle } from './series-style.js';
import { NEUTRAL, screenLayout } from './theme.js';

/** What to draw, and how. */
export interface LifetimesOptions extends SeriesOptions {
  readonly title?: string;
  /** Column of how old a memory is: numbers above 0. Default: age. */
  readonly age?: string;
  /** Column of how strong it is: numbers. Default: signalToNoise. */
  readonly value?: string;
  /** Default: patterns stored later. */
  readonly xTitle?: string;
  /** Default: signal to noise. */
  readonly yTitle?: string;
}

interface Point {
  readonly age: number;
  readonly strength: number;
}

/** The guide falls with the square root of age. */
const GUIDE_EXPONENT = -0.5;

const GUIDE_NAME = '1/√t';

/**
 * How long memories last: their strength by their age, both logarithmic, a line per series, means over seeds, beside a dotted guide that falls
 * with the square root of age and ends in the strongest of the oldest.
 * @param table - rows, an arquero table or a danfojs data frame, one per age and run; at least one. Read: the columns of the options, and
 *   `seed` if there is one
 * @throws ArgumentError when there are no rows, for a column that they lack, a cell that is no finite number, and for an age or a mean
 *   strength of 0 or less, which these axes do not have
 */
export function lifetimes(table: AnyRows, options: LifetimesOptions = {}): Figure {
  const rows = asRows('rows', table);
  const { title = 'How long memories last', age = 'age', value = 'signalToNoise' } = options;
  const { xTitle = 'patterns stored later', yTitle = 'signal to noise' } = options;
  checkColumns('rows', rows, {
    named: { age, value, series: seriesColumns(options) },
    numbers: [age, value],
  });
  const { groups, styleOf } = seriesOf(rows, options);
  const curves = groups(rows).map(([name, own]) => ({
    name,
    points: groupByNumber(own, age).map(([, seeds]): Point => {
      return { age: positiveMean(seeds, age), strength: positiveMean(seeds, value) };
    }),
  }));
  const points = curves.flatMap((curve) => curve.points);
  const layout = screenLayout(title, xTitle, yTitle);
  return {
    data: [
      guideTrace(points),
      ...curves.map((curve) => curveTrace(curve.name, curve.points, styleOf(curve.name))),
    ],
    layout: {
      ...layout,
      xaxis: { ...layout.xaxis, ...logAxis(points.map((point) => point.age)) },
      yaxis: { ...layout.yaxis, ...logAxis(points.map((point) => point.strength)) },
    },
  };
}

function curveTrace(
  name: string,
  points: readonly Point[],
  { color, dash, symbol }: SeriesStyle,
): Partial<PlotData> {
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name,
    x: points.map(({ age }) => age),
    y: points.map(({ strength }) => strength),
    line: { color, dash },
    marker: { color, symbol },
  } as Partial<PlotData>;
}

/** From the oldest back to where it is as strong as the strongest, or to the youngest. */
function guideTrace(points: readonly Point[]): Partial<PlotData> {
  const ages = points.map(({ age }) => age);
  const oldest = largest(ages);
  const end = largest(points.filter(({ age }) => age === oldest).map(({ strength }) => strength));
  const strongest = largest(points.map(({ strength }) => strength));
  const start = Math.max(smallest(ages), oldest * (strongest / end) ** (1 / GUIDE_EXPONENT));
  return {
    type: 'scatter',
    mode: 'lines',
    name: GUIDE_NAME,
    x: [start, oldest],
    y: [end * (start / oldest) ** GUIDE_EXPONENT, end],
    line: { color: NEUTRAL, dash: 'dot' },
    hoverinfo: 'skip',
  } as Partial<PlotData>;
}
