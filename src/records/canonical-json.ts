import { ArgumentError } from '../core/errors.js';

/**
 * JSON that is the same for equal values: keys sorted, no spaces, keys without a value left out.
 * @throws ArgumentError for what JSON has no form for, such as NaN, with its path
 */
export function canonicalJson(value: unknown): string {
  return encode(value, '');
}

function encode(value: unknown, path: string): string {
  if (Array.isArray(value)) {
    return `[${value.map((entry, i) => encode(entry, `${path}[${i}]`)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${encode(member, path ? `${path}.${key}` : key)}`);
    return `{${members.join(',')}}`;
  }
  const isPlain = value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
  if (!isPlain) throw new ArgumentError(path || 'value', 'a value that JSON can hold', value);
  return JSON.stringify(value);
}
