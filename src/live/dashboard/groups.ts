import type { Cell } from '../../core/row.js';
import { NO_VALUE, RUN_STATES, type StoreSnapshot } from '../../records/store-snapshot.js';

/** Runs that differ in their seed alone. */
export interface Group {
  /** Code of each option. */
  readonly codes: readonly number[];
  /** Indices of runs. */
  readonly runs: readonly number[];
  readonly validation: Spread | undefined;
  readonly test: Spread | undefined;
}

/** A mean over seeds; its 95 % interval is ± half. */
export interface Spread {
  readonly n: number;
  readonly mean: number;
  /** Undefined for a single seed. */
  readonly half: number | undefined;
}

const FINISHED = RUN_STATES.indexOf('finished');

/** The mean of numbers and its interval by Student's t. */
export function spreadOf(values: readonly number[], tFactors: StoreSnapshot['tFactors']): Spread | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { n, mean, half: undefined };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const factor = tFactors[Math.min(n, tFactors.length - 1)];
  return { n, mean, half: factor * Math.sqrt(squares / (n - 1)) };
}

/** What is asked of runs: values of options by path, and words that stand in some value or in a key. */
export interface Filter {
  readonly values: ReadonlyMap<string, string>;
  readonly state: string;
  readonly words: string;
}

/** Indices of the runs that a filter lets through. */
export function filterRuns(snapshot: StoreSnapshot, { values, state, words }: Filter): number[] {
  const { options, states, keys, seeds } = snapshot;
  const asked = options.flatMap(({ path, values: known, codes }) => {
    const text = values.get(path);
    return text === undefined || text === ''
      ? []
      : [{ codes, code: known.findIndex((cell) => String(cell) === text) }];
  });
  const stateCode = (RUN_STATES as readonly string[]).indexOf(state);
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  // Which values hold a word is asked once for each value, not for each run.
  const hits = parts.map((word) =>
    options.map(({ path, values: known }) =>
      known.map((cell) => `${path}=${cell}`.toLowerCase().includes(word)),
    ),
  );
  const found: number[] = [];
  for (let run = 0; run < keys.length; run++) {
    if (state !== '' && states[run] !== stateCode) continue;
    if (asked.some(({ codes, code }) => codes[run] !== code)) continue;
    const matches = parts.every(
      (word, i) =>
        options.some(({ codes }, option) => hits[i][option][codes[run]]) ||
        `seed=${seeds[run]}`.includes(word) ||
        keys[run].startsWith(word),
    );
    if (matches) found.push(run);
  }
  return found;
}

/** Runs grouped by all options, those with the best validation accuracy first; where none has any, as they come. */
export function groupRuns(snapshot: StoreSnapshot, runs: readonly number[]): Group[] {
  const { options, states, validation, test, tFactors } = snapshot;
  const byCodes = new Map<string, { codes: number[]; runs: number[] }>();
  for (const run of runs) {
    const codes = options.map((option) => option.codes[run]);
    const key = codes.join();
    const group = byCodes.get(key);
    if (group) group.runs.push(run);
    else byCodes.set(key, { codes, runs: [run] });
  }
  const spread = (column: readonly (number | null)[], of: readonly number[]): Spread | undefined =>
    spreadOf(
      of.flatMap((run) => (states[run] === FINISHED ? (column[run] ?? []) : [])),
      tFactors,
    );
  const groups = [...byCodes.values()].map((group) => ({
    ...group,
    validation: spread(validation, group.runs),
    test: spread(test, group.runs),
  }));
  return groups.sort((a, b) => (b.validation?.mean ?? -1) - (a.validation?.mean ?? -1));
}

/** The value that a code stands for, as text; empty for none. */
export function valueText(snapshot: StoreSnapshot, option: number, code: number): string {
  const value: Cell | undefined = snapshot.options[option].values[code];
  return value === undefined ? '' : String(value);
}

/** A curve over epochs, mean over the runs of a group that have come so far, and half of its interval. */
export interface GroupCurve {
  readonly means: readonly (number | null)[];
  readonly halves: readonly (number | null)[];
}

/** Where the curve of each run begins. */
export function curveStarts({ done }: StoreSnapshot): Uint32Array {
  const starts = new Uint32Array(done.length + 1);
  done.forEach((epochs, run) => {
    starts[run + 1] = starts[run] + epochs;
  });
  return starts;
}

export function groupCurve(
  snapshot: StoreSnapshot,
  starts: Uint32Array,
  runs: readonly number[],
  measure: 'validation' | 'test',
): GroupCurve {
  const curve = snapshot.curves[measure];
  const longest = runs.reduce((most, run) => Math.max(most, snapshot.done[run]), 0);
  const spreads = Array.from({ length: longest }, (_, epoch) =>
    spreadOf(
      runs.flatMap((run) => {
        if (epoch >= snapshot.done[run]) return [];
        const value = curve[starts[run] + epoch];
        return value === NO_VALUE ? [] : [value / 100];
      }),
      snapshot.tFactors,
    ),
  );
  return {
    means: spreads.map((spread) => spread?.mean ?? null),
    halves: spreads.map((spread) => spread?.half ?? null),
  };
}
