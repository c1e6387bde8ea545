import type { LayoutAxis } from 'plotly.js';
import { largest, smallest } from '../core/extremes.js';
import { superscript } from '../core/superscript.js';

/** Above so many powers of ten, only these are written at the axis. */
const MANY_DECADES = 2.2;

/**
 * A logarithmic axis with all its numbers at full size: Plotly would shrink the 2 and 5 between powers of ten, and
 * exponents, below what print allows.
 * @param values - what the axis shows; more than 0
 */
export function logAxis(values: readonly number[]): Partial<LayoutAxis> {
  const low = Math.floor(Math.log10(smallest(values)));
  const high = Math.ceil(Math.log10(largest(values)));
  const decades = Math.log10(largest(values) / smallest(values));
  const mantissas = decades > MANY_DECADES ? [1] : [1, 2, 5];
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i).flatMap((exponent) =>
    mantissas.map((mantissa) => ({
      value: Number(`${mantissa}e${exponent}`),
      text: high > 9 ? power(mantissa, exponent) : prefixed(mantissa, exponent),
    })),
  );
  return {
    type: 'log',
    tickvals: ticks.map(({ value }) => value),
    ticktext: ticks.map(({ text }) => text),
  };
}

function power(mantissa: number, exponent: number): string {
  return `${mantissa === 1 ? '' : `${mantissa}·`}10${superscript(exponent)}`;
}

function prefixed(mantissa: number, exponent: number): string {
  const [prefix, shift] = exponent >= 6 ? ['M', 6] : exponent >= 3 ? ['k', 3] : ['', 0];
  return `${Number(`${mantissa}e${exponent - shift}`)}${prefix}`;
}
