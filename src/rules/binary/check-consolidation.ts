import { ArgumentError } from '../../core/errors.js';
import {
  CONSOLIDATIONS,
  type ConsolidationOptions,
  chosenConsolidation,
} from '../../layers/consolidation.js';

/**
 * @param layers - of the network
 * @throws ArgumentError when not exactly one option is given, or its list has another number of entries than there are layers
 */
export function checkConsolidation(options: ConsolidationOptions | undefined, layers: number): void {
  if (!options) return;
  const [name, ...others] = chosenConsolidation(options);
  const path = ['rule', 'consolidation'];
  if (name === undefined || others.length > 0) {
    const expected = `one of ${CONSOLIDATIONS.join(', ')}`;
    throw new ArgumentError('rule.consolidation', expected, options, path);
  }
  const value = options[name];
  if (typeof value !== 'object' || value.length === layers) return;
  const expected = `${layers} entries, one for each layer`;
  throw new ArgumentError(`rule.consolidation.${name}`, expected, value.length, [...path, name]);
}
