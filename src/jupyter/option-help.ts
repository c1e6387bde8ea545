import type ts from 'typescript';
import { findOptionWords, type OptionWords, RULE_OF_FUNCTION } from '../notebook/option-words.js';
import { optionAt, typedText, type WrittenOption } from './option-places.js';

/** Calls whose first argument are options of a run, or a sweep. */
const RUN_CALLS: ReadonlySet<string> = new Set(['train', 'parseTrainConfig', 'prepareData']);
const SWEEP_CALLS: ReadonlySet<string> = new Set(['sweep', 'expandSweep']);

/** Options whose keys are fields of runs. */
const KEYED_BY_FIELD: ReadonlySet<string> = new Set(['grid', 'paired', 'fields', 'when']);

/** The value of a name that cells share; undefined where there is none. */
export type ValueOf = (name: string) => unknown;

/**
 * What an option of the library is, at the place where it is written. The types of options come from schemas, and have no
 * words; the schemas have.
 */
export function explainOption(
  source: string,
  position: number,
  lookUp: ValueOf,
  parser: typeof ts,
): string | undefined {
  const option = optionAt(source, position, parser);
  if (option === undefined) return undefined;
  const words = findOptionWords();
  const place = placeOf(option, lookUp, words);
  return place && words.optionWords(place);
}

/** What can stand within the quotes at a position. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
}

/** Names of data sets and rules, and fields of runs as keys of a sweep's axes; undefined elsewhere. */
export function completeOption(source: string, position: number, parser: typeof ts): Completion | undefined {
  const typed = typedText(source, position, parser);
  const names = typed && namesFor(typed.option, typed.isKey);
  if (typed === undefined || names === undefined) return undefined;
  const candidates = names.filter((name) => name.startsWith(typed.text));
  return { start: typed.start, end: position, candidates };
}

function namesFor({ path }: WrittenOption, isKey: boolean): string[] | undefined {
  const words = findOptionWords();
  const [outer, last] = [path.at(-2), path.at(-1)];
  if (isKey) return last !== undefined && KEYED_BY_FIELD.has(last) ? words.fieldPaths() : undefined;
  if (last === 'dataset' || (last === 'name' && outer === 'dataset')) return words.datasetNames();
  if (last === 'name' && outer === 'rule') return words.ruleNames();
  return last === 'divisorsOf' ? words.fieldPaths() : undefined;
}

type Place = Parameters<OptionWords['optionWords']>[0];

function placeOf(option: WrittenOption, lookUp: ValueOf, words: OptionWords): Place | undefined {
  const { path, callee, keys, names, ruleNames } = option;
  const own = callee === undefined ? undefined : ruleOf(lookUp(callee));
  if (own !== undefined) return { root: 'rule', path, rule: own };
  // Innermost first; a data set has a name, too.
  const inRule = names.find(({ name }) => words.isRule(name));
  if (inRule !== undefined) {
    return { root: 'rule', path: path.slice(inRule.path.length), rule: inRule.name };
  }
  const rule = ruleNames.length === 1 ? ruleNames[0] : undefined;
  if (callee !== undefined && SWEEP_CALLS.has(callee)) return { root: 'sweep', path, rule };
  if (callee !== undefined && RUN_CALLS.has(callee)) return { root: 'run', path, rule };
  if (callee !== undefined) return undefined;
  if (keys.includes('axes') || keys.includes('base')) return { root: 'sweep', path, rule };
  return keys.includes('rule') || keys.includes('dataset') ? { root: 'run', path, rule } : undefined;
}

function ruleOf(value: unknown): string | undefined {
  if (typeof value !== 'function') return undefined;
  const name = (value as { [RULE_OF_FUNCTION]?: unknown })[RULE_OF_FUNCTION];
  return typeof name === 'string' ? name : undefined;
}
