import type { Cell, Row } from '../../core/row.js';
import { differingOptions, flatOptions } from '../../records/differing-options.js';
import {
  type Failure,
  type OptionColumn,
  RUN_STATES,
  type RunState,
  type StoreSnapshot,
  toHundredths,
} from '../../records/store-snapshot.js';
import { tInterval } from '../../statistics/sample.js';
import type { RunStore } from '../store/run-store.js';

/** What is remembered of a run from one look to the next. */
interface KnownRun {
  readonly key: string;
  readonly seed: number;
  readonly epochs: number;
  readonly config: object;
  readonly options: ReadonlyMap<string, Cell>;
  state: RunState;
  validation: number | null;
  test: number | null;
  failure: Omit<Failure, 'run'> | undefined;
  /** Hundredths of a percent after each epoch. */
  curves: { readonly validation: readonly number[]; readonly test: readonly number[] };
}

/** What differs between runs of one group, and is told otherwise. */
const NOT_OPTIONS = new Set(['seed']);

/** Looks at a store again and again, and reads only what is new. */
export class SnapshotSource {
  readonly #store: RunStore;
  readonly #runs = new Map<number, KnownRun>();
  #paths: readonly string[] = [];
  #version = '';

  /** @param store - stays open as long as there are looks */
  constructor(store: RunStore) {
    this.#store = store;
  }

  /** Changes when a run does. Of the last `refresh`. */
  get version(): string {
    return this.#version;
  }

  /** Reads what has changed since it was called last. */
  refresh(): void {
    const rows = this.#store.query(
      `SELECT id, status, done FROM runs
       LEFT JOIN (SELECT run, count(*) AS done FROM epochs GROUP BY run) ON run = id ORDER BY id`,
    ) as unknown as { id: number; status: RunState; done: number | null }[];
    const changed = rows.filter(({ id, status, done }) => {
      const known = this.#runs.get(id);
      return known?.state !== status || known.curves.test.length !== (done ?? 0);
    });
    if (changed.length === 0) return;
    const isNew = changed.some(({ id }) => !this.#runs.has(id));
    const ids = changed.map(({ id }) => id);
    for (let from = 0; from < ids.length; from += MOST_PARAMETERS) {
      this.#read(ids.slice(from, from + MOST_PARAMETERS));
    }
    if (isNew) {
      const configs = [...this.#runs.values()].map(({ config }) => config);
      this.#paths = differingOptions(configs).filter((path) => !NOT_OPTIONS.has(path));
    }
    const epochs = rows.reduce((sum, { done }) => sum + (done ?? 0), 0);
    const states = RUN_STATES.map((state) => rows.filter(({ status }) => status === state).length);
    this.#version = [...states, epochs].join('-');
  }

  /** The store as it was at the last `refresh`. */
  snapshot(): StoreSnapshot {
    const runs = [...this.#runs].sort(([a], [b]) => a - b).map(([, run]) => run);
    const column = <Value>(of: (run: KnownRun) => Value): Value[] => runs.map(of);
    const options = this.#paths.map((path) => optionColumn(path, runs));
    const [first] = runs;
    const shared = [...(first?.options ?? [])].filter(
      ([path]) => !this.#paths.includes(path) && !NOT_OPTIONS.has(path),
    );
    return {
      folder: this.#store.folder,
      takenAt: new Date().toISOString(),
      keys: column(({ key }) => key),
      states: column(({ state }) => RUN_STATES.indexOf(state)),
      seeds: column(({ seed }) => seed),
      done: column(({ curves }) => curves.test.length),
      epochs: column(({ epochs }) => epochs),
      validation: column(({ validation }) => validation),
      test: column(({ test }) => test),
      options,
      shared: Object.fromEntries(shared),
      failures: runs.flatMap(({ failure }, run) => (failure ? [{ run, ...failure }] : [])),
      tFactors: T_FACTORS,
      curves: {
        validation: Uint16Array.from(runs.flatMap(({ curves }) => curves.validation)),
        test: Uint16Array.from(runs.flatMap(({ curves }) => curves.test)),
      },
    };
  }

  #read(ids: readonly number[]): void {
    const marks = ids.map(() => '?').join(', ');
    const rows = this.#store.query(
      `SELECT id, key, status, seed, epochs, validationAccuracy, testAccuracy, errorName, errorMessage, config
       FROM runs WHERE id IN (${marks})`,
      ids,
    ) as unknown as StoredRow[];
    const curves = this.#store.query(
      `SELECT run, json_group_array(validationAccuracy) AS validation, json_group_array(testAccuracy) AS test
       FROM (SELECT run, validationAccuracy, testAccuracy FROM epochs WHERE run IN (${marks}) ORDER BY run, epoch)
       GROUP BY run`,
      ids,
    ) as unknown as { run: number; validation: string; test: string }[];
    const curvesOf = new Map(
      curves.map(({ run, validation, test }) => [
        run,
        { validation: hundredths(validation), test: hundredths(test) },
      ]),
    );
    for (const row of rows) {
      const { id, key, status, seed, epochs, validationAccuracy, testAccuracy } = row;
      const known = this.#runs.get(id);
      const config = known?.config ?? (JSON.parse(row.config) as object);
      this.#runs.set(id, {
        key,
        seed,
        epochs,
        config,
        options: known?.options ?? flatOptions(config),
        state: status,
        validation: validationAccuracy,
        test: testAccuracy,
        failure:
          status === 'failed' ? { name: row.errorName ?? '', message: row.errorMessage ?? '' } : undefined,
        curves: curvesOf.get(id) ?? { validation: [], test: [] },
      });
    }
  }
}

interface StoredRow extends Row {
  readonly id: number;
  readonly key: string;
  readonly status: RunState;
  readonly seed: number;
  readonly epochs: number;
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
  readonly errorName: string | null;
  readonly errorMessage: string | null;
  readonly config: string;
}

/** SQLite takes many more; a statement stays short. */
const MOST_PARAMETERS = 1000;

/** Groups of more seeds have the factor of the last. */
const MOST_SEEDS = 100;

/** Of a sample of n − 1 zeros and a one, whose standard deviation is 1/√n: its interval is ± t/n. */
const T_FACTORS: readonly number[] = Array.from({ length: MOST_SEEDS + 1 }, (_, n) => {
  if (n < 2) return 0;
  const [low, high] = tInterval([...new Array<number>(n - 1).fill(0), 1]) ?? [0, 0];
  return (((high - low) / 2) * n) / Math.sqrt(n);
});

function hundredths(json: string): number[] {
  return (JSON.parse(json) as (number | null)[]).map(toHundredths);
}

function optionColumn(path: string, runs: readonly KnownRun[]): OptionColumn {
  const codeOf = new Map<Cell, number>();
  const codes = runs.map(({ options }) => {
    const cell = options.get(path);
    if (cell === undefined) return -1;
    const code = codeOf.get(cell) ?? codeOf.size;
    codeOf.set(cell, code);
    return code;
  });
  return { path, values: [...codeOf.keys()], codes };
}
