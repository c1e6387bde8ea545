import { colour, seriesColour } from '../elements.js';
import { DASHES, keepFitted, UPlot } from '../line-chart.js';
import { percentRange } from '../percent-range.js';
import type { NamedCurve } from './curve-svg.js';

const HEIGHT_PX = 280;

/** Learning curves of groups: mean over seeds, with a band of its interval. */
export class GroupCurves {
  readonly #place: HTMLElement;
  #plot: UPlot | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
    keepFitted(place, HEIGHT_PX, () => this.#plot);
  }

  draw(curves: readonly NamedCurve[]): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    const longest = Math.max(0, ...curves.map(({ means }) => means.length));
    if (longest === 0) return;
    const epochs = Array.from({ length: longest }, (_, i) => i + 1);
    const padded = (values: readonly (number | null)[]): (number | null)[] =>
      epochs.map((_, i) => values[i] ?? null);
    const columns = curves.flatMap(({ means, halves }) => {
      const bound = (sign: 1 | -1): (number | null)[] =>
        padded(means.map((mean, i) => (mean === null ? null : mean + sign * (halves[i] ?? 0))));
      return [padded(means), bound(-1), bound(1)];
    });
    const axis: UPlot.Axis = {
      stroke: () => colour('--ink-soft'),
      grid: { stroke: () => colour('--line'), width: 1 },
      ticks: { stroke: () => colour('--line'), width: 1 },
      font: '12px system-ui, sans-serif',
    };
    const hidden = { width: 0, points: { show: false }, label: '' };
    this.#plot = new UPlot(
      {
        width: Math.max(this.#place.clientWidth, 200),
        height: HEIGHT_PX,
        cursor: { drag: { x: false, y: false } },
        legend: { show: false },
        scales: {
          x: { time: false, range: [0.5, Math.max(longest, 2) + 0.5] },
          y: { range: percentRange },
        },
        axes: [
          {
            ...axis,
            size: 30,
            values: (_, values) => values.map((value) => (Number.isInteger(value) ? String(value) : '')),
          },
          {
            ...axis,
            size: 56,
            values: (_, values) => values.map((value) => `${Number(value.toFixed(2))} %`),
          },
        ],
        series: [
          {},
          ...curves.flatMap((_, i): UPlot.Series[] => [
            { stroke: () => seriesColour(i), width: 2, dash: DASHES[i % 6], points: { show: false } },
            hidden,
            hidden,
          ]),
        ],
        bands: curves.map((_, i) => ({
          series: [3 * i + 3, 3 * i + 2] as UPlot.Band.Bounds,
          fill: () => seriesColour(i).replace(/^rgb\((.*)\)$/, 'rgba($1, 0.15)'),
        })),
      },
      [epochs, ...columns] as UPlot.AlignedData,
      this.#place,
    );
  }
}
