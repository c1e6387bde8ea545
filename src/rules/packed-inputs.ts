import { BitMatrix } from '../core/bit-matrix.js';
import { ArgumentError } from '../core/errors.js';
import type { Inputs } from './rule.js';

/**
 * What a network of bits is shown.
 * @param columns - how many there have to be. Default: any number
 * @throws ArgumentError for inputs that are not packed, or of another width
 */
export function packedInputs(inputs: Inputs, columns?: number): BitMatrix {
  if (!(inputs instanceof BitMatrix)) {
    throw new ArgumentError('inputs', 'packed ±1 rows (a BitMatrix)', inputs.constructor.name);
  }
  if (columns !== undefined && inputs.columns !== columns) {
    throw new ArgumentError('inputs', `${columns} columns`, inputs.columns);
  }
  return inputs;
}
