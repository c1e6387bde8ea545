import type ts from 'typescript';

/**
 * tslab explains the name at the cursor. In `train(` or `train({ seed: 1 }, )` the cursor is at no name; then the function
 * that is called is explained, as other kernels do.
 *
 * @param inspect - explains what is at a position, if anything is
 * @param parser - tslab's own TypeScript, so that both see the same syntax
 */
export function explainCall(
  inspect: (position: number) => unknown,
  source: string,
  position: number,
  parser: typeof ts,
): unknown {
  const explained = inspect(position);
  if (explained) return readable(explained as QuickInfo);
  const callee = calleeAround(source, position, parser);
  const info = callee === undefined ? undefined : inspect(callee);
  return info ? readable(info as QuickInfo) : undefined;
}

/** What TypeScript says of a name, as far as tslab prints it. */
interface QuickInfo {
  readonly displayParts?: readonly { readonly text: string }[];
  readonly documentation?: readonly { readonly text: string }[];
  /** Of a function, as it is declared. */
  readonly declaredSignature?: string | undefined;
  readonly [other: string]: unknown;
}

/** A text that tslab prints as it is. */
export function plainInfo(text: string): object {
  return { displayParts: [{ text }] };
}

/** The sentence first, then the signature in short, then the rest: who asks wants to know what it does. */
function readable(info: QuickInfo): object {
  const text = (parts: QuickInfo['displayParts'] = []): string => parts.map((part) => part.text).join('');
  const [sentence, ...rest] = text(info.documentation).split('\n\n');
  const signature = info.declaredSignature ?? shortened(text(info.displayParts));
  const paragraphs = [sentence, signature, ...rest].filter((paragraph) => paragraph !== '');
  return { ...info, documentation: [], displayParts: [{ text: paragraphs.join('\n\n') }] };
}

const SHORT_CHARACTERS = 160;

/** Without where the name was imported, and, where it is long, without what stands in angle brackets and braces. */
function shortened(signature: string): string {
  const own = signature.replace(/\nimport [^\n]*$/, '').replace(/^\(alias\) /, '');
  let short = own;
  // From the inside out.
  for (let before = ''; short !== before && short.length > SHORT_CHARACTERS; ) {
    before = short;
    short = short.replace(/\{[^{}…]*\}/g, '{…}').replace(/(?<![=\s])<[^<>…]*(?<!=)>/g, '<…>');
    short = short
      .replace(/\{[^{}]*…[^{}]+\}|\{[^{}]+…[^{}]*\}/g, '{…}')
      .replace(/<[^<>]*<…>[^<>]*(?<!=)>/g, '<…>');
  }
  return short;
}

/** Position in the name of what the innermost call calls that has `position` between its parentheses. */
function calleeAround(source: string, position: number, parser: typeof ts): number | undefined {
  const file = parser.createSourceFile('cell.ts', source, parser.ScriptTarget.ES2022);
  let callee: number | undefined;
  const visit = (node: ts.Node): void => {
    if (parser.isCallExpression(node) || parser.isNewExpression(node)) {
      const { expression, arguments: list, end } = node;
      const isClosed = list !== undefined && list.end < end;
      // A call that is still being written goes on to the cursor, over the blanks that the parser leaves out.
      const isInside = isClosed ? position < end : source.slice(end, position).trim() === '';
      if (position > expression.end && isInside) callee = expression.end - 1;
    }
    parser.forEachChild(node, visit);
  };
  visit(file);
  return callee;
}
