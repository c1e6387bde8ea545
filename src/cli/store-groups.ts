import type { Cell, Row } from '../core/row.js';
import type { RunStore } from '../node/store/run-store.js';
import { differingOptions, flatOptions } from '../records/differing-options.js';
import { groupRows, type RowGroup } from '../statistics/group-rows.js';
import { mean, standardDeviation } from '../statistics/sample.js';

/** What every group is told by, whether runs differ in it or not. */
const ALWAYS = ['rule', 'dataset', 'layers', 'tasks'];
/** What those columns tell already, and what a group is made over. */
const LEFT_OUT = new Set(['seed', 'rule.name', 'dataset.name', 'tasks.count']);

/** The finished runs of one configuration, all seeds together. Accuracies in percent. */
export interface StoreGroup {
  /** Rule, data set, hidden layers, number of tasks, and the options that runs of the store differ in, by their paths. */
  readonly options: Row;
  /** Seeds. */
  readonly runs: number;
  readonly validation: MeanOfRuns | null;
  readonly test: MeanOfRuns;
  /** Whether its mean validation accuracy is the best of all groups on the same data set with as many tasks. */
  readonly isBest: boolean;
}

/** Of the accuracies of a group. */
export interface MeanOfRuns {
  readonly mean: number;
  /** n − 1 in the denominator; null for a single run. */
  readonly standardDeviation: number | null;
}

interface FinishedRun extends Row {
  readonly config: string;
  readonly rule: string;
  readonly dataset: string;
  readonly layers: string;
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number;
}

/** The finished runs of a store, put together by all that they differ in but the seed, in the order in which they were begun. */
export function storeGroups(store: RunStore): StoreGroup[] {
  const runs = store.query(
    `SELECT config, rule, dataset, layers, validationAccuracy, testAccuracy
     FROM runs WHERE status = 'finished' ORDER BY id`,
  ) as FinishedRun[];
  const options = runs.map(({ config }) => flatOptions(JSON.parse(config) as object));
  const paths = differingOptions(runs.map(({ config }) => JSON.parse(config) as object)).filter(
    (path) => !LEFT_OUT.has(path) && !isToldByLayers(path, runs, options),
  );
  const rows = runs.map(({ rule, dataset, layers, validationAccuracy, testAccuracy }, i) => ({
    rule,
    dataset,
    layers,
    tasks: options[i].get('tasks.count') ?? 1,
    ...Object.fromEntries(paths.map((path) => [path, options[i].get(path) ?? null])),
    validationAccuracy,
    testAccuracy,
  }));
  return withBest(groupRows<Row>(rows, [...ALWAYS, ...paths]).map(groupOf));
}

/** Whether an option is what the column `layers` says already: the widths of hidden layers. */
function isToldByLayers(
  path: string,
  runs: readonly FinishedRun[],
  options: readonly Map<string, Cell>[],
): boolean {
  return runs.every(({ layers }, i) => (options[i].get(path) ?? layers) === layers);
}

function groupOf({ key, rows }: RowGroup): Omit<StoreGroup, 'isBest'> {
  const accuracies = (column: string): number[] =>
    rows.flatMap(({ [column]: cell }) => (typeof cell === 'number' ? [cell] : []));
  const validation = accuracies('validationAccuracy');
  return {
    options: key,
    runs: rows.length,
    validation: validation.length === rows.length ? meanOf(validation) : null,
    test: meanOf(accuracies('testAccuracy')),
  };
}

function meanOf(values: readonly number[]): MeanOfRuns {
  return { mean: mean(values), standardDeviation: standardDeviation(values) };
}

/** Test accuracy chooses nothing. */
function withBest(groups: readonly Omit<StoreGroup, 'isBest'>[]): StoreGroup[] {
  const placeOf = ({ options }: Omit<StoreGroup, 'isBest'>): string =>
    JSON.stringify([options.dataset, options.tasks]);
  const best = new Map<string, number>();
  for (const group of groups) {
    const leader = best.get(placeOf(group)) ?? Number.NEGATIVE_INFINITY;
    if (group.validation) best.set(placeOf(group), Math.max(leader, group.validation.mean));
  }
  return groups.map((group) => ({
    ...group,
    isBest: group.validation !== null && group.validation.mean === best.get(placeOf(group)),
  }));
}
