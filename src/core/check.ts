import { ArgumentError } from './errors.js';

/** @throws ArgumentError unless `value` is an integer in [minimum, maximum]. */
export function checkInteger(
  argument: string,
  value: number,
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  const range =
    maximum === Number.MAX_SAFE_INTEGER
      ? `an integer of at least ${minimum}`
      : `an integer in [${minimum}, ${maximum}]`;
  throw new ArgumentError(argument, range, value);
}

/** @throws ArgumentError unless `value` is a finite number in [minimum, maximum]. */
export function checkNumber(argument: string, value: number, minimum: number, maximum: number): void {
  if (Number.isFinite(value) && value >= minimum && value <= maximum) return;
  throw new ArgumentError(argument, `a number in [${minimum}, ${maximum}]`, value);
}

/** @throws ArgumentError unless `value` has exactly `length` entries. */
export function checkLength(argument: string, value: ArrayLike<unknown>, length: number): void {
  if (value.length === length) return;
  throw new ArgumentError(argument, `${length} entries`, value.length);
}

/** Makes sure of a choice. @throws ArgumentError unless `value` is one of `choices`. */
export function checkChoice<const Choice extends string>(
  argument: string,
  value: string,
  choices: readonly Choice[],
): asserts value is Choice {
  if ((choices as readonly string[]).includes(value)) return;
  throw new ArgumentError(argument, `one of ${choices.join(', ')}`, value);
}
