import { ArgumentError } from '../core/errors.js';
import { valueAt } from '../core/parse.js';
import type { Cell, Row } from '../core/row.js';

/** Columns by name: where in a configuration their cells are found, keys joined by dots: `rule.groupSize`. */
export type ConfigColumns = Readonly<Record<string, string>>;

/**
 * The columns' cells of each configuration.
 * @throws ArgumentError for a field that no configuration has, and one that has fields of its own
 */
export function configCells(configs: readonly object[], columns: ConfigColumns): Row[] {
  for (const [column, path] of Object.entries(columns)) {
    if (configs.length > 0 && configs.every((config) => fieldAt(config, path) === undefined)) {
      throw new ArgumentError(`columns.${column}`, "a field of some run's configuration", path);
    }
  }
  return configs.map((config) => configRow(config, columns));
}

/** The columns' cells of one configuration, null where it has no such field. Throws as `configCell` does. */
export function configRow<Columns extends ConfigColumns>(
  config: object,
  columns: Columns,
): Record<keyof Columns, Cell> {
  const cells = Object.entries(columns).map(([column, path]) => [column, configCell(config, path)]);
  return Object.fromEntries(cells) as Record<keyof Columns, Cell>;
}

/**
 * A field as a cell: lists joined by commas, truth values as text, null where there is none.
 * @throws ArgumentError for a field that has fields of its own
 */
export function configCell(config: object, path: string): Cell {
  const value = fieldAt(config, path);
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((entry) => typeof entry !== 'object')) return value.join(',');
  const inner = Object.keys(value).map((key) => `${path}.${key}`);
  throw new ArgumentError(path, `one field (${inner.join(', ')})`, value);
}

function fieldAt(config: object, path: string): unknown {
  return valueAt(config, path.split('.'));
}
