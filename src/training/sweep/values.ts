import { ArgumentError } from '../../core/errors.js';
import { type Fields, fieldAt, isFields } from './fields.js';
import type { Divisors, FieldValues } from './spec.js';

/**
 * The values that a field takes in a configuration.
 * @param fields - the configuration so far
 * @param origin - where the values stand in the sweep, for errors
 * @throws ArgumentError when divisors are wanted of a field that is not set, or when none is in the range
 */
export function valueList(
  values: FieldValues,
  fields: Fields,
  origin: readonly PropertyKey[],
): readonly unknown[] {
  return isDivisors(values) ? divisors(values, fields, origin) : values;
}

export function isDivisors(values: unknown): values is Divisors {
  return isFields(values) && 'divisorsOf' in values;
}

/** More than any layer has neurons, and little enough to try its square root of divisors. */
const LARGEST_DIVIDED = 2 ** 31 - 1;

/** In ascending order. */
function divisorsOfInteger(number: number): number[] {
  const small: number[] = [];
  const large: number[] = [];
  for (let divisor = 1; divisor * divisor <= number; divisor++) {
    if (number % divisor !== 0) continue;
    small.push(divisor);
    if (divisor * divisor < number) large.push(number / divisor);
  }
  return [...small, ...large.reverse()];
}

/** In ascending order. */
function divisors(
  { divisorsOf, min, max = Number.POSITIVE_INFINITY }: Divisors,
  fields: Fields,
  origin: readonly PropertyKey[],
): number[] {
  const fail = (expected: string, received: unknown): never => {
    throw new ArgumentError(origin.join('.'), expected, received, [...origin, 'divisorsOf']);
  };
  const field = fieldAt(fields, divisorsOf);
  const numbers: unknown[] = Array.isArray(field) ? field : [field];
  const smallest = numbers.reduce<number>(
    (least, number) =>
      Number.isInteger(number) && Number(number) > 0
        ? Math.min(least, Number(number))
        : fail(`${divisorsOf} to be set before, to an integer or a list of integers`, field),
    Number.POSITIVE_INFINITY,
  );
  if (smallest > LARGEST_DIVIDED) fail(`${divisorsOf} of at most ${LARGEST_DIVIDED}, to be divided`, field);
  const found = divisorsOfInteger(smallest).filter(
    (divisor) =>
      divisor >= min && divisor <= max && numbers.every((number) => Number(number) % divisor === 0),
  );
  return found.length > 0 ? found : fail(`divisors of ${divisorsOf} in [${min}, ${max}]`, field);
}
