import { largest, smallest } from '../core/extremes.js';

/** One line of a small curve. */
export interface SmallLine {
  readonly values: readonly number[];
  /** CSS. */
  readonly color: string;
  readonly dash?: string;
  /** Dots in place of a line. Default false. */
  readonly areDots?: boolean;
}

const WIDTH = 220;
const HEIGHT = 44;
/** Of a line with more values every other one is left out, or more of them: a pixel shows one at best. */
const MOST_VALUES = WIDTH / 2;

/**
 * Lines in a box of a few hundred bytes, as SVG: how something went, without axes. Lines share one scale.
 * @param length - values that a whole line has; those that are there take their share of the width
 */
export function smallCurve(lines: readonly SmallLine[], length: number, title: string): string {
  const all = lines.flatMap(({ values }) => values);
  if (all.length === 0) return '';
  const [least, most] = [smallest(all), largest(all)];
  const x = (i: number): string => ((i / Math.max(1, length - 1)) * (WIDTH - 4) + 2).toFixed(1);
  const y = (value: number): string =>
    (HEIGHT - 2 - ((value - least) / (most - least || 1)) * (HEIGHT - 4)).toFixed(1);
  const drawn = lines.map(({ values, color, dash, areDots }) => {
    const step = Math.ceil(values.length / MOST_VALUES);
    const kept = values.flatMap((value, i) =>
      i % step === 0 || i === values.length - 1 ? [{ x: x(i), y: y(value) }] : [],
    );
    if (areDots || kept.length === 1) {
      return kept.map((at) => `<circle cx="${at.x}" cy="${at.y}" r="2" fill="${color}"/>`).join('');
    }
    const points = kept.map((at) => `${at.x},${at.y}`).join(' ');
    return `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="1.5"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`;
  });
  return (
    `<svg width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}" ` +
    `style="vertical-align: middle; border-bottom: 1px solid #8888">${drawn.join('')}</svg>`
  );
}
