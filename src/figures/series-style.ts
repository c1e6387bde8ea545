import type { Dash } from 'plotly.js';

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
 * Which style is whose in every figure, whatever else the figure shows. No more than there are colours: some figures tell
 * series by nothing else.
 */
const RULE_STYLES: ReadonlyMap<string, number> = new Map([
  ['local-error', 0],
  ['bep', 1],
  ['sgd', 2],
  ['qat', 3],
  ['qat with batchNorm', 3],
  ['qat without batchNorm', 4],
  ['committee', 5],
  ['iterative', 6],
]);

/**
 * Which style each series of a figure has: rules their own, so that a reader of several figures knows them again; anything
 * else the first that is left, in the order of the names.
 * @param names - all different
 * @returns for each name an argument of `seriesStyle`, all different
 */
export function seriesStyleNumbers(names: readonly string[]): number[] {
  const taken = new Set<number>();
  const take = (style: number): number => {
    taken.add(style);
    return style;
  };
  const own = names.map((name) => {
    const style = RULE_STYLES.get(name);
    return style === undefined || taken.has(style) ? undefined : take(style);
  });
  const firstLeft = (): number => {
    let style = 0;
    while (taken.has(style)) style++;
    return take(style);
  };
  return own.map((style) => style ?? firstLeft());
}

/**
 * How each series of a figure looks, by its name; see `seriesStyleNumbers`.
 * @param names - all different
 */
export function seriesStyles(names: readonly string[]): (name: string) => SeriesStyle {
  const numbers = seriesStyleNumbers(names);
  return (name) => seriesStyle(numbers[names.indexOf(name)]);
}
