import type ts from 'typescript';
import { isPropertyName, NameMeanings } from './name-meanings.js';
import { type Edit, insertion } from './text-edits.js';

/** What has to be done to the text of a cell so that its names live in the scope that cells share. */
export interface NameEdits {
  readonly edits: readonly Edit[];
  /** Names whose places the cell needs. */
  readonly used: ReadonlySet<string>;
  /** Runs before the cell: what JavaScript hoists. */
  readonly prologue: string;
  /** The values that the cell declares. */
  readonly names: readonly string[];
}

/**
 * Finds every mention of a name that cells share and says what to write instead. Which mention means which
 * declaration is for the compiler to say: names that a function or block declares anew are left alone.
 *
 * @param file - a JavaScript module without types, in which all that the cell declares is exported
 * @param mark - added to a name, makes the identifier of its place in the scope
 */
export function nameEdits(
  file: ts.SourceFile,
  isKnown: (name: string) => boolean,
  mark: string,
  parser: typeof ts,
): NameEdits {
  return new NameRewriter(file, isKnown, mark, parser).run();
}

class NameRewriter {
  readonly #meanings: NameMeanings;
  readonly #edits: Edit[] = [];
  readonly #used = new Set<string>();
  readonly #prologue: string[] = [];

  constructor(
    readonly file: ts.SourceFile,
    readonly isKnown: (name: string) => boolean,
    readonly mark: string,
    readonly parser: typeof ts,
  ) {
    this.#meanings = new NameMeanings(file, parser);
  }

  run(): NameEdits {
    for (const statement of this.file.statements) this.#visit(statement);
    return {
      edits: this.#edits,
      used: this.#used,
      prologue: this.#prologue.join(''),
      names: this.#meanings.declaredNames,
    };
  }

  #visit(node: ts.Node): void {
    const { parser } = this;
    if (parser.isExportDeclaration(node)) return;
    if (parser.isImportDeclaration(node)) {
      this.#link(node);
      return;
    }
    if (parser.isIdentifier(node)) this.#rewriteMention(node);
    if (parser.isFunctionDeclaration(node)) this.#hoistFunction(node);
    if (parser.isClassDeclaration(node)) this.#declareClass(node);
    if (parser.isVariableDeclarationList(node)) this.#declareVariables(node);
    if (parser.isBinaryExpression(node)) this.#nameAssignedFunction(node);
    parser.forEachChild(node, (child) => this.#visit(child));
  }

  /** An import is no copy: what the module assigns later is seen, as in any module. */
  #link(node: ts.ImportDeclaration): void {
    const { importClause } = node;
    const bindings = importClause?.namedBindings;
    const named =
      bindings === undefined ? [] : this.parser.isNamespaceImport(bindings) ? [bindings] : bindings.elements;
    const names = [importClause, ...named].flatMap((binding) => {
      return binding?.name !== undefined && this.#meanings.isDeclared(binding.name)
        ? [binding.name.text]
        : [];
    });
    const links = names.map((name) => ` ${this.#place(name)}.link(() => ${name});`);
    this.#edits.push(insertion(node.end, links.join('')));
  }

  #hoistFunction({ name }: ts.FunctionDeclaration): void {
    if (name !== undefined && this.#meanings.isDeclared(name)) {
      this.#prologue.push(`${this.#place(name.text)}.declared = ${name.text}; `);
    }
  }

  #declareClass(node: ts.ClassDeclaration): void {
    if (node.name === undefined || !this.#meanings.isDeclared(node.name)) return;
    this.#edits.push(insertion(node.getStart(), `${this.#place(node.name.text)}.declared = `));
    this.#edits.push(insertion(node.end, ';'));
  }

  /** The list becomes a list of assignments; `var` also gives its names a value before the cell runs. */
  #declareVariables(list: ts.VariableDeclarationList): void {
    const { parser } = this;
    const [first] = list.declarations;
    if (first === undefined || !this.#declaresShared(first.name)) return;
    const isVar = (list.flags & parser.NodeFlags.BlockScoped) === 0;
    const isLoop = parser.isForInStatement(list.parent) || parser.isForOfStatement(list.parent);
    this.#edits.push({ start: list.getStart(), end: first.getStart(), text: '' });
    for (const declaration of list.declarations) {
      if (isVar) this.#hoistNames(declaration.name);
      if (!isLoop) this.#initialise(declaration, isVar);
    }
  }

  #initialise({ name, initializer }: ts.VariableDeclaration, isVar: boolean): void {
    const { parser } = this;
    if (parser.isObjectBindingPattern(name)) {
      this.#edits.push(insertion(name.getStart(), '('));
      if (initializer !== undefined) this.#edits.push(insertion(initializer.end, ')'));
    }
    if (!parser.isIdentifier(name)) return;
    if (initializer !== undefined) this.#nameFunction(name.text, initializer);
    // `var x;` leaves the value that is there, but TypeScript writes it in front of every enum and namespace.
    else if (isVar && !opensBlock(name, parser)) {
      this.#edits.push(insertion(name.end, ` = ${this.#place(name.text)}.value`));
    } else this.#edits.push(insertion(name.end, ' = void 0'));
  }

  #hoistNames(name: ts.BindingName): void {
    if (this.parser.isIdentifier(name)) this.#prologue.push(`${this.#place(name.text)}.hoist(); `);
    else for (const element of name.elements) if ('name' in element) this.#hoistNames(element.name);
  }

  #nameAssignedFunction(node: ts.BinaryExpression): void {
    const { parser } = this;
    const { left, right, operatorToken } = node;
    if (operatorToken.kind !== parser.SyntaxKind.EqualsToken || !parser.isIdentifier(left)) return;
    if (this.#isShared(left)) this.#nameFunction(left.text, right);
  }

  /** A function takes its name from the variable that it is first assigned to, or here from a property of that name. */
  #nameFunction(name: string, value: ts.Expression): void {
    const { parser } = this;
    const isFunction =
      parser.isArrowFunction(value) || parser.isFunctionExpression(value) || parser.isClassExpression(value);
    if (!isFunction || value.name !== undefined) return;
    this.#edits.push(insertion(value.getStart(), `{ ${name}: `), insertion(value.end, ` }.${name}`));
  }

  #rewriteMention(node: ts.Identifier): void {
    const { parser } = this;
    const { parent } = node;
    if (isPropertyName(node, parser) || !this.#isShared(node)) return;
    if (parser.isFunctionDeclaration(parent) || parser.isClassLike(parent)) {
      if (parent.name === node) return;
    }
    if (this.#meanings.isInOwnClass(node)) return;
    const isDeclaration = parser.isVariableDeclaration(parent) || parser.isBindingElement(parent);
    const isDeclared = isDeclaration && parent.name === node;
    const place = `${this.#place(node.text)}.${isDeclared ? 'declared' : 'value'}`;
    this.#edits.push({ start: node.getStart(), end: node.end, text: this.#spell(node, place) });
  }

  #spell(node: ts.Identifier, place: string): string {
    const { parser } = this;
    const { parent } = node;
    if (parser.isShorthandPropertyAssignment(parent) && parent.name === node) return `${node.text}: ${place}`;
    if (parser.isBindingElement(parent) && parent.name === node) {
      const isShorthand = parser.isObjectBindingPattern(parent.parent) && parent.propertyName === undefined;
      return isShorthand && parent.dotDotDotToken === undefined ? `${node.text}: ${place}` : place;
    }
    const isCalled =
      (parser.isCallExpression(parent) && parent.expression === node) ||
      (parser.isTaggedTemplateExpression(parent) && parent.tag === node);
    // The place is not the function's `this`.
    return isCalled ? `(0, ${place})` : place;
  }

  #declaresShared(name: ts.BindingName): boolean {
    if (this.parser.isIdentifier(name)) return this.#meanings.isDeclared(name);
    return name.elements.some((element) => 'name' in element && this.#declaresShared(element.name));
  }

  #isShared(name: ts.Identifier): boolean {
    return this.#meanings.isDeclared(name) || (this.#meanings.isFree(name) && this.isKnown(name.text));
  }

  #place(name: string): string {
    this.#used.add(name);
    return name + this.mark;
  }
}

/** Whether the declaration stands before the block that TypeScript makes of an enum or a namespace. */
function opensBlock(name: ts.Identifier, parser: typeof ts): boolean {
  const statement = name.parent.parent.parent;
  if (!parser.isSourceFile(statement.parent)) return false;
  const { statements } = statement.parent;
  const next = statements[statements.indexOf(statement as ts.Statement) + 1];
  return next?.getText().startsWith(`(function (${name.text}) {`) === true;
}
