import { z } from 'zod';

/** What is looked at of the JSON Schema of options, by flags and by forms. */
export interface OptionSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly OptionSchema[];
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  readonly items?: OptionSchema;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

/** An option without parts. */
export interface OptionLeaf {
  readonly path: readonly string[];
  readonly schema: OptionSchema;
  /** Of the option that it is a part of, for parts. */
  readonly parent?: OptionSchema;
}

/** Of what may be written: options with a default may be left out. */
export function optionSchema(schema: z.ZodType): OptionSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as OptionSchema;
}

/** Options by name, parts of options as options of their own. @param prefix - of all paths */
export function optionLeaves(
  properties: NonNullable<OptionSchema['properties']>,
  prefix: readonly string[],
  parent?: OptionSchema,
): OptionLeaf[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const path = [...prefix, key];
    if (schema.properties) return optionLeaves(schema.properties, path, schema);
    return [{ path, schema, ...(parent && { parent }) }];
  });
}
