import type ts from 'typescript';
import type { Converted, Converter } from './tslab-internals.js';

/**
 * tslab rewrites the names that earlier cells declared, but misses those in shorthand properties: with `n` from an
 * earlier cell, `{ n }` ends in "n is not defined". Written out, `{ n: n }` means the same and is rewritten.
 * @param parser - tslab's own TypeScript, so that both see the same syntax
 */
export function spellOutShorthand(converter: Converter, parser: typeof ts): Converter {
  const convert = (previous: string, source: string): Converted => {
    const file = parser.createSourceFile('cell.ts', source, parser.ScriptTarget.ES2022);
    const ends: { readonly end: number; readonly name: string }[] = [];
    const visit = (node: ts.Node): void => {
      if (node.kind === parser.SyntaxKind.ShorthandPropertyAssignment) {
        const { name } = node as ts.ShorthandPropertyAssignment;
        ends.push({ end: name.end, name: name.text });
      }
      parser.forEachChild(node, visit);
    };
    visit(file);
    return converter.convert(previous, insertNames(source, ends));
  };
  return { ...converter, convert };
}

/** `ends` ascend, as the parser visits the text from front to back. */
function insertNames(
  source: string,
  ends: readonly { readonly end: number; readonly name: string }[],
): string {
  let spelled = '';
  let copied = 0;
  for (const { end, name } of ends) {
    spelled += `${source.slice(copied, end)}: ${name}`;
    copied = end;
  }
  return spelled + source.slice(copied);
}
