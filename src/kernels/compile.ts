import type { Size } from './operand.js';
import type { UntypedOperation } from './operations.js';

/**
 * Makes a function from text that follows from the table of operations, and from nothing else. An engine then optimises
 * each operation by itself, like one written by hand: closures that walk the table took 0.3 µs more for every call, which
 * is 3 % of an epoch. A page whose content security policy lets WebAssembly run, but no text, has to allow
 * `unsafe-eval`.
 * @param parameters - names of the operands
 * @param scope - what the text may refer to, by name
 */
export function compileOperation(
  parameters: readonly string[],
  lines: readonly string[],
  scope: Readonly<Record<string, unknown>>,
): UntypedOperation {
  const text = `'use strict';\nreturn (${parameters.join(', ')}) => {\n${lines.join('\n')}\n};`;
  return new Function(...Object.keys(scope), text)(...Object.values(scope)) as UntypedOperation;
}

/** A size in terms of the letters: the same in JavaScript and in C++. */
export function expression(size: Size): string {
  return size.replaceAll('·', ' * ').replaceAll('/', ' / ');
}

/** Whether a size is a letter that is not in `told` yet; it is from then on. */
export function isNews(size: Size, told: Set<string>): boolean {
  if (!/^[A-Z]$/.test(size) || told.has(size)) return false;
  told.add(size);
  return true;
}
