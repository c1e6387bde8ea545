import { superscript } from '../core/superscript.js';

/** From here on numbers are shown with a power of ten. */
const LARGE = 1e6;

/** Decimals of a mean whose spread is unknown or zero: a hundredth of a percent is one test sample of 10,000. */
const DEFAULT_DECIMALS = 2;

/** How a mean is shown: as a multiple of 10^exponent, with so many decimals. */
interface Precision {
  readonly exponent: number;
  readonly decimals: number;
}

/**
 * A mean and its standard deviation as text: two significant digits of the deviation, and as many decimals of the
 * mean: `85.12 ± 0.23`, `84.9 ± 1.1`, `(1.234 ± 0.056)×10¹²`. Where the deviation is null or 0 the mean has two
 * decimals, and stands alone for null.
 */
export function formatMean(mean: number, standardDeviation: number | null): string {
  const { exponent, decimals } = precisionOf(mean, standardDeviation);
  const scaled = (value: number): string => (value / 10 ** exponent).toFixed(decimals);
  const shown = standardDeviation === null ? scaled(mean) : `${scaled(mean)} ± ${scaled(standardDeviation)}`;
  if (exponent === 0) return shown;
  return `${standardDeviation === null ? shown : `(${shown})`}×10${superscript(exponent)}`;
}

/** One unit in the last place of the mean that `formatMean` shows. */
export function shownUnit(mean: number, standardDeviation: number | null): number {
  const { exponent, decimals } = precisionOf(mean, standardDeviation);
  return 10 ** (exponent - decimals);
}

function precisionOf(mean: number, standardDeviation: number | null): Precision {
  const exponent = Math.abs(mean) < LARGE ? 0 : Math.floor(Math.log10(Math.abs(mean)));
  if (!standardDeviation) return { exponent, decimals: DEFAULT_DECIMALS };
  // Rounded first: 0.0996 is 0.10, not 0.100.
  const rounded = Number((standardDeviation / 10 ** exponent).toPrecision(2));
  const decimals = 1 - Math.floor(Math.log10(rounded));
  return { exponent, decimals: Math.min(Math.max(decimals, 0), MAX_DECIMALS) };
}

const MAX_DECIMALS = 12;

/** A number to so many decimals, with its sign: `+0.42`, `-0.10`, `0.00`. */
export function formatSigned(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  if (Number(text) === 0) return text.replace('-', '');
  return value > 0 ? `+${text}` : text;
}

/** A probability to three decimals, `<0.001` below. */
export function formatP(p: number): string {
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}
