import { z } from 'zod';
import { ArgumentError, DataError } from '../core/errors.js';
import { parse } from '../core/parse.js';
import type { Shape } from '../core/shape.js';
import { decodeText } from './decode-text.js';
import type { BitOrder } from './packed-rows.js';
import type { SourceFile } from './source-file.js';

const size = z.int().min(1);

const shapeSchema: z.ZodType<Shape> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('vector'), size }),
  z.strictObject({ kind: z.literal('image'), channels: size.default(1), height: size, width: size }),
  z.strictObject({ kind: z.literal('sequence'), steps: size, of: z.lazy(() => shapeSchema) }),
]);

/** Which bit of a byte comes first, where the array beside it holds packed bits. */
const packedSchema = z.looseObject({ packed: z.enum(['big', 'little']).optional() });

/** What a user says of their data. */
export interface StatedShape {
  readonly shape: Shape;
  /** Given where features are bits that numpy.packbits has packed. */
  readonly packed?: BitOrder;
}

/**
 * Reads what a user says of the columns of their data: `{ "kind": "image", "height": 28, "width": 28 }`, in the JSON of a `Shape`. An
 * image without `channels` has one. `"packed": "big"` beside it (or `"little"`, numpy's `bitorder`) says that the array holds packed bits.
 * @throws DataError for anything else
 */
export function parseShapeFile(source: SourceFile): StatedShape {
  try {
    const { packed, ...shape } = parse(packedSchema, JSON.parse(decodeText(source)), 'shape');
    return { shape: parse(shapeSchema, shape, 'shape'), ...(packed && { packed }) };
  } catch (error) {
    if (error instanceof ArgumentError) throw new DataError(source.file, error.message, { cause: error });
    if (error instanceof SyntaxError)
      throw new DataError(source.file, `is no JSON (${error.message})`, { cause: error });
    throw error;
  }
}
