import { colour, seriesColour } from './elements.js';
import { DASHES, keepFitted, UPlot } from './line-chart.js';
import { percentRange } from './percent-range.js';

const HEIGHT_PX = 220;

/** A chart of lines over epochs, which grows. */
export class Curves {
  readonly #place: HTMLElement;
  readonly #isPercent: boolean;
  #names: readonly string[] = [];
  #columns: (number | null)[][] = [[]];
  #epochs = 1;
  #plot: UPlot | undefined;

  /** @param of - shares in percent; or counts, on a logarithmic axis */
  constructor(place: HTMLElement, of: 'percent' | 'counts') {
    this.#place = place;
    this.#isPercent = of === 'percent';
    keepFitted(place, HEIGHT_PX, () => this.#plot);
  }

  /** Begins anew. @param epochs - the last epoch that there will be */
  begin(names: readonly string[], epochs: number): void {
    this.#names = names;
    this.#epochs = epochs;
    this.#columns = [[], ...names.map(() => [])];
    this.#plot?.destroy();
    this.#plot = this.#make();
  }

  /** An epoch more: one value for each name, null for none. */
  push(epoch: number, values: readonly (number | null)[]): void {
    this.#columns[0].push(epoch);
    values.forEach((value, i) => {
      this.#columns[i + 1]?.push(value);
    });
    this.#plot?.setData(this.#columns as UPlot.AlignedData);
    this.#plot?.setLegend({ idx: this.#columns[0].length - 1 });
  }

  #make(): UPlot {
    const isPercent = this.#isPercent;
    const text = (value: number): string => (isPercent ? percent(value) : short(value));
    const axis: UPlot.Axis = {
      stroke: () => colour('--ink-soft'),
      grid: { stroke: () => colour('--line'), width: 1 },
      ticks: { stroke: () => colour('--line'), width: 1 },
      font: '12px system-ui, sans-serif',
    };
    const isWhole = (values: readonly number[]): string[] =>
      values.map((value) => (Number.isInteger(value) ? String(value) : ''));
    return new UPlot(
      {
        width: Math.max(this.#place.clientWidth, 200),
        height: HEIGHT_PX,
        cursor: { points: { size: 6 }, drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: [0.5, Math.max(this.#epochs, 2) + 0.5] },
          y: isPercent ? { range: percentRange } : { distr: 3, log: 10 },
        },
        axes: [
          { ...axis, values: (_, values) => isWhole(values), size: 30 },
          {
            ...axis,
            size: 56,
            ...(!isPercent && { filter: (_: UPlot, splits: number[]) => readable(splits) }),
            values: (_, values) => values.map((value) => (value === null ? '' : text(value))),
          },
        ],
        series: [
          { label: 'epoch' },
          ...this.#names.map(
            (label, i): UPlot.Series => ({
              label,
              stroke: () => seriesColour(i),
              width: 2,
              dash: DASHES[i % DASHES.length],
              points: { size: 5 },
              value: (_, value) => (value === null || value === undefined ? '–' : text(value)),
            }),
          ),
        ],
      },
      this.#columns as UPlot.AlignedData,
      this.#place,
    );
  }
}

/** Of the lines of a logarithmic axis those at 1, 2 and 5, or at powers of ten where there are several. */
function readable(splits: readonly number[]): (number | null)[] {
  const leading = splits.map((value) => Number(value.toExponential(0)[0]));
  const isLong = leading.filter((digit) => digit === 1).length > 2;
  return splits.map((value, i) => ((isLong ? [1] : [1, 2, 5]).includes(leading[i]) ? value : null));
}

function percent(value: number): string {
  return `${Number(value.toFixed(2))} %`;
}

function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(3))} k`;
  return String(Number(value.toPrecision(3)));
}
