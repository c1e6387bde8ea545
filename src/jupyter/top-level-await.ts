import vm from 'node:vm';
import type { Converted, Converter } from './tslab-internals.js';

/**
 * tslab finds a top-level await by the compiler's complaint about it, and the compiler does not complain about
 * `await (…)` and `for await`. Such a cell would be run in an ordinary function and fail.
 */
export function findEveryAwait(converter: Converter): Converter {
  const convert = (previous: string, source: string): Converted => {
    const converted = converter.convert(previous, source);
    if (converted.hasToplevelAwait !== true && needsAsync(converted.output))
      converted.hasToplevelAwait = true;
    return converted;
  };
  return { ...converter, convert };
}

/** In an ordinary function `await (…)` is a call of something named await; a static block does not allow that name. */
function needsAsync(code: string | undefined): boolean {
  if (code?.includes('await') !== true) return false;
  return !compiles(`(class { static {${code}\n} })`) && compiles(`(async function () {${code}\n})`);
}

function compiles(code: string): boolean {
  try {
    new vm.Script(code);
    return true;
  } catch {
    return false;
  }
}
