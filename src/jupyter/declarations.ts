import type ts from 'typescript';
import { apply, type Edit } from './text-edits.js';

/**
 * The types of what cells have declared are kept as the text of a declaration file. This takes some names out of it.
 *
 * @param declarations - as tslab makes them: every variable has a name, none a pattern
 * @param parser - tslab's own TypeScript
 */
export function keepNames(
  declarations: string,
  isKept: (name: string) => boolean,
  parser: typeof ts,
): string {
  const file = parser.createSourceFile('cells.d.ts', declarations, parser.ScriptTarget.ES2022);
  return apply(
    declarations,
    file.statements.flatMap((statement) => cuts(statement, file, isKept, parser)),
  );
}

/**
 * Adds what tslab leaves out: it forgets namespaces after one cell, and declares no `var` that stands in a block; the type of
 * such a variable is any.
 *
 * @param declarations - what tslab makes of a cell and all before it
 * @param earlier - the same for the cells before
 * @param names - the values that the cell declares
 */
export function addMissing(
  declarations: string,
  earlier: string,
  names: readonly string[],
  parser: typeof ts,
): string {
  const declared = new Set(statementsOf(declarations, parser).flatMap((each) => namesOf(each, parser)));
  const forgotten = statementsOf(earlier, parser)
    .filter(parser.isModuleDeclaration)
    .filter(({ name }) => !declared.has(name.text) && !names.includes(name.text));
  const untyped = names.filter((name) => !declared.has(name));
  return [
    declarations,
    ...forgotten.map(({ pos, end }) => earlier.slice(pos, end)),
    ...untyped.map((name) => `declare let ${name}: any;\n`),
  ].join('');
}

function statementsOf(declarations: string, parser: typeof ts): readonly ts.Statement[] {
  return parser.createSourceFile('cells.d.ts', declarations, parser.ScriptTarget.ES2022, true).statements;
}

function namesOf(statement: ts.Statement, parser: typeof ts): string[] {
  if (parser.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  if (!parser.isImportDeclaration(statement)) {
    return [parser.getNameOfDeclaration(statement as ts.DeclarationStatement)?.getText() ?? []].flat();
  }
  const bindings = statement.importClause?.namedBindings;
  const named = bindings === undefined || parser.isNamespaceImport(bindings) ? [bindings] : bindings.elements;
  return [statement.importClause, ...named].flatMap((binding) => binding?.name?.text ?? []);
}

function cuts(
  statement: ts.Statement,
  file: ts.SourceFile,
  isKept: (name: string) => boolean,
  parser: typeof ts,
): Edit[] {
  if (parser.isVariableStatement(statement)) {
    const { declarations } = statement.declarationList;
    const kept = declarations.filter(({ name }) => parser.isIdentifier(name) && isKept(name.text));
    if (kept.length === declarations.length) return [];
    return replace(statement, declarations, kept.map((declaration) => declaration.getText(file)).join(', '));
  }
  if (parser.isImportDeclaration(statement)) {
    const clause = statement.importClause;
    return clause === undefined ? [] : replace(statement, clause, keptImports(clause, file, isKept, parser));
  }
  const name = parser.getNameOfDeclaration(statement as ts.DeclarationStatement);
  return name !== undefined && !isKept(name.getText(file)) ? [cut(statement)] : [];
}

function keptImports(
  clause: ts.ImportClause,
  file: ts.SourceFile,
  isKept: (name: string) => boolean,
  parser: typeof ts,
): string {
  const { name, namedBindings: bindings } = clause;
  const kept = name !== undefined && isKept(name.text) ? [name.text] : [];
  if (bindings !== undefined && parser.isNamespaceImport(bindings)) {
    if (isKept(bindings.name.text)) kept.push(bindings.getText(file));
  } else {
    const named = bindings?.elements.filter((element) => isKept(element.name.text)) ?? [];
    if (named.length > 0) kept.push(`{ ${named.map((element) => element.getText(file)).join(', ')} }`);
  }
  return kept.length === 0 ? '' : `${clause.isTypeOnly ? 'type ' : ''}${kept.join(', ')}`;
}

/** An empty text takes the whole statement away. */
function replace(statement: ts.Statement, part: ts.TextRange, text: string): Edit[] {
  return text === '' ? [cut(statement)] : [{ start: part.pos, end: part.end, text: ` ${text}` }];
}

function cut({ pos, end }: ts.Statement): Edit {
  return { start: pos, end, text: '' };
}
