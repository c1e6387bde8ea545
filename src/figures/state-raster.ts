import type { Layout, PlotData } from 'plotly.js';
import { checkInteger, checkLength } from '../core/check.js';
import { checkRows } from '../statistics/group-rows.js';
import type { Figure } from './figure.js';
import { plainText } from './plain-text.js';
import { seriesStyle, seriesStyleNumbers } from './series-style.js';
import { screenLayout } from './theme.js';

/** A series, and the states that a recurrent network went through. */
export interface StateSeries {
  /** Its class: series of the same one have the same colour. */
  readonly label: string;
  /** s_1 … s_T, K entries each; what is above 0 is drawn. */
  readonly states: readonly ArrayLike<number>[];
}

/** What to draw, and how. */
export interface StateRasterOptions {
  readonly title?: string;
  /** How many neurons, from the first on. Default: 64, or all of fewer. */
  readonly neurons?: number;
}

const NEURONS = 64;
const OFF = '#f4f4f4';

/**
 * Hidden states over time: series side by side, a column for each step and a row for each neuron, in the colour of the series' class where
 * the neuron gave +1.
 * @param series - in the order from left to right, at least one; all with states of the same length
 * @throws ArgumentError when there are none, one has no steps or states of another length, or for more neurons than there are
 */
export function stateRaster(
  series: readonly StateSeries[],
  { title = 'Hidden state over time', neurons: asked }: StateRasterOptions = {},
): Figure {
  checkRows(series);
  series.forEach(({ states }, i) => {
    checkInteger(`series[${i}].states.length`, states.length, 1);
  });
  const { length } = series[0].states[0];
  const neurons = asked ?? Math.min(NEURONS, length);
  checkInteger('neurons', neurons, 1, length);
  series.forEach(({ states }, i) => {
    states.forEach((state, t) => {
      checkLength(`series[${i}].states[${t}]`, state, length);
    });
  });
  const labels = [...new Set(series.map(({ label }) => label))];
  const styles = seriesStyleNumbers(labels);
  const starts = startsOf(series.map(({ states }) => states.length));
  return {
    data: series.map(({ label, states }, i) =>
      raster(states, neurons, starts[i], label, seriesStyle(styles[labels.indexOf(label)]).color),
    ),
    layout: withTicks(screenLayout(title, 'step', 'neuron'), series, starts),
  };
}

/** Where each series begins: a column is left free between two of them. */
function startsOf(lengths: readonly number[]): number[] {
  const starts = [0];
  for (const length of lengths) starts.push(starts[starts.length - 1] + length + 1);
  return starts;
}

function raster(
  states: StateSeries['states'],
  neurons: number,
  start: number,
  label: string,
  color: string,
): Partial<PlotData> {
  return {
    type: 'heatmap',
    name: plainText(label),
    x: states.map((_, t) => start + t),
    y: Array.from({ length: neurons }, (_, k) => k + 1),
    z: Array.from({ length: neurons }, (_, k) => states.map((state) => Number(state[k] > 0))),
    customdata: Array.from({ length: neurons }, () => states.map((_, t) => t + 1)),
    colorscale: [
      [0, OFF],
      [1, color],
    ],
    zmin: 0,
    zmax: 1,
    showscale: false,
    hovertemplate: 'step %{customdata}, neuron %{y}',
  } as unknown as Partial<PlotData>;
}

/** First and last step of each series at the axis, its class above. */
function withTicks(
  layout: Partial<Layout>,
  series: readonly StateSeries[],
  starts: readonly number[],
): Partial<Layout> {
  const ends = series.map(({ states }, i) => {
    const last = states.length - 1;
    return last === 0 ? [[starts[i], 1]] : [[starts[i], 1], [starts[i] + last, last + 1]]; // biome-ignore format: pairs
  });
  return {
    ...layout,
    margin: { ...layout.margin, t: Number(layout.margin?.t ?? 0) + 20 },
    xaxis: {
      ...layout.xaxis,
      tickvals: ends.flat().map(([at]) => at),
      ticktext: ends.flat().map(([, step]) => String(step)),
      tickangle: 0,
      showgrid: false,
    },
    yaxis: { ...layout.yaxis, autorange: 'reversed', showgrid: false },
    annotations: series.map(({ label, states }, i) => ({
      text: plainText(label),
      x: starts[i] + (states.length - 1) / 2,
      y: 1,
      yref: 'paper',
      yanchor: 'bottom',
      xanchor: 'center',
    })),
  };
}
