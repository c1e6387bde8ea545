import { z } from 'zod';
import { ArgumentError } from '../core/errors.js';
import type { RuleDefinition } from './rule.js';

/**
 * The options of a rule with its `name` among them, first; others are refused.
 * @throws ArgumentError for a name, version or options that no rule can have
 */
export function completeOptions({
  name,
  version,
  options,
}: Pick<RuleDefinition<z.ZodObject>, 'name' | 'version' | 'options'>): z.ZodObject {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new ArgumentError('name', 'small letters, digits and hyphens: random-correction', name);
  }
  if (!Number.isInteger(version) || version < 1) {
    throw new ArgumentError('version', 'an integer of at least 1', version);
  }
  if (!(options instanceof z.ZodObject)) {
    throw new ArgumentError('options', 'an object schema, z.strictObject({ … })', options);
  }
  for (const [key, schema] of Object.entries(options.shape)) {
    if (key !== 'name' && !descriptionOf(schema)) {
      throw new ArgumentError(`options.${key}`, 'a description, .describe(…)', undefined);
    }
  }
  if ('name' in options.shape) return options;
  // They look at what is parsed, which is the same with a name.
  const checks = (options.def.checks ?? []) as z.core.$ZodCheck<object>[];
  return z.strictObject({ name: z.literal(name), ...options.shape }).check(...checks);
}

/** What `.describe` says of an option, whether before or after `.default` and `.optional`. */
function descriptionOf(schema: unknown): string | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  if (schema.description) return schema.description;
  return 'innerType' in schema.def ? descriptionOf(schema.def.innerType) : undefined;
}
