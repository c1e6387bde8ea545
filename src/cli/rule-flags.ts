import { type OptionLeaf, type OptionSchema, optionLeaves, optionSchema } from '../rules/option-schema.js';
import { findRule, ruleNames } from '../rules/registry.js';

/** An option of a rule; its path lies below `rule` in a configuration. */
export interface Option extends OptionLeaf {
  readonly rule: string;
}

/** A flag of `xnorlab train` that stands for an option of one or more rules. */
export interface RuleFlag {
  /** As it is typed: `--group-size`. */
  readonly name: string;
  /** As commander gives it, whether it switches on or off: `groupSize`. */
  readonly key: string;
  readonly options: readonly Option[];
}

/** Options of all registered rules as flags, those of the same name together. @param taken - names of other flags */
export function ruleFlags(taken: ReadonlySet<string>): RuleFlag[] {
  const flags = new Map<string, Option[]>();
  for (const option of ruleNames().flatMap(optionsOf)) {
    const own = flagName(option);
    const name = taken.has(own) ? `rule-${own}` : own;
    flags.set(name, [...(flags.get(name) ?? []), option]);
  }
  return [...flags].map(([name, options]) => ({
    name: `--${name}`,
    key: name.replace(/-./g, (dash) => dash[1].toUpperCase()),
    options,
  }));
}

/** Options of a registered rule, parts of options as options of their own. */
export function optionsOf(rule: string): Option[] {
  const definition = findRule(rule)?.definition;
  if (!definition) return [];
  const { name: _, ...properties } = optionSchema(definition.options).properties ?? {};
  return optionLeaves(properties, []).map((option) => ({ rule, ...option }));
}

function flagName({ rule, path }: Option): string {
  const chosen = findRule(rule)?.definition.flags?.[path.join('.')];
  return chosen ?? path.join('-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Whether an option is switched on or off by a flag without a value. */
export function isSwitch({ schema }: Option): boolean {
  return schema.type === 'boolean';
}

/** What commander is told of a flag: one that switches something off is called `--no-…`. */
export function flagUsages({ name, options }: RuleFlag): { readonly usage: string; readonly help: string }[] {
  const off = options.filter((option) => isSwitch(option) && option.schema.default === true);
  const on = options.filter((option) => isSwitch(option) && option.schema.default !== true);
  const valued = options.filter((option) => !isSwitch(option));
  return [
    ...(on.length > 0 ? [{ usage: name, help: helpOf(on) }] : []),
    ...(off.length > 0 ? [{ usage: name.replace('--', '--no-'), help: helpOf(off, 'without: ') }] : []),
    ...(valued.length > 0 ? [{ usage: `${name} <${placeholder(valued[0])}>`, help: helpOf(valued) }] : []),
  ];
}

function placeholder({ schema: { anyOf = [], type, items } }: Option): string {
  const types = [type, ...anyOf.map((one) => one.type)];
  if (items || types.includes('array')) return 'list';
  return types.includes('number') || types.includes('integer') ? 'n' : 'text';
}

/** `local-error, bep: what it is (51)`; rules that say it in other words one after the other. */
function helpOf(options: readonly Option[], prefix = ''): string {
  const rulesOf = new Map<string, string[]>();
  for (const { rule, schema } of options) {
    const { default: value, enum: choices } = schema;
    const shown = value === undefined || typeof value === 'boolean' ? '' : ` (${String(value)})`;
    const text = `${prefix}${schema.description ?? ''}${choices ? ` ${choices.join(' or ')}` : ''}${shown}`;
    rulesOf.set(text, [...(rulesOf.get(text) ?? []), rule]);
  }
  return [...rulesOf].map(([text, rules]) => `${rules.join(', ')}: ${text}`).join('; ');
}

/**
 * What a flag says of a rule. Text that the option cannot hold goes on to its schema, which names it.
 * @param rule - the one of the configuration; where it has no such option, its schema will say so
 * @returns the path below `rule`, and the value; undefined where a switch is not switched
 */
export function readFlag(
  { options }: RuleFlag,
  rule: unknown,
  given: string | boolean,
): { readonly path: readonly string[]; readonly value: unknown } | undefined {
  const option = options.find((one) => one.rule === rule) ?? options[0];
  if (typeof given === 'string') return { path: option.path, value: readText(given, option.schema) };
  // Where a flag can only be switched off, commander says true when it is not given.
  const isGiven = given === false || !options.some((one) => isSwitch(one) && one.schema.default === true);
  return isGiven ? { path: option.path, value: given } : undefined;
}

function readText(text: string, schema: OptionSchema): unknown {
  const alternatives = schema.anyOf ?? [schema];
  const isOf = (...types: string[]): boolean => alternatives.some(({ type = '' }) => types.includes(type));
  const fits = ({ type, pattern = '', enum: choices = [text] }: OptionSchema): boolean =>
    type === 'string' && new RegExp(pattern).test(text) && choices.includes(text);
  if (alternatives.some(fits)) return text;
  if (isOf('array') && (text.includes(',') || !isOf('number', 'integer')))
    return text.split(',').map(asNumber);
  return isOf('number', 'integer') ? asNumber(text) : text;
}

/** What the text says if it says that, else the text itself: the schema then names it in its error. */
export function asNumber(text: string): unknown {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
