import { z } from 'zod';
import { knownDatasets } from '../data/known/catalog.js';
import { PROTOTYPES } from '../data/prototypes.js';
import { findRule, ruleNames } from '../rules/registry.js';
import { trainConfig } from './config.js';
import { sweepConfig } from './sweep/spec.js';
import { type JsonSchema, trainFields } from './sweep/train-fields.js';

/** Which options are meant: those of a run, of a sweep, or of one rule. */
export type OptionRoot = 'run' | 'sweep' | 'rule';

/** An option where it is written. */
export interface OptionPlace {
  readonly root: OptionRoot;
  /** Keys that lead to it; `[]` for an element of a list. */
  readonly path: readonly string[];
  /** The rule that it is of, where that is known; without one, all rules are asked. */
  readonly rule?: string | undefined;
}

/**
 * What an option is, for people: its name, what it takes, its default, and its description, all from the schema that
 * checks it. Knows rules that were registered by anyone.
 * @returns undefined when there is no such option
 */
export function optionWords({ root, path, rule }: OptionPlace): string | undefined {
  const name = path.at(-1);
  if (name === undefined || name === '[]') return undefined;
  const inRun = root === 'sweep' ? runPath(path) : root === 'run' ? path : ['rule', ...path];
  const found = inRun === undefined ? inSchema(sweepSchema(), path) : inRunSchema(inRun, rule);
  const texts = new Map<string, string[]>();
  for (const { owner, schema, isRequired } of found) {
    const text = wordsOf(schema, isRequired);
    texts.set(text, [...(texts.get(text) ?? []), ...(owner === undefined ? [] : [owner])]);
  }
  const paragraphs = [...texts].map(([text, owners]) => {
    const heading = owners.length === 0 ? name : `${name}, of ${owners.join(', ')}`;
    return `${heading}: ${text}`;
  });
  return paragraphs.length === 0 ? undefined : paragraphs.join('\n\n');
}

/** Names of data sets that xnorlab knows, the generated one among them. */
export function datasetNames(): string[] {
  return [PROTOTYPES, ...knownDatasets().map(({ name }) => name)];
}

/** Paths of all fields of a run, `rule.groupSize`: what axes of sweeps name. */
export function fieldPaths(): string[] {
  return [...trainFields()];
}

export { ruleNames };

/** Whether a name is that of a rule. */
export function isRule(name: string): boolean {
  return findRule(name) !== undefined;
}

interface Found {
  readonly owner?: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** Where fields of runs stand in a sweep: in `base`, in cases, and as keys of axes. Undefined for a sweep's own options. */
function runPath(path: readonly string[]): readonly string[] | undefined {
  const [first, , kind, ...rest] = path;
  if (first === 'base') return path.length > 1 ? path.slice(1) : undefined;
  if (first !== 'axes' || rest.length === 0) return undefined;
  if (kind === 'cases') return rest[0] === '[]' && rest.length > 1 ? rest.slice(1) : undefined;
  if (kind === 'random') return rest[0] === 'fields' && rest.length === 2 ? rest[1].split('.') : undefined;
  return rest.length === 1 ? rest[0].split('.') : undefined;
}

function inRunSchema(path: readonly string[], rule: string | undefined): Found[] {
  const [first, ...rest] = path;
  if (first !== 'rule' || rest.length === 0) return inSchema(jsonSchema(trainConfig()), path);
  const names = rule !== undefined && isRule(rule) ? [rule] : ruleNames();
  return names.flatMap((owner) => {
    const options = findRule(owner)?.definition.options;
    const found = options === undefined ? [] : inSchema(jsonSchema(options), rest);
    return found.map((one) => ({ owner, ...one }));
  });
}

function inSchema(schema: JsonSchema, path: readonly string[]): Found[] {
  const [key, ...rest] = path;
  const { properties = {}, items, required = [] } = schema as SchemaParts;
  const next = key === '[]' ? items : Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (next !== undefined) {
    if (rest.length > 0) return inSchema(next, rest);
    return [{ schema: next, isRequired: required.includes(key) }];
  }
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return alternatives.flatMap((alternative) => inSchema(alternative, path)).slice(0, 1);
}

interface SchemaParts extends JsonSchema {
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

function sweepSchema(): JsonSchema {
  return jsonSchema(sweepConfig);
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** `an integer of at least 1. Default 35.`, and below it the description. */
function wordsOf(schema: JsonSchema, isRequired: boolean): string {
  const { default: value, description } = schema as SchemaParts;
  const defaults = value !== undefined ? ` Default ${written(value)}.` : isRequired ? ' Required.' : '';
  return `${takes(schema)}.${defaults}${description === undefined ? '' : `\n${description}`}`;
}

/** What a schema takes: `a number in [0, 1]`. */
function takes(schema: JsonSchema): string {
  const {
    type,
    items,
    enum: choices,
    const: only,
    properties,
    anyOf = [],
    oneOf = [],
  } = schema as SchemaParts;
  if (only !== undefined) return written(only);
  if (choices !== undefined) return choices.map(written).join(' or ');
  const alternatives = [...anyOf, ...oneOf];
  if (alternatives.length > 0) return [...new Set(alternatives.map(takes))].join(', or ');
  if (type === 'array') return `a list, each ${items === undefined ? 'anything' : takes(items)}`;
  if (type === 'integer' || type === 'number') {
    return `${type === 'integer' ? 'an integer' : 'a number'}${rangeOf(schema)}`;
  }
  if (type === 'boolean') return 'true or false';
  if (type === 'string') return 'a text';
  return properties === undefined ? 'an object' : `{ ${Object.keys(properties).join(', ')} }`;
}

function rangeOf(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as SchemaParts;
  const isBound = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const [least, most] = [minimum ?? exclusiveMinimum, maximum ?? exclusiveMaximum];
  const hasLeast = isBound(least);
  if (hasLeast && isBound(most)) {
    return ` in ${minimum === undefined ? '(' : '['}${least}, ${most}${maximum === undefined ? ')' : ']'}`;
  }
  if (hasLeast) return minimum === undefined ? ` above ${least}` : ` of at least ${least}`;
  if (isBound(most)) return maximum === undefined ? ` below ${most}` : ` of at most ${most}`;
  return '';
}

function written(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
