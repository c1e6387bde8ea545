import { type OptionSchema, optionLeaves, optionSchema } from '../rules/option-schema.js';
import { findRule } from '../rules/registry.js';
import { trainConfig } from '../training/config.js';

/** One option as a form asks for it. Its text is read by `readField`; the schema of a run checks what comes of it. */
export interface OptionField {
  /** From the configuration of a run on: `rule.groupSize`. */
  readonly path: string;
  /** The last key of the path. */
  readonly name: string;
  readonly kind: 'number' | 'list' | 'choice' | 'switch' | 'text';
  /** What it is, from its schema. */
  readonly description: string;
  /** As it is typed; empty for an option that is off by default. */
  readonly default: string;
  /** Of a choice. */
  readonly choices: readonly string[];
  /** Of a number. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly isInteger?: boolean;
}

/** Options of a registered rule, parts of options as options of their own. */
export function ruleFields(rule: string): OptionField[] {
  const definition = findRule(rule)?.definition;
  if (!definition) return [];
  const { name: _, ...properties } = optionSchema(definition.options).properties ?? {};
  return fieldsIn(properties, ['rule']);
}

/** Options of a run beside its data and its rule. */
export function runFields(): OptionField[] {
  const { epochs, batchSize, modelSelection, seed } = optionSchema(trainConfig()).properties ?? {};
  const properties = { epochs, batchSize, modelSelection, seed };
  return fieldsIn(properties as Readonly<Record<string, OptionSchema>>, []);
}

/** Settings of the generated set. */
export function prototypesFields(): OptionField[] {
  const { anyOf = [] } = optionSchema(trainConfig()).properties?.dataset ?? {};
  const settings = anyOf.flatMap(({ properties }) =>
    properties?.prototypes?.properties ? [properties.prototypes.properties] : [],
  );
  return fieldsIn(settings[0] ?? {}, ['dataset', 'prototypes']);
}

/** What a text stands for; undefined for none. A text that the field cannot hold goes on to the schema, which names it. */
export function readField({ kind }: Pick<OptionField, 'kind'>, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (kind === 'choice') return trimmed;
  if (kind === 'list') return trimmed.split(',').map(jsonOrText);
  const parts = trimmed.split(',');
  return /^[\d\s,]+$/.test(trimmed) && parts.length > 1 ? parts.map(jsonOrText) : jsonOrText(trimmed);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}

function fieldsIn(
  properties: NonNullable<OptionSchema['properties']>,
  prefix: readonly string[],
): OptionField[] {
  return optionLeaves(properties, prefix).map(({ path, schema }) => {
    const { default: value, minimum, maximum } = schema;
    const kind = kindOf(schema);
    return {
      path: path.join('.'),
      name: path[path.length - 1],
      kind,
      description: schema.description ?? '',
      default: value === undefined ? '' : Array.isArray(value) ? value.join(',') : String(value),
      choices: (schema.enum ?? []).map(String),
      ...(kind === 'number' && minimum !== undefined && { minimum }),
      ...(kind === 'number' && maximum !== undefined && { maximum }),
      ...(kind === 'number' && { isInteger: schema.type === 'integer' }),
    };
  });
}

function kindOf({ type, enum: choices }: OptionSchema): OptionField['kind'] {
  if (choices) return 'choice';
  if (type === 'boolean') return 'switch';
  if (type === 'array') return 'list';
  return type === 'number' || type === 'integer' ? 'number' : 'text';
}
