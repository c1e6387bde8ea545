import isEqual from 'fast-deep-equal';
import { ArgumentError } from '../../core/errors.js';
import { parse } from '../../core/parse.js';
import { datasetByName, parseTrainConfig, type TrainConfig } from '../config.js';
import { drawPoints } from './draw.js';
import { describeFields, type Fields, fieldAt, flatFields, mergeFields, withField } from './fields.js';
import { type Axis, MAX_RUNS, type SweepSpec, sweepConfig } from './spec.js';
import { isDivisors, valueList } from './values.js';

/** A configuration in the making. */
interface Draft {
  readonly fields: Fields;
  /** What axes have set so far. */
  readonly choices: readonly Choice[];
}

/** A field's value and where the sweep says it. */
interface Choice {
  readonly path: string;
  readonly value: unknown;
  readonly origin: readonly PropertyKey[];
}

/** One draft becomes several. */
type Step = (draft: Draft) => Draft[];

/**
 * The runs of a sweep: every configuration complete, checked, and there once. Their order is that of the axes, the
 * last one varying fastest; the same sweep gives the same list. Settings of `search` do not matter here.
 * @throws ArgumentError for what is wrong in the sweep itself, and for a configuration that is impossible: it names
 *   the field, what axes set in that run, and why
 */
export function expandSweep(spec: SweepSpec): TrainConfig[] {
  const { base = {}, axes } = parse(sweepConfig, spec);
  const drafts = axes.reduce<Draft[]>(
    (before, axis, index) => applyAxis(before, axis, ['axes', index]),
    [{ fields: datasetByName<Fields>(base), choices: [] }],
  );
  const configs = drafts.map(complete);
  return [...new Map(configs.map((config) => [JSON.stringify(config), config])).values()];
}

function applyAxis(drafts: readonly Draft[], axis: Axis, origin: readonly PropertyKey[]): Draft[] {
  const steps = axisSteps(axis, origin);
  const concerned = new Set(drafts.filter(({ fields }) => meets(fields, axis.when)));
  if (concerned.size === 0) {
    throw new ArgumentError(
      [...origin, 'when'].join('.'),
      'a condition that base and earlier axes meet in some run',
      axis.when,
      [...origin, 'when'],
    );
  }
  return expandAll(drafts, (draft) =>
    concerned.has(draft) ? steps.reduce<Draft[]>(expandAll, [draft]) : [draft],
  );
}

function expandAll(drafts: readonly Draft[], step: Step): Draft[] {
  const expanded: Draft[] = [];
  for (const draft of drafts) {
    for (const next of step(draft)) expanded.push(next);
    if (expanded.length > MAX_RUNS) {
      throw new ArgumentError('axes', `at most ${MAX_RUNS} runs`, `${expanded.length} or more`, ['axes']);
    }
  }
  return expanded;
}

function meets(fields: Fields, conditions: Fields = {}): boolean {
  return Object.entries(conditions).every(([path, wanted]) => {
    const value = fieldAt(fields, path);
    const isWanted = (one: unknown): boolean => isEqual(one, value);
    return isWanted(wanted) || (Array.isArray(wanted) && wanted.some(isWanted));
  });
}

function axisSteps({ grid, paired, cases, random, seeds }: Axis, origin: readonly PropertyKey[]): Step[] {
  if (grid) {
    return Object.entries(grid).map(([path, values]): Step => {
      const at = [...origin, 'grid', path];
      return (draft) =>
        valueList(values, draft.fields, at).map((value, i) =>
          choose(draft, [{ path, value, origin: isDivisors(values) ? at : [...at, i] }]),
        );
    });
  }
  if (paired) {
    const entries = Object.entries(paired);
    const choices = (entries[0]?.[1] ?? []).map((_, i) =>
      entries.map(([path, list]) => ({ path, value: list[i], origin: [...origin, 'paired', path, i] })),
    );
    return [(draft) => choices.map((choice) => choose(draft, choice))];
  }
  if (cases) return [(draft) => cases.map((part, i) => chooseCase(draft, part, [...origin, 'cases', i]))];
  if (random) {
    const points = drawPoints(random, [...origin, 'random', 'fields']);
    return [
      (draft) =>
        points.map((point) => point.reduce((before, pick) => choose(before, [pick(before.fields)]), draft)),
    ];
  }
  const list = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : (seeds ?? []);
  const at = [...origin, 'seeds'];
  return [(draft) => list.map((value) => choose(draft, [{ path: 'seed', value, origin: at }]))];
}

function choose(draft: Draft, choices: readonly Choice[]): Draft {
  const fields = choices.reduce((before, { path, value }) => withField(before, path, value), draft.fields);
  return { fields: datasetByName(fields), choices: [...draft.choices, ...choices] };
}

function chooseCase(draft: Draft, part: Fields, origin: readonly PropertyKey[]): Draft {
  const choices = [...flatFields(part)].map(([path, value]) => ({
    path,
    value,
    origin: [...origin, ...path.split('.')],
  }));
  return {
    fields: mergeFields(draft.fields, datasetByName<Fields>(part)),
    choices: [...draft.choices, ...choices],
  };
}

/** @throws ArgumentError that points at the choice to blame, or else at `base` */
function complete({ fields, choices }: Draft): TrainConfig {
  try {
    return parseTrainConfig(fields);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const at = error.path.join('.');
    const blamed = choices
      .filter(({ path }) => path === at || isWithin(path, at) || isWithin(at, path))
      .at(-1);
    const set = new Map(choices.map(({ path, value }) => [path, value]));
    const run = set.size === 0 ? '' : ` of the run with ${describeFields(set)}`;
    throw new ArgumentError(
      `${error.argument}${run}`,
      error.expected,
      error.received,
      blamed?.origin ?? ['base', ...error.path],
    );
  }
}

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`);
}
