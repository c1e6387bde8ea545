import { RandomStream } from '../../core/random.js';
import type { Fields } from './fields.js';
import type { RandomAxis, RandomRange, RandomValues } from './spec.js';
import { isDivisors, valueList } from './values.js';

/** Gives a drawn field its value in a configuration. */
type Pick = (fields: Fields) => { path: string; value: unknown; origin: readonly PropertyKey[] };

/**
 * Draws the points of a random axis; each gives every field a value. All configurations get the same points, so that
 * they can be compared. Every field has a stream of its own: a further field or sample does not change the others.
 * @param origin - where the fields stand in the sweep, for errors
 */
export function drawPoints({ samples, seed, fields }: RandomAxis, origin: readonly PropertyKey[]): Pick[][] {
  const streams = Object.entries(fields).map(
    ([path, values]) => [path, values, RandomStream.named(seed, `sweep/${path}`)] as const,
  );
  return Array.from({ length: samples }, () =>
    streams.map(([path, values, stream]): Pick => {
      const share = stream.uniform();
      const at = [...origin, path];
      return (config) => ({ path, value: valueAt(share, values, config, at), origin: at });
    }),
  );
}

/** @param share - uniform in [0, 1) */
function valueAt(
  share: number,
  values: RandomValues,
  config: Fields,
  origin: readonly PropertyKey[],
): unknown {
  if (!Array.isArray(values) && !isDivisors(values)) return inRange(share, values);
  const list = valueList(values, config, origin);
  return list[Math.floor(share * list.length)];
}

function inRange(share: number, { min, max, scale, integer }: RandomRange): number {
  const end = integer ? max + 1 : max;
  const drawn = scale === 'log' ? min * Math.exp(share * Math.log(end / min)) : min + share * (end - min);
  // Rounding may lead just past the end.
  return Math.min(max, integer ? Math.floor(drawn) : drawn);
}
