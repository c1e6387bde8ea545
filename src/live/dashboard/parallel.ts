import type { Cell } from '../../core/row.js';
import type { OptionColumn, StoreSnapshot } from '../../records/store-snapshot.js';
import { colour, contextOf } from '../elements.js';

const TOP = 44;
const BOTTOM = 16;
const SIDE = 92;
const HEIGHT = 320;

/** Viridis, dark for the worst: told apart with any kind of colour vision, and in grey. */
const SCALE = ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'] as const;
const SHADES = 24;

/** Over so many pixels lines of the same value are spread. */
const JITTER = 16;

/** An axis: where each code lies, from 0 at the bottom to 1, and what is written there. */
interface Axis {
  readonly title: string;
  readonly places: readonly number[];
  readonly ticks: readonly { readonly place: number; readonly text: string }[];
}

/** Runs as lines across the options in which they differ, up to their accuracy, by which they are coloured. */
export class ParallelCoordinates {
  readonly #canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /**
   * @param runs - those that are drawn strongly; others are faint
   * @param accuracies - percent or null, of all runs
   */
  draw(
    snapshot: StoreSnapshot,
    runs: readonly number[],
    accuracies: readonly (number | null)[],
    name: string,
  ): void {
    const canvas = this.#canvas;
    const width = canvas.clientWidth;
    const scale = devicePixelRatio;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(HEIGHT * scale);
    const context = contextOf(canvas);
    context.scale(scale, scale);
    const options = snapshot.options.filter(({ values }) => values.length > 1);
    const axes = options.map(axisOf);
    const known = accuracies.filter((accuracy) => accuracy !== null);
    const least = known.reduce((low, accuracy) => Math.min(low, accuracy), 100);
    const most = known.reduce((high, accuracy) => Math.max(high, accuracy), 0);
    const share = (accuracy: number): number => (accuracy - least) / (most - least || 1);
    const all = axes.length + 1;
    const x = (axis: number): number =>
      all === 1 ? width / 2 : SIDE + (axis * (width - 2 * SIDE)) / (all - 1);
    const y = (place: number): number => HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM);

    // One path for each shade: ten thousand lines in two dozen strokes. The best come last, on top.
    const paths = Array.from({ length: SHADES }, () => new Path2D());
    for (const run of runs) {
      const accuracy = accuracies[run];
      if (accuracy === null) continue;
      const path = paths[Math.min(SHADES - 1, Math.floor(share(accuracy) * SHADES))];
      let isDown = false;
      for (let axis = 0; axis < axes.length; axis++) {
        const code = options[axis].codes[run];
        if (code < 0) {
          isDown = false;
          continue;
        }
        // Lines of the same values lie beside each other.
        const spread = (((run * 2654435761) >>> 16) % 97) / 97 - 0.5;
        const height = y(axes[axis].places[code]) + JITTER * spread;
        if (isDown) path.lineTo(x(axis), height);
        else path.moveTo(x(axis), height);
        isDown = true;
      }
      if (isDown) path.lineTo(x(axes.length), y(share(accuracy)));
    }
    context.lineWidth = runs.length > 500 ? 0.7 : 1.4;
    context.globalAlpha = runs.length > 2000 ? 0.25 : runs.length > 200 ? 0.5 : 0.85;
    paths.forEach((path, shade) => {
      context.strokeStyle = shadeAt(shade / (SHADES - 1));
      context.stroke(path);
    });
    context.globalAlpha = 1;
    this.#drawAxes(context, [...axes, accuracyAxis(name, least, most)], { x, y, last: all - 1 });
  }

  #drawAxes(
    context: CanvasRenderingContext2D,
    axes: readonly Axis[],
    { x, y, last }: { x: (axis: number) => number; y: (place: number) => number; last: number },
  ): void {
    const [ink, soft, ground] = ['--ink', '--ink-soft', '--panel'].map(colour);
    context.textAlign = 'center';
    axes.forEach(({ title, ticks }, axis) => {
      context.strokeStyle = soft;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x(axis), y(0));
      context.lineTo(x(axis), y(1));
      context.stroke();
      context.fillStyle = ink;
      context.font = '600 12px system-ui, sans-serif';
      context.fillText(title, x(axis), axis % 2 === 1 && axes.length > 5 ? 14 : 30);
      context.font = '11px system-ui, sans-serif';
      context.textAlign = axis === last ? 'left' : 'right';
      for (const { place, text } of ticks) {
        const left = x(axis) + (axis === last ? 6 : -6);
        context.strokeStyle = ground;
        context.lineWidth = 5;
        context.lineJoin = 'round';
        context.strokeText(text, left, y(place) + 4);
        context.fillText(text, left, y(place) + 4);
      }
      context.textAlign = 'center';
    });
  }
}

function axisOf({ path, values }: OptionColumn): Axis {
  const title = path.replace(/^(rule|dataset)\./, '');
  const areNumbers = values.every((value) => typeof value === 'number');
  const order = [...values.keys()].sort((a, b) => compare(values[a], values[b]));
  const rank = new Map(order.map((code, place) => [code, place]));
  const places = values.map((_, code) => (rank.get(code) ?? 0) / Math.max(values.length - 1, 1));
  const ticks = order
    .map((code) => ({ place: places[code], text: String(values[code]) }))
    .filter(
      (_, i) =>
        values.length <= 9 ||
        i % Math.ceil(values.length / 8) === 0 ||
        (areNumbers && i === order.length - 1),
    );
  return { title, places, ticks };
}

function compare(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

function accuracyAxis(title: string, least: number, most: number): Axis {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((place) => ({
    place,
    text: `${(least + place * (most - least)).toFixed(1)} %`,
  }));
  return { title, places: [], ticks };
}

function shadeAt(share: number): string {
  const place = share * (SCALE.length - 1);
  const i = Math.min(SCALE.length - 2, Math.floor(place));
  const [from, to] = [SCALE[i], SCALE[i + 1]].map((hex) =>
    [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
  );
  return `rgb(${from.map((value, c) => Math.round(value + (place - i) * (to[c] - value))).join(' ')})`;
}
