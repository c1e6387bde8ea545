import { ArgumentError } from '../core/errors.js';
import { largest, smallest } from '../core/extremes.js';
import { quantile } from '../statistics/sample.js';

/** What colours span: `robust` leaves outliers out, `all` does not; or the two ends. */
export type ScaleRange = 'robust' | 'all' | readonly [low: number, high: number];

/** A scale of colours and what lies beyond it. */
export interface ValueScale {
  readonly limits: { readonly zmin: number; readonly zmax: number };
  /** Whether any value lies beyond. */
  readonly isClipped: boolean;
  /** For the title of the colour bar: how many values lie beyond. Empty for none. */
  readonly note: string;
  /** For the colour bar: its ends say that there is more. Empty where there is not. */
  readonly ticks: { readonly tickvals?: readonly number[]; readonly ticktext?: readonly string[] };
}

/** Tukey, Exploratory Data Analysis, 1977: beyond so many interquartile ranges a value lies outside. */
const FENCE = 1.5;

/**
 * The scale of some values.
 * @param values - at least one
 * @param digits - decimals in which they are written: values that read the same count once, so that many cells at chance
 *   weigh no more than one
 * @throws ArgumentError for a range that is none
 */
export function valueScale(values: readonly number[], range: ScaleRange, digits: number): ValueScale {
  const [zmin, zmax] = endsOf(values, range, digits);
  const below = values.filter((value) => value < zmin).length;
  const above = values.filter((value) => value > zmax).length;
  const notes = [below > 0 ? `▾ ${below} below` : '', above > 0 ? `▴ ${above} above` : ''].filter(Boolean);
  const isClipped = notes.length > 0;
  return {
    limits: { zmin, zmax },
    isClipped,
    note: isClipped ? `<br>(${notes.join(', ')})` : '',
    ticks: isClipped ? ticksOf(zmin, zmax, below > 0, above > 0, digits) : {},
  };
}

/** The title of a colour bar without what `note` has added. */
export function withoutNote(title: string): string {
  return title.replace(/<br>\([▾▴][^)]*\)$/, '');
}

/** ` ▾` or ` ▴` for a value beyond the scale, else nothing. */
export function clipped(value: number | null, { limits: { zmin, zmax } }: ValueScale): string {
  if (value === null) return '';
  return value < zmin ? ' ▾' : value > zmax ? ' ▴' : '';
}

function endsOf(values: readonly number[], range: ScaleRange, digits: number): readonly [number, number] {
  if (range === 'all') return [smallest(values), largest(values)];
  if (range === 'robust') return withoutOutliers(values, digits);
  const isRange = Array.isArray(range) && range.length === 2 && range.every(Number.isFinite);
  if (isRange && range[0] < range[1]) return range;
  throw new ArgumentError('range', "'robust', 'all' or two ascending numbers", range);
}

function withoutOutliers(values: readonly number[], digits: number): readonly [number, number] {
  const different = Float64Array.from(new Set(values.map((value) => Number(value.toFixed(digits))))).sort();
  const [first, third] = [quantile(different, 0.25), quantile(different, 0.75)];
  const reach = FENCE * (third - first);
  // A value at the fence as it is written is within.
  const inside = values.filter((value) => {
    const written = Number(value.toFixed(digits));
    return written >= first - reach && written <= third + reach;
  });
  return [smallest(inside), largest(inside)];
}

const TICKS = 5;

/** Round numbers between the ends, and the ends. */
function ticksOf(
  low: number,
  high: number,
  isBelow: boolean,
  isAbove: boolean,
  digits: number,
): ValueScale['ticks'] {
  const step = roundStep((high - low) / TICKS);
  const count = Math.max(0, Math.floor(high / step) - Math.ceil(low / step) + 1);
  const round = Array.from({ length: count }, (_, i) =>
    Number(((Math.ceil(low / step) + i) * step).toPrecision(12)),
  );
  const isFree = (tick: number): boolean =>
    (!isBelow || tick - low > step / 2) && (!isAbove || high - tick > step / 2);
  const ticks = [
    ...(isBelow ? [{ value: low, text: `≤ ${low.toFixed(digits)}` }] : []),
    ...round.filter(isFree).map((value) => ({ value, text: String(value) })),
    ...(isAbove ? [{ value: high, text: `≥ ${high.toFixed(digits)}` }] : []),
  ];
  return { tickvals: ticks.map(({ value }) => value), ticktext: ticks.map(({ text }) => text) };
}

/** 1, 2 or 5 times a power of ten, at least as large. */
function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const mantissa = [1, 2, 5, 10].find((each) => each * power >= least) ?? 10;
  return mantissa * power;
}
