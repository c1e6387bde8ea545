import type { Dash } from 'plotly.js';
import { registeredStyle } from '../core/series-styles.js';

/**
 * Colours of Okabe and Ito's palette, darkest text colour last: told apart with any kind of colour vision. Each is
 * used with a dash or a marker of its own, so that a grey print can be read too.
 */
export const PALETTE = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#222222'] as const;

/** Line styles, in step with `PALETTE`. */
export const DASHES = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot'] as const;

const MARKERS = [
  'circle',
  'square',
  'diamond',
  'triangle-up',
  'triangle-down',
  'cross',
  'x',
  'star',
] as const;

/** How one series of a figure looks. */
export interface SeriesStyle {
  readonly color: string;
  readonly dash: Dash;
  readonly symbol: string;
}

/** The i-th style; no two alike up to far more series than a figure can hold. */
export function seriesStyle(i: number): SeriesStyle {
  return {
    color: PALETTE[i % PALETTE.length],
    dash: DASHES[i % DASHES.length],
    symbol: MARKERS[i % MARKERS.length],
  };
}

/**
 * Which style each series of a figure has: rules their own, so that a reader of several figures knows them again; anything
 * else the first that is left, in the order of the names. A rule that has not chosen one has a style that follows from its
 * name, or, where a series of the figure has its colour already, the next whose colour is free.
 * @param names - all different
 * @returns for each name an argument of `seriesStyle`, all different
 */
export function seriesStyleNumbers(names: readonly string[]): number[] {
  const styles = new Map<string, number>();
  const take = (name: string, candidates: readonly number[]): void => {
    styles.set(name, firstFree(candidates, [...styles.values()]));
  };
  const registered = names.map((name) => [name, registeredStyle(name)] as const);
  for (const [name, known] of registered) {
    const isTaken = [...styles.values()].includes(known?.style ?? -1);
    if (known?.style !== undefined && !isTaken) styles.set(name, known.style);
  }
  for (const [name, known] of registered) {
    if (known && known.style === undefined) take(name, stylesOfName(name));
  }
  for (const name of names) if (!styles.has(name)) take(name, [...PALETTE.keys()]);
  return names.map((name) => styles.get(name) ?? 0);
}

/** Of every colour one, beyond the styles that rules choose; which comes first, the name says. */
function stylesOfName(name: string): number[] {
  let hash = 0;
  for (const character of name) hash = (31 * hash + (character.codePointAt(0) ?? 0)) % 2 ** 31;
  return [...PALETTE.keys()].map((i) => PALETTE.length + ((hash + i) % PALETTE.length));
}

/** The first of a colour that none of `taken` has; where all have their colours, the first that is not taken itself. */
function firstFree(candidates: readonly number[], taken: readonly number[]): number {
  const colors = new Set(taken.map((style) => style % PALETTE.length));
  const ofFreeColor = candidates.find((style) => !colors.has(style % PALETTE.length));
  if (ofFreeColor !== undefined) return ofFreeColor;
  let style = 0;
  while (taken.includes(style)) style++;
  return style;
}

/**
 * How each series of a figure looks, by its name; see `seriesStyleNumbers`.
 * @param names - all different
 */
export function seriesStyles(names: readonly string[]): (name: string) => SeriesStyle {
  const numbers = seriesStyleNumbers(names);
  return (name) => seriesStyle(numbers[names.indexOf(name)]);
}
