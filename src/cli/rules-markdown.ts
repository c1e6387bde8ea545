import type { OptionSchema } from '../rules/option-schema.js';
import { findRule } from '../rules/registry.js';
import { optionsOf } from './rule-flags.js';

/** The options of rules, a heading and a table for each. @param names - of registered rules */
export function rulesMarkdown(names: readonly string[]): string {
  return names.map(ruleMarkdown).join('\n\n');
}

function ruleMarkdown(name: string): string {
  const version = findRule(name)?.definition.version;
  const rows = optionsOf(name).map(({ path, schema, parent }) => {
    const { default: value, description = '' } = schema;
    const shown =
      value === undefined ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
    const about = parent?.description ? `${parent.description} ${description}` : description;
    return `| \`${path.join('.')}\` | ${typeOf(schema)} | ${shown} | ${about.replaceAll('|', '\\|')} |`;
  });
  const head = ['| option | value | default | |', '|---|---|---|---|'];
  return [`### \`${name}\`, version ${version}`, '', ...head, ...rows].join('\n');
}

/** `integer in [2, 16]`, `one of random, equiangular`, `list of integers from 1`. */
function typeOf(schema: OptionSchema): string {
  if (schema.enum?.length === 1) return String(schema.enum[0]);
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.items?.enum) return `list of ${schema.items.enum.join(', ')}`;
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(', or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {}).replace(/^(\w+)/, '$1s')}`;
  if (schema.type === 'string') return 'text';
  return `${schema.type ?? 'value'}${rangeOf(schema)}`;
}

function rangeOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: OptionSchema): string {
  const low = minimum ?? exclusiveMinimum;
  const high = bounded(maximum) ?? exclusiveMaximum;
  if (bounded(low) === undefined && high === undefined) return '';
  const above = exclusiveMinimum === undefined ? 'from' : 'above';
  if (high === undefined) return ` ${above} ${low}`;
  const end = exclusiveMaximum === undefined ? ']' : ')';
  return ` in ${exclusiveMinimum === undefined ? '[' : '('}${low}, ${high}${end}`;
}

/** Integers are bounded by what is exact, which nobody wants to read. */
function bounded(limit: number | undefined): number | undefined {
  return limit === undefined || Math.abs(limit) >= Number.MAX_SAFE_INTEGER ? undefined : limit;
}
