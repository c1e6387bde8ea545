import type ts from 'typescript';

const SHOWN_CHARACTERS = 40;

/**
 * What a cell says whose value is a promise: nobody wants to look at one.
 *
 * @param source - of the cell
 * @param parser - tslab's own TypeScript
 */
export function forgottenAwait(source: string, parser: typeof ts): string {
  const file = parser.createSourceFile('cell.ts', source, parser.ScriptTarget.ES2022, true);
  const last = file.statements.at(-1);
  const written = last !== undefined && parser.isExpressionStatement(last) ? last.expression : undefined;
  const call =
    written !== undefined && parser.isCallExpression(written)
      ? `${written.expression.getText()}(…)`
      : written?.getText();
  const shown = call !== undefined && call.length <= SHOWN_CHARACTERS ? call : '…';
  return (
    `This is a promise: the result is not there yet, and the work goes on while further cells run. ` +
    `Write \`await ${shown}\` to wait for it and see it.\n`
  );
}
