import { z } from 'zod';
import { perRegistry } from '../../rules/registry.js';
import { trainConfig } from '../config.js';

/** What of a JSON Schema is looked at here. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly [keyword: string]: unknown;
}

/** The paths of all fields that some configuration of a run can have: `rule`, `rule.layers`, `seed`, …. */
export const trainFields: () => ReadonlySet<string> = perRegistry(
  () => new Set(pathsIn(z.toJSONSchema(trainConfig(), { io: 'input' }) as JsonSchema, '')),
);

export function isTrainField(path: string): boolean {
  return trainFields().has(path);
}

function pathsIn({ properties = {}, anyOf = [], oneOf = [] }: JsonSchema, prefix: string): string[] {
  return [
    ...Object.entries(properties).flatMap(([name, schema]) => [
      `${prefix}${name}`,
      ...pathsIn(schema, `${prefix}${name}.`),
    ]),
    ...[...anyOf, ...oneOf].flatMap((alternative) => pathsIn(alternative, prefix)),
  ];
}
