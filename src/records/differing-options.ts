import type { Cell } from '../core/row.js';

/**
 * Options that runs differ in, as paths into their configurations: `rule.groupSize`. Options of a rule are compared among the runs of that rule
 * alone: that another rule lacks them is no difference. In the order in which configurations name them.
 * @param configs - as records hold them, defaults filled in
 */
export function differingOptions(configs: readonly object[]): string[] {
  const seen = new Map<string, { path: string; rule: string; cells: Set<Cell>; runs: number }>();
  const runsOf = new Map<string, number>();
  for (const config of configs) {
    const options = flatOptions(config);
    const rule = String(options.get('rule.name') ?? '');
    runsOf.set(rule, (runsOf.get(rule) ?? 0) + 1);
    for (const [path, cell] of options) {
      const scope = path.startsWith('rule.') && path !== 'rule.name' ? rule : '';
      const key = `${scope}/${path}`;
      const option = seen.get(key) ?? { path, rule: scope, cells: new Set<Cell>(), runs: 0 };
      option.cells.add(cell);
      option.runs++;
      seen.set(key, option);
    }
  }
  const differing = [...seen.values()].filter(({ cells, rule, runs }) => {
    const compared = rule === '' ? configs.length : (runsOf.get(rule) ?? 0);
    return cells.size > 1 || runs < compared;
  });
  return [...new Set(differing.map(({ path }) => path))];
}

/**
 * All options of a configuration by their paths: lists of numbers and texts joined by commas, truth values as text, other lists as JSON.
 */
export function flatOptions(config: object): Map<string, Cell> {
  const options = new Map<string, Cell>();
  const visit = (value: unknown, path: string): void => {
    if (value === undefined) return;
    if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
    } else options.set(path, cellOf(value));
  };
  visit(config, '');
  return options;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'number' || typeof value === 'string' || value === null) return value;
  if (!Array.isArray(value)) return String(value);
  return value.some((entry) => typeof entry === 'object') ? JSON.stringify(value) : value.join(',');
}
