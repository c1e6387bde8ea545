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
  if (explained) return explained;
  const callee = calleeAround(source, position, parser);
  return callee === undefined ? undefined : inspect(callee);
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
