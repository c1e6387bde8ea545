import type ts from 'typescript';
import type { Diagnostic } from './cell-errors.js';

/** A cell without its `export`s. */
export interface Unexported {
  /** Of the same length, with the same lines. */
  readonly source: string;
  /** Exports that have no meaning in a cell. */
  readonly problems: readonly Diagnostic[];
  /** Whether the last statement is an expression. */
  readonly endsWithExpression: boolean;
}

const ALL_SHARED = 'What a cell declares is there for all later cells; a cell exports nothing';

/**
 * Lets code from a file stand in a cell: `export const x = 1` declares x, as it would without `export`.
 *
 * @param parser - tslab's own TypeScript
 */
export function withoutExports(source: string, parser: typeof ts): Unexported {
  const file = parser.createSourceFile('cell.ts', source, parser.ScriptTarget.ES2022, true);
  const problems: Diagnostic[] = [];
  let text = source;
  const blank = (node: ts.Node): void => {
    const [start, end] = [node.getStart(), node.end];
    text = text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end);
  };
  for (const statement of file.statements) {
    const remedy = remedyFor(statement, parser);
    if (remedy !== undefined) {
      const { line, character } = file.getLineAndCharacterOfPosition(statement.getStart());
      problems.push({ file: '', line: line + 1, column: character + 1, message: `${ALL_SHARED}: ${remedy}` });
    } else if (parser.isExportDeclaration(statement)) blank(statement);
    else for (const modifier of exportModifiers(statement, parser)) blank(modifier);
  }
  const last = file.statements.at(-1);
  return {
    source: text,
    problems,
    endsWithExpression: last !== undefined && parser.isExpressionStatement(last),
  };
}

/** What to write instead of an export that does more than to mark a declaration. */
function remedyFor(statement: ts.Statement, parser: typeof ts): string | undefined {
  if (parser.isExportAssignment(statement)) return 'give the value a name with `const`';
  if (!parser.isExportDeclaration(statement)) {
    const isUnnamed = exportModifiers(statement, parser).length > 0 && isUnnamedDefault(statement, parser);
    return isUnnamed ? 'give it a name' : undefined;
  }
  const { exportClause, moduleSpecifier } = statement;
  if (moduleSpecifier !== undefined) return 'write `import … from` instead of `export … from`';
  const specifiers =
    exportClause !== undefined && parser.isNamedExports(exportClause) ? exportClause.elements : [];
  const renamed = specifiers.find(({ propertyName }) => propertyName !== undefined);
  return renamed && `write \`const ${renamed.name.text} = ${renamed.propertyName?.text};\``;
}

function isUnnamedDefault(statement: ts.Statement, parser: typeof ts): boolean {
  const canLackName = parser.isFunctionDeclaration(statement) || parser.isClassDeclaration(statement);
  return canLackName && statement.name === undefined;
}

function exportModifiers(statement: ts.Statement, parser: typeof ts): ts.Modifier[] {
  if (!parser.canHaveModifiers(statement)) return [];
  const { ExportKeyword, DefaultKeyword } = parser.SyntaxKind;
  return (parser.getModifiers(statement) ?? []).filter(
    ({ kind }) => kind === ExportKeyword || kind === DefaultKeyword,
  );
}
