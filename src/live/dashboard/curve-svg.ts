import { PALETTE } from '../../figures/series-style.js';
import { DASHES } from '../line-chart.js';
import type { GroupCurve } from './groups.js';

const DASH_ARRAYS = DASHES.map((lengths) => lengths.join(' '));
const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 56;
const TOP = 16;
const RIGHT = 16;
const ROW = 20;

/** A line of a picture. */
export interface NamedCurve extends GroupCurve {
  readonly name: string;
}

/** Curves with bands of their intervals as a picture for print: white ground, names below. */
export function curveSvg(curves: readonly NamedCurve[], title: string): string {
  const longest = Math.max(2, ...curves.map(({ means }) => means.length));
  const values = curves.flatMap(({ means, halves }) =>
    means.flatMap((mean, i) => (mean === null ? [] : [mean - (halves[i] ?? 0), mean + (halves[i] ?? 0)])),
  );
  const [least, most] = [Math.min(100, ...values), Math.max(0, ...values)];
  const step = tickStep(most - least);
  const low = Math.floor(least / step) * step;
  const high = Math.max(low + step, Math.ceil(most / step) * step);
  const bottom = HEIGHT - 44;
  const x = (epoch: number): number => LEFT + ((epoch - 1) / (longest - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => bottom - ((value - low) / (high - low)) * (bottom - TOP);
  const at = (epoch: number, value: number): string => `${x(epoch).toFixed(1)},${y(value).toFixed(1)}`;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step);
  const grid = ticks.map(
    (tick) =>
      `<path d="M${LEFT} ${y(tick).toFixed(1)}H${WIDTH - RIGHT}" stroke="#ddd"/>` +
      `<text x="${LEFT - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${Number(tick.toFixed(6))}</text>`,
  );
  const epochStep = Math.max(1, Math.ceil(longest / 10));
  const epochs = Array.from({ length: longest }, (_, i) => i + 1).filter(
    (epoch) => epoch === 1 || epoch % epochStep === 0,
  );
  const below = epochs.map(
    (epoch) => `<text x="${x(epoch).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${epoch}</text>`,
  );
  const lines = curves.map(({ means, halves }, i) => {
    const known = means.flatMap((mean, e) =>
      mean === null ? [] : [{ epoch: e + 1, mean, half: halves[e] ?? 0 }],
    );
    const upper = known.map(({ epoch, mean, half }) => at(epoch, mean + half));
    const lower = known.map(({ epoch, mean, half }) => at(epoch, mean - half)).reverse();
    const line = known.map(({ epoch, mean }) => at(epoch, mean));
    const color = PALETTE[i % 6];
    return (
      `<polygon points="${[...upper, ...lower].join(' ')}" fill="${color}" fill-opacity="0.15"/>` +
      `<polyline points="${line.join(' ')}" fill="none" stroke="${color}" stroke-width="2" stroke-dasharray="${DASH_ARRAYS[i % 6]}"/>`
    );
  });
  const names = curves.map(({ name }, i) => {
    const top = HEIGHT + i * ROW;
    return (
      `<path d="M${LEFT} ${top}h36" stroke="${PALETTE[i % 6]}" stroke-width="2" stroke-dasharray="${DASH_ARRAYS[i % 6]}"/>` +
      `<text x="${LEFT + 44}" y="${top + 4}">${escaped(name)}</text>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT + curves.length * ROW}" width="${WIDTH}" ` +
    `font-family="sans-serif" font-size="12"><title>${escaped(title)}</title><rect width="100%" height="100%" fill="#fff"/>` +
    `${grid.join('')}${below.join('')}<text x="${(LEFT + WIDTH) / 2}" y="${bottom + 36}" text-anchor="middle">epoch</text>` +
    `<text transform="translate(14 ${(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(title)}</text>` +
    `${lines.join('')}${names.join('')}</svg>\n`
  );
}

function tickStep(range: number): number {
  const rough = Math.max(range, 0.1) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((step) => step * power >= rough) ?? 10);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
