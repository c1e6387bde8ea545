import type { DataFrame, Series } from 'danfojs-node';
import { ArgumentError } from '../core/errors.js';

type Danfojs = typeof import('danfojs-node');
type Value = string | number | boolean | null | undefined;

let cured: Danfojs | undefined;

/**
 * danfojs-node, loaded on first use (about a second), with missing values minded as pandas minds them. As it comes, danfojs 1.2.0
 * counts null as 0 in means by group, makes one group of `('a-b', 'c')` and `('a', 'b-c')`, sorts texts by their first letter and
 * missing numbers anywhere, fills the frame that `fillNa` is asked of instead of a copy, and gives NaN for a
 * whole column in `describe` and running sums. Missing are null, undefined and NaN. All frames of the process are cured, as
 * they share their classes.
 */
export function loadDanfojs(): Danfojs {
  cured ??= cure(require('danfojs-node') as Danfojs);
  return cured;
}

function cure(danfojs: Danfojs): Danfojs {
  // The classes that danfojs exports extend those that its methods return: what they share is cured.
  const frame = new danfojs.DataFrame([{ key: 'a', value: 1 }]);
  cureGroups(Object.getPrototypeOf(frame.groupby(['key'])) as Groups);
  cureFrames(Object.getPrototypeOf(frame.head(1)) as DataFrame);
  cureSeries(Object.getPrototypeOf(frame.column('value')) as Series);
  return danfojs;
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value);
}

function present(values: readonly Value[]): number[] {
  return values.filter((value) => !isMissing(value)) as number[];
}

type Statistic = (values: readonly number[]) => number;

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);
const mean: Statistic = (values) => sum(values) / values.length;

/** Of the sample: NaN for fewer than two values. */
const variance: Statistic = (values) => {
  const center = mean(values);
  return (
    sum(values.map((value) => (value - center) ** 2)) / (values.length > 1 ? values.length - 1 : Number.NaN)
  );
};
const standardDeviation: Statistic = (values) => Math.sqrt(variance(values));

const median: Statistic = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const extreme = (isBetter: (a: number, b: number) => boolean): Statistic => {
  return (values) =>
    values.reduce((best, value) => (Number.isNaN(best) || isBetter(value, best) ? value : best), Number.NaN);
};
const minimum = extreme((a, b) => a < b);
const maximum = extreme((a, b) => a > b);

/** All of the values that are most frequent, in ascending order. */
function modes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = maximum([...counts.values()]);
  return [...counts]
    .filter(([, count]) => count === most)
    .map(([value]) => value)
    .sort((a, b) => (a < b ? -1 : 1));
}

const RUNNING: Readonly<Record<string, (sofar: number, value: number) => number>> = {
  sum: (sofar, value) => sofar + value,
  prod: (sofar, value) => sofar * value,
  max: (sofar, value) => Math.max(sofar, value),
  min: (sofar, value) => Math.min(sofar, value),
};

/** What has come together up to each value; missing where the value is, and passed over. */
function running(values: readonly Value[], operation: string): number[] {
  let sofar: number | undefined;
  return values.map((value) => {
    if (isMissing(value)) return Number.NaN;
    sofar = sofar === undefined ? Number(value) : RUNNING[operation](sofar, Number(value));
    return sofar;
  });
}

/** Positions of the values in order, equal ones as they stand; missing last, whatever the direction. */
function sortedPositions(values: readonly Value[], ascending: boolean): number[] {
  const positions = values.map((_, i) => i);
  const rank = (value: Value): number => (isMissing(value) ? 1 : 0);
  return positions.sort((i, j) => {
    const [a, b] = [values[i], values[j]];
    if (isMissing(a) || isMissing(b)) return rank(a) - rank(b);
    const order = a === b ? 0 : a < b ? -1 : 1;
    return ascending ? order : -order;
  });
}

/** What of a danfojs grouping is reached into. */
interface Groups {
  keyCol: string[];
  colIndex: number[];
  columnName: string[];
  data: Value[][] | null;
  colDict: Record<string, Record<string, Value[]>>;
  keyToValue: Record<string, Value[]>;
  group(): Groups;
  groupMathLog(values: Value[], operation: string): Value[];
  getGroup(keys: Value[]): DataFrame;
  colKeyDict(groups: Groups['colDict']): string[];
  toDataFrame(groups: Groups['colDict']): DataFrame;
}

const GROUP_STATISTICS: Readonly<Record<string, Statistic>> = {
  sum,
  mean,
  median,
  std: standardDeviation,
  var: variance,
  min: minimum,
  max: maximum,
  count: (values) => values.length,
};

function cureGroups(groups: Groups): void {
  /** Groups by what rows hold, in the order in which they come first; rows without a key belong to none. */
  groups.group = function (this: Groups): Groups {
    const unknown = this.keyCol.find((_, i) => this.colIndex[i] < 0);
    if (unknown !== undefined) {
      throw new ArgumentError('groupby', `some of the columns ${this.columnName.join(', ')}`, unknown);
    }
    this.colDict = {};
    this.keyToValue = {};
    for (const row of this.data ?? []) {
      const key = this.colIndex.map((column) => row[column]);
      if (key.some(isMissing)) continue;
      const name = JSON.stringify(key);
      this.keyToValue[name] ??= key;
      this.colDict[name] ??= Object.fromEntries(this.columnName.map((column) => [column, []]));
      for (const [i, column] of this.columnName.entries()) this.colDict[name][column].push(row[i]);
    }
    return this;
  };
  groups.groupMathLog = (values, operation) => {
    if (operation === 'mode') return modes(present(values));
    if (operation.startsWith('cum')) return running(values, operation.slice('cum'.length));
    return [GROUP_STATISTICS[operation](present(values))];
  };
  groups.colKeyDict = (dictionary) => Object.keys(dictionary);
  groups.getGroup = function (this: Groups, keys): DataFrame {
    const name = JSON.stringify(keys);
    if (!Object.hasOwn(this.colDict, name)) {
      throw new ArgumentError('keys', `one of the groups ${Object.keys(this.colDict).join(', ')}`, keys);
    }
    return this.toDataFrame({ [name]: this.colDict[name] });
  };
}

const DESCRIBED: Readonly<Record<string, Statistic>> = {
  count: (values) => values.length,
  mean,
  std: standardDeviation,
  min: minimum,
  median,
  max: maximum,
  variance,
};

/** Options that danfojs methods share. */
interface Options {
  readonly inplace?: boolean;
  readonly ascending?: boolean;
  readonly columns?: readonly string[];
}

function cureFrames(prototype: DataFrame): void {
  const DataFrame = prototype.constructor as Danfojs['DataFrame'];
  const rebuilt = (frame: DataFrame, values: Value[][], index = frame.index): DataFrame =>
    new DataFrame(values, { index, columns: [...frame.columns], dtypes: [...frame.dtypes] });
  const rowsOf = (frame: DataFrame): Value[][] => frame.values as Value[][];
  const cellsOf = (frame: DataFrame, column: string): Value[] => frame.column(column).values as Value[];
  const { fillNa } = prototype;

  Object.assign(prototype, {
    describe(this: DataFrame): DataFrame {
      const numeric = this.columns.filter((_, i) => this.dtypes[i] !== 'string');
      const described = numeric.map((name) => {
        const values = present(cellsOf(this, name));
        return [name, Object.values(DESCRIBED).map((statistic) => statistic(values))] as const;
      });
      return new DataFrame(Object.fromEntries(described), { index: Object.keys(DESCRIBED) });
    },

    sortValues(this: DataFrame, column: string, options: Options = {}): DataFrame {
      const { ascending = true, inplace = false } = options;
      if (!this.columns.includes(column)) {
        throw new ArgumentError('column', `one of ${this.columns.join(', ')}`, column);
      }
      const order = sortedPositions(cellsOf(this, column), ascending);
      const values = order.map((i) => [...rowsOf(this)[i]]);
      const index = order.map((i) => this.index[i]);
      if (!inplace) return rebuilt(this, values, index);
      this.$setValues(values as never);
      this.$setIndex(index);
      return this;
    },

    fillNa(this: DataFrame, values: Parameters<typeof fillNa>[0], options: Options = {}): DataFrame {
      const { columns = this.columns, inplace = false } = options;
      if (Array.isArray(values) && options.columns === undefined) {
        throw new ArgumentError('columns', 'a column for each of the values', undefined);
      }
      const replacements = Array.isArray(values) ? values : columns.map(() => values);
      // danfojs writes into the rows of the frame that it is asked of, so it is asked of a copy.
      const copy = rebuilt(
        this,
        rowsOf(this).map((row) => [...row]),
      );
      const filled = fillNa.call(copy, replacements, { columns: [...columns] });
      if (!inplace) return filled;
      this.$setValues(filled.values as never);
      return this;
    },

    cumOps(this: DataFrame, operation: string, axis: 0 | 1, inplace: boolean): DataFrame {
      if (this.dtypes.includes('string')) {
        throw new ArgumentError('frame', 'numeric columns only, for a running result', this.dtypes);
      }
      const rows = rowsOf(this);
      const result =
        axis === 1
          ? rows.map((row) => running(row, operation))
          : transposed(
              this.columns.map((_, c) =>
                running(
                  rows.map((row) => row[c]),
                  operation,
                ),
              ),
            );
      if (!inplace) return rebuilt(this, result);
      this.$setValues(result as never);
      return this;
    },
  });
}

function transposed(columns: readonly number[][]): number[][] {
  return columns[0].map((_, row) => columns.map((column) => column[row]));
}

function cureSeries(prototype: Series): void {
  const Series = prototype.constructor as Danfojs['Series'];
  const valuesOf = (column: Series): Value[] => column.values as Value[];

  Object.assign(prototype, {
    sortValues(this: Series, { ascending = true, inplace = false }: Options = {}): Series {
      const order = sortedPositions(valuesOf(this), ascending);
      const values = order.map((i) => valuesOf(this)[i]);
      const index = order.map((i) => this.index[i]);
      if (!inplace) return new Series(values, { index, dtypes: [...this.dtypes] });
      this.$setValues(values as never);
      this.$setIndex(index);
      return this;
    },

    cumOps(this: Series, operation: string, { inplace = false }: Options): Series {
      if (this.dtypes[0] === 'string') {
        throw new ArgumentError('series', 'numbers, for a running result', this.dtypes[0]);
      }
      const result = running(valuesOf(this), operation);
      if (!inplace) return new Series(result, { index: this.index });
      this.$setValues(result as never);
      return this;
    },

    nUnique(this: Series): number {
      return new Set(valuesOf(this).filter((value) => !isMissing(value))).size;
    },

    valueCounts(this: Series): Series {
      const counts = new Map<string | number, number>();
      for (const value of valuesOf(this)) {
        if (isMissing(value)) continue;
        const key = typeof value === 'boolean' ? String(value) : value;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return new Series([...counts.values()], { index: [...counts.keys()] });
    },
  });
}
