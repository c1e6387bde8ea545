import type ts from 'typescript';
import { type Origin, offsetAt, positionAt } from './cell-positions.js';
import { nameEdits } from './live-names.js';
import { apply, type Edit, insertion, offsetBefore } from './text-edits.js';

/** A cell ready to be wrapped into a function of `exports`, `require` and `$scope`. */
export interface LiveCell {
  /** Returns the value of the cell's last expression in an array of one, or nothing. */
  readonly code: string;
  /** Whether the function must be an async one. */
  readonly isAsync: boolean;
  /** The values that the cell declares. */
  readonly names: readonly string[];
  /** Where something in `code` stands in the module. */
  readonly origin: Origin;
}

/** How the function that a cell becomes calls the scope it is given. */
export const SCOPE_PARAMETER = '$scope';

/** Follows the name of a variable where its place in the scope is meant; underscores are added where it is taken. */
const MARK = '$live';

/**
 * Lets all cells share one scope. tslab gives every cell a scope of its own and copies values between them; here the
 * names that cells declare become places that outlive the cell: `lr = 0.5` is rewritten to `lr$live.value = 0.5`, where
 * `lr$live` is the same object in every cell. Functions of earlier cells so see what later ones assign or declare anew.
 *
 * @param module - the cell as a JavaScript module in which all that it declares is exported; imports stay as they are
 * @param isKnown - whether an earlier cell has declared a name
 * @param isExpression - whether the cell ends with an expression, whose value is returned
 * @param parser - tslab's own TypeScript
 */
export function shareScope(
  module: string,
  isKnown: (name: string) => boolean,
  isExpression: boolean,
  parser: typeof ts,
): LiveCell {
  let mark = MARK;
  while (module.includes(mark)) mark += '_';
  // The last line makes a module of it in any case, in which `await (x)` is no call.
  const file = parser.createSourceFile('cell.ts', `${module}\nexport {};`, parser.ScriptTarget.ES2022, true);
  const { edits, used, prologue, names } = nameEdits(file, isKnown, mark, parser);
  const places = [...used].map((name) => `${name}${mark} = ${SCOPE_PARAMETER}.variable('${name}')`);
  const head = places.length === 0 ? '' : `const ${places.join(', ')}; `;
  const value = isExpression ? returnLastExpression(file, parser) : [];
  const exported = file.statements.filter(parser.isExportDeclaration);
  const cuts = exported.map(({ pos, end }) => ({ start: pos, end, text: '' }));
  const all = [...edits, ...value, ...cuts];
  const added = head + prologue;
  const code = added + apply(file.text, all);
  const origin: Origin = (position) => {
    const offset = offsetAt(code, position) - added.length;
    return positionAt(file.text, offsetBefore(all, Math.max(0, offset)));
  };
  return { code, isAsync: awaits(file, parser), names, origin };
}

function returnLastExpression(file: ts.SourceFile, parser: typeof ts): Edit[] {
  const last = file.statements.filter((statement) => !parser.isExportDeclaration(statement)).at(-1);
  if (last === undefined || !parser.isExpressionStatement(last)) return [];
  return [insertion(last.getStart(), 'return ['), { start: last.expression.end, end: last.end, text: '];' }];
}

/** Whether there is an await outside all functions. */
function awaits(node: ts.Node, parser: typeof ts): boolean {
  if (parser.isFunctionLike(node) || parser.isClassStaticBlockDeclaration(node)) return false;
  if (parser.isAwaitExpression(node)) return true;
  if (parser.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
  return parser.forEachChild(node, (child) => awaits(child, parser) || undefined) ?? false;
}

const PLACE = /(?:\(0 , )?([\p{ID_Start}$_][\p{ID_Continue}$]*?)\$live_*\.value(\))?/gu;

/** Names variables as the reader has written them in an error message of V8, which quotes the rewritten code. */
export function asWritten(message: string): string {
  return message.replace(PLACE, (text: string, name: string) =>
    text.startsWith('(') || !text.endsWith(')') ? name : `${name})`,
  );
}
