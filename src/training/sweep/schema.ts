import { z } from 'zod';
import { trainConfig } from '../config.js';
import { fieldPath, sweepConfig, trainPart } from './spec.js';
import { type JsonSchema, trainFields } from './train-fields.js';

/** The JSON Schema of a training run's configuration as it is written: what has a default may be left out. */
export function trainJsonSchema(): JsonSchema {
  return {
    title: 'A training run of xnorlab',
    ...(z.toJSONSchema(trainConfig(), { io: 'input' }) as JsonSchema),
  };
}

/** The JSON Schema of a sweep as it is written. Parts of a run may lack what a whole run needs. */
export function sweepJsonSchema(): JsonSchema {
  const part = {
    ...withoutRequired(z.toJSONSchema(trainConfig(), { io: 'input' }) as JsonSchema),
    $schema: undefined,
  };
  const schema = z.toJSONSchema(sweepConfig, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      // The types of zod's core and of its classes do not meet.
      const written: unknown = zodSchema;
      if (written === fieldPath) jsonSchema.enum = [...trainFields()];
      if (written === trainPart) {
        delete jsonSchema.propertyNames;
        delete jsonSchema.additionalProperties;
        jsonSchema.$ref = '#/$defs/trainPart';
      }
    },
  }) as JsonSchema;
  return { title: 'A sweep of xnorlab', ...schema, $defs: { trainPart: JSON.parse(JSON.stringify(part)) } };
}

/** Without required keys several alternatives may fit, so that `oneOf` becomes `anyOf`. */
function withoutRequired(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => keyword !== 'required')
      .map(([keyword, value]) => [keyword === 'oneOf' ? 'anyOf' : keyword, nested(value)]),
  );
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested);
  return typeof value === 'object' && value !== null ? withoutRequired(value as JsonSchema) : value;
}
