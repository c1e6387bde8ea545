import { inspect } from 'node:util';
import type { MimeBundle } from './bundle.js';
import {
  frameSummary,
  frameToHtml,
  isColumnTable,
  isDataFrame,
  tableSummary,
  tableToHtml,
} from './html-table.js';
import { knownValue } from './known-values.js';

export type { MimeBundle };

/**
 * A value with a method of this name decides itself how a notebook shows it:
 * `[Symbol.for('xnorlab.display')](): MimeBundle`.
 */
export const DISPLAY = Symbol.for('xnorlab.display');

/** Longer strings are cut, with a note. */
const MAX_STRING_LENGTH = 100_000;

const HTML_METHODS = ['toHTML', 'toHtml'] as const;

/**
 * How a value looks in a notebook. Always holds `text/plain`; tables (arquero, danfojs), values with `toHTML()` or
 * `toHtml()`, values with a `Symbol.for('xnorlab.display')` method, and runs, models, sweeps and stores get more.
 *
 * @throws whatever the value's own method throws
 */
export function toMimeBundle(value: unknown): MimeBundle {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return plainText(value);
  const own = method(value, DISPLAY);
  if (own) return { ...plainText(value), ...(own() as MimeBundle) };
  if (isDataFrame(value)) return { 'text/plain': frameSummary(value), 'text/html': frameToHtml(value) };
  if (isColumnTable(value)) return { 'text/plain': tableSummary(value), 'text/html': tableToHtml(value) };
  for (const name of HTML_METHODS) {
    const html = method(value, name)?.();
    if (typeof html === 'string') return { ...plainText(value), 'text/html': html };
  }
  return knownValue(value) ?? plainText(value);
}

function plainText(value: unknown): MimeBundle {
  return { 'text/plain': inspect(value, { maxStringLength: MAX_STRING_LENGTH }) };
}

function method(value: object, name: PropertyKey): (() => unknown) | undefined {
  const found = (value as Record<PropertyKey, unknown>)[name];
  return typeof found === 'function' ? () => found.call(value) as unknown : undefined;
}
