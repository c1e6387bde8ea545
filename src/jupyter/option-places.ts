import type ts from 'typescript';

/** An option in a literal of options, as far as the text tells. */
export interface WrittenOption {
  /** Keys that lead to it from the outermost literal; `[]` for an element of a list. */
  readonly path: readonly string[];
  /** What is called with the outermost literal as its first argument: `train`. */
  readonly callee?: string;
  /** Keys of the outermost literal. */
  readonly keys: readonly string[];
  /** `name: '…'` of the literals around it: the keys that lead to the literal, and the name. Innermost first. */
  readonly names: readonly { readonly path: readonly string[]; readonly name: string }[];
  /** Every rule that is named anywhere in the outermost literal as `rule: { name: '…' }`. */
  readonly ruleNames: readonly string[];
}

/** What somebody types within quotes. */
export interface TypedText {
  /** From behind the opening quote to the cursor. */
  readonly start: number;
  readonly text: string;
  /** The option it is the value of, or, as a key, the option that the literal is the value of. */
  readonly option: WrittenOption;
  readonly isKey: boolean;
}

/** The option whose name, or simple value, is at a position; undefined where there is none. */
export function optionAt(source: string, position: number, parser: typeof ts): WrittenOption | undefined {
  const file = parse(source, parser);
  const node = tokenAt(file, position, parser);
  const property = node && propertyOf(node, parser);
  return property && describe(property, parser);
}

/** The text in quotes at a position, if it belongs to a literal of options. */
export function typedText(source: string, position: number, parser: typeof ts): TypedText | undefined {
  const file = parse(source, parser);
  const node = tokenAt(file, position, parser);
  if (node === undefined || !parser.isStringLiteralLike(node) || position <= node.getStart())
    return undefined;
  const property = propertyOf(node, parser);
  if (property === undefined) return undefined;
  const start = node.getStart() + 1;
  const isKey = property.name === node;
  const option = describe(property, parser);
  const place = isKey ? { ...option, path: option.path.slice(0, -1) } : option;
  return { start, text: source.slice(start, position), option: place, isKey };
}

function parse(source: string, parser: typeof ts): ts.SourceFile {
  return parser.createSourceFile('cell.ts', source, parser.ScriptTarget.ES2022, true);
}

/** The innermost token that holds the position or ends there. */
function tokenAt(file: ts.SourceFile, position: number, parser: typeof ts): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (position < node.getStart() || position > node.end) return;
    // What the parser has put in where something is missing has no width.
    if (node.getWidth() === 0) return;
    if (parser.isIdentifier(node) || parser.isLiteralExpression(node) || isTruth(node, parser)) found = node;
    parser.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isTruth(node: ts.Node, parser: typeof ts): boolean {
  return node.kind === parser.SyntaxKind.TrueKeyword || node.kind === parser.SyntaxKind.FalseKeyword;
}

type Property = ts.PropertyAssignment | ts.ShorthandPropertyAssignment;

/** The property that a token names, or is the whole value of. */
function propertyOf(node: ts.Node, parser: typeof ts): Property | undefined {
  const { parent } = node;
  if (parser.isShorthandPropertyAssignment(parent)) return parent.name === node ? parent : undefined;
  if (!parser.isPropertyAssignment(parent)) return undefined;
  const isSimple = parser.isLiteralExpression(node) || isTruth(node, parser);
  return parent.name === node || (isSimple && parent.initializer === node) ? parent : undefined;
}

function describe(property: Property, parser: typeof ts): WrittenOption {
  const path = [nameOf(property)];
  const literals: { readonly literal: ts.ObjectLiteralExpression; readonly depth: number }[] = [];
  let node: ts.Node = property;
  let callee: string | undefined;
  for (let outer = node.parent; outer !== undefined; node = outer, outer = outer.parent) {
    if (parser.isObjectLiteralExpression(outer)) literals.push({ literal: outer, depth: path.length });
    else if (parser.isPropertyAssignment(outer)) path.unshift(nameOf(outer));
    else if (parser.isArrayLiteralExpression(outer)) path.unshift('[]');
    else if (parser.isCallExpression(outer)) {
      if (outer.arguments[0] === node) callee = calleeOf(outer);
      break;
    } else if (!isTransparent(outer, parser)) break;
  }
  const outermost = literals.at(-1)?.literal;
  return {
    path,
    ...(callee !== undefined && { callee }),
    keys: outermost === undefined ? [] : outermost.properties.map(nameOf),
    names: literals.flatMap(({ literal, depth }) => {
      const name = textOf(literal, 'name', parser);
      return name === undefined ? [] : [{ path: path.slice(0, path.length - depth), name }];
    }),
    ruleNames: outermost === undefined ? [] : rulesIn(outermost, parser),
  };
}

/** What stands around a literal without making another value of it. */
function isTransparent(node: ts.Node, parser: typeof ts): boolean {
  return (
    parser.isAsExpression(node) ||
    parser.isSatisfiesExpression(node) ||
    parser.isParenthesizedExpression(node) ||
    parser.isSpreadAssignment(node) ||
    parser.isConditionalExpression(node)
  );
}

function calleeOf({ expression }: ts.CallExpression): string {
  return expression.getText().split('.').at(-1) ?? '';
}

function nameOf({ name }: ts.ObjectLiteralElementLike): string {
  if (name === undefined) return '';
  return 'text' in name ? String(name.text) : name.getText();
}

function textOf(literal: ts.ObjectLiteralExpression, key: string, parser: typeof ts): string | undefined {
  for (const property of literal.properties) {
    if (!parser.isPropertyAssignment(property) || nameOf(property) !== key) continue;
    const { initializer } = property;
    const value = parser.isAsExpression(initializer) ? initializer.expression : initializer;
    if (parser.isStringLiteralLike(value)) return value.text;
  }
  return undefined;
}

function rulesIn(node: ts.Node, parser: typeof ts): string[] {
  const found: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (parser.isPropertyAssignment(inner) && nameOf(inner) === 'rule') {
      const { initializer } = inner;
      const name = parser.isObjectLiteralExpression(initializer) && textOf(initializer, 'name', parser);
      if (typeof name === 'string') found.push(name);
    }
    parser.forEachChild(inner, visit);
  };
  visit(node);
  return [...new Set(found)];
}
