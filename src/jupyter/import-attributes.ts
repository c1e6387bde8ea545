import type ts from 'typescript';
import type { Diagnostic } from './cell-errors.js';

/** TypeScript without its import attributes. */
export interface Unattributed {
  /** Of the same length, with the same lines. */
  readonly source: string;
  /** Attributes that ask for what cannot be had. */
  readonly problems: readonly Diagnostic[];
}

/** `with { type: 'json' }`, as it stands in the source. */
interface Attributes {
  readonly start: number;
  readonly end: number;
  readonly specifier: ts.Expression | undefined;
  readonly entries: readonly { readonly name: string; readonly value: ts.Node }[];
}

const ONLY_JSON =
  "Import attributes load JSON files here, `import data from './data.json' with { type: 'json' }`, and nothing else; " +
  'read other files with `node:fs`';

/**
 * Takes import attributes out, with `with` and with the older `assert`, of imports, `export … from` and `import()`.
 * tslab's TypeScript is older than `with`, and JSON files are loaded without being asked for as such.
 *
 * @param parser - tslab's own TypeScript
 */
export function withoutImportAttributes(source: string, parser: typeof ts): Unattributed {
  if (!/\b(?:with|assert)\b/.test(source)) return { source, problems: [] };
  const file = parser.createSourceFile('cell.ts', source, parser.ScriptTarget.ES2022, true);
  const problems: Diagnostic[] = [];
  let text = source;
  for (const attributes of [...ofStatements(file, parser), ...ofCalls(file, parser)]) {
    const { start, end } = attributes;
    text = text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end);
    if (asksForJson(attributes, parser)) continue;
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    problems.push({ file: '', line: line + 1, column: character + 1, message: ONLY_JSON });
  }
  return { source: text, problems };
}

function asksForJson({ specifier, entries }: Attributes, parser: typeof ts): boolean {
  const isJsonFile =
    specifier === undefined || !parser.isStringLiteralLike(specifier) || specifier.text.endsWith('.json');
  const isJson = ({ name, value }: Attributes['entries'][number]): boolean =>
    name === 'type' && parser.isStringLiteralLike(value) && value.text === 'json';
  return isJsonFile && entries.every(isJson);
}

/** The parser takes `with { … }` for a statement of its own, whose parentheses are missing. */
function ofStatements(file: ts.SourceFile, parser: typeof ts): Attributes[] {
  return file.statements.flatMap((statement, i) => {
    if (!parser.isImportDeclaration(statement) && !parser.isExportDeclaration(statement)) return [];
    const { moduleSpecifier: specifier, assertClause } = statement;
    if (specifier === undefined) return [];
    if (assertClause !== undefined) {
      const entries = assertClause.elements.map(({ name, value }) => ({ name: name.text, value }));
      return [{ start: assertClause.getStart(), end: assertClause.end, specifier, entries }];
    }
    const next = file.statements[i + 1];
    if (next === undefined || !parser.isWithStatement(next)) return [];
    const { expression } = next;
    if (!parser.isObjectLiteralExpression(expression)) return [];
    return [
      { start: next.getStart(), end: expression.end, specifier, entries: entriesOf(expression, parser) },
    ];
  });
}

/** `import('./data.json', { with: { type: 'json' } })`. */
function ofCalls(node: ts.Node, parser: typeof ts): Attributes[] {
  const found: Attributes[] = [];
  const visit = (inner: ts.Node): void => {
    parser.forEachChild(inner, visit);
    if (!parser.isCallExpression(inner) || inner.expression.kind !== parser.SyntaxKind.ImportKeyword) return;
    const [specifier, options] = inner.arguments;
    if (specifier === undefined || options === undefined || !parser.isObjectLiteralExpression(options))
      return;
    const entries = entriesOf(options, parser).flatMap(({ name, value }) =>
      /^(?:with|assert)$/.test(name) && parser.isObjectLiteralExpression(value)
        ? entriesOf(value, parser)
        : [{ name, value }],
    );
    found.push({ start: specifier.end, end: inner.arguments.end, specifier, entries });
  };
  visit(node);
  return found;
}

function entriesOf(literal: ts.ObjectLiteralExpression, parser: typeof ts): Attributes['entries'][number][] {
  return literal.properties.map((property) =>
    parser.isPropertyAssignment(property) &&
    (parser.isIdentifier(property.name) || parser.isStringLiteral(property.name))
      ? { name: property.name.text, value: property.initializer }
      : { name: property.getText(), value: property },
  );
}
