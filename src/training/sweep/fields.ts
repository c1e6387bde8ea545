import isEqual from 'fast-deep-equal';
import { ArgumentError } from '../../core/errors.js';

/** Fields of a configuration by name, nested; not checked yet. Never changed in place. */
export interface Fields {
  readonly [name: string]: unknown;
}

/** The value of a field, or undefined. @param path - names joined by dots: `rule.groupSize` */
export function fieldAt(fields: Fields, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isFields(value) ? value[name] : undefined), fields);
}

/** The same fields with one set; mappings on the way are made. @throws ArgumentError when something else is in the way */
export function withField(fields: Fields, path: string, value: unknown): Fields {
  const [name, ...rest] = path.split('.');
  if (rest.length === 0) return { ...fields, [name]: value };
  const inner = fields[name] ?? {};
  if (!isFields(inner)) throw new ArgumentError(name, `a mapping, to set ${path} in`, inner);
  return { ...fields, [name]: withField(inner, rest.join('.'), value) };
}

/**
 * The fields of `part` laid over those of `base`, mapping by mapping. A mapping with another `name` or `kind` has
 * other options and replaces the one below as a whole; so does everything that is no mapping.
 */
export function mergeFields(base: Fields, part: Fields): Fields {
  if (['name', 'kind'].some((key) => key in base && key in part && base[key] !== part[key])) return part;
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(part)) {
    const below = base[name];
    merged[name] = isFields(below) && isFields(value) ? mergeFields(below, value) : value;
  }
  return merged;
}

/** Every field that is no mapping, by path. */
export function flatFields(fields: Fields, prefix = ''): Map<string, unknown> {
  return new Map(
    Object.entries(fields).flatMap(([name, value]) =>
      isFields(value) ? [...flatFields(value, `${prefix}${name}.`)] : [[`${prefix}${name}`, value] as const],
    ),
  );
}

/** Only what tells each of several configurations from the others, by path; a field that one lacks is undefined. */
export function distinguishingFields(configs: readonly object[]): Map<string, unknown>[] {
  const flat = configs.map((config) => flatFields(config as Fields));
  const paths = [...new Set(flat.flatMap((fields) => [...fields.keys()]))];
  const varying = paths.filter((path) =>
    flat.some((fields) => !isEqual(fields.get(path), flat[0].get(path))),
  );
  return flat.map(
    (fields) =>
      new Map(varying.filter((path) => fields.has(path)).map((path) => [path, fields.get(path)] as const)),
  );
}

/** `rule.layers [255,255], seed 3`: one line for people. */
export function describeFields(fields: ReadonlyMap<string, unknown>): string {
  return [...fields]
    .map(([path, value]) => `${path} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
