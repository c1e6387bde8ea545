import type ts from 'typescript';
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
  readonly #checker: ts.TypeChecker;
  readonly #declared = new Map<ts.Symbol, string>();
  readonly #edits: Edit[] = [];
  readonly #used = new Set<string>();
  readonly #prologue: string[] = [];

  constructor(
    readonly file: ts.SourceFile,
    readonly isKnown: (name: string) => boolean,
    readonly mark: string,
    readonly parser: typeof ts,
  ) {
    this.#checker = checkerOf(file, parser);
    for (const statement of file.statements.filter(parser.isExportDeclaration)) {
      const { exportClause } = statement;
      if (exportClause === undefined || !parser.isNamedExports(exportClause)) continue;
      for (const specifier of exportClause.elements) {
        const symbol = this.#checker.getExportSpecifierLocalTargetSymbol(specifier);
        if (symbol !== undefined) this.#declared.set(symbol, specifier.name.text);
      }
    }
  }

  run(): NameEdits {
    for (const statement of this.file.statements) this.#visit(statement);
    return {
      edits: this.#edits,
      used: this.#used,
      prologue: this.#prologue.join(''),
      names: [...this.#declared.values()],
    };
  }

  #visit(node: ts.Node): void {
    const { parser } = this;
    if (parser.isExportDeclaration(node)) return;
    if (parser.isImportDeclaration(node)) return this.#link(node);
    if (parser.isIdentifier(node)) return this.#rewriteMention(node);
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
      return binding?.name !== undefined && this.#shared(binding.name) ? [binding.name.text] : [];
    });
    const links = names.map((name) => ` ${this.#place(name)}.link(() => ${name});`);
    this.#edits.push(insertion(node.end, links.join('')));
  }

  #hoistFunction({ name }: ts.FunctionDeclaration): void {
    if (name !== undefined && this.#shared(name)) {
      this.#prologue.push(`${this.#place(name.text)}.declared = ${name.text}; `);
    }
  }

  #declareClass(node: ts.ClassDeclaration): void {
    if (node.name === undefined || !this.#shared(node.name)) return;
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
    // `var x;` leaves a value that is there, but TypeScript writes it in front of every enum and namespace.
    else if (!isVar || opensBlock(name, parser)) this.#edits.push(insertion(name.end, ' = void 0'));
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
    if (this.#isInOwnClass(node)) return;
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

  /** Within a class its name means itself, also before the class is complete. */
  #isInOwnClass(node: ts.Identifier): boolean {
    const { parser } = this;
    const symbol = this.#checker.getSymbolAtLocation(node);
    for (let outer: ts.Node = node.parent; outer !== undefined; outer = outer.parent) {
      if (!parser.isClassDeclaration(outer) || outer.name === undefined) continue;
      if (this.#checker.getSymbolAtLocation(outer.name) === symbol) return true;
    }
    return false;
  }

  #declaresShared(name: ts.BindingName): boolean {
    if (this.parser.isIdentifier(name)) return this.#shared(name);
    return name.elements.some((element) => 'name' in element && this.#declaresShared(element.name));
  }

  /** Whether the cell itself declares what the name means. */
  #shared(name: ts.Identifier): boolean {
    const symbol = this.#symbol(name);
    return symbol !== undefined && this.#declared.has(symbol);
  }

  #isShared(name: ts.Identifier): boolean {
    const symbol = this.#symbol(name);
    return symbol === undefined ? this.isKnown(name.text) : this.#declared.has(symbol);
  }

  #symbol(name: ts.Identifier): ts.Symbol | undefined {
    const { parent } = name;
    if (this.parser.isShorthandPropertyAssignment(parent) && parent.name === name) {
      return this.#checker.getShorthandAssignmentValueSymbol(parent);
    }
    return this.#checker.getSymbolAtLocation(name);
  }

  #place(name: string): string {
    this.#used.add(name);
    return name + this.mark;
  }
}

/** Names of properties and labels are no variables. */
function isPropertyName(node: ts.Identifier, parser: typeof ts): boolean {
  const { parent } = node;
  if (parser.isShorthandPropertyAssignment(parent)) return false;
  if (parser.isBindingElement(parent)) return parent.propertyName === node;
  if (parser.isLabeledStatement(parent)) return parent.label === node;
  if (parser.isBreakOrContinueStatement(parent) || parser.isMetaProperty(parent)) return true;
  if (parser.isPropertyAccessExpression(parent)) return parent.name === node;
  return (parser.isClassElement(parent) || parser.isObjectLiteralElement(parent)) && parent.name === node;
}

/** Whether the declaration stands before the block that TypeScript makes of an enum or a namespace. */
function opensBlock(name: ts.Identifier, parser: typeof ts): boolean {
  const statement = name.parent.parent.parent;
  if (!parser.isSourceFile(statement.parent)) return false;
  const { statements } = statement.parent;
  const next = statements[statements.indexOf(statement as ts.Statement) + 1];
  return next?.getText().startsWith(`(function (${name.text}) {`) === true;
}

/** Knows what the names in one file mean; of types and other files it knows nothing. */
function checkerOf(file: ts.SourceFile, parser: typeof ts): ts.TypeChecker {
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
    fileExists: (name) => name === file.fileName,
    readFile: () => undefined,
    writeFile: () => {},
    getDefaultLibFileName: () => '',
    getCurrentDirectory: () => '',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  };
  const options: ts.CompilerOptions = {
    noLib: true,
    noResolve: true,
    types: [],
    target: parser.ScriptTarget.ES2022,
  };
  return parser.createProgram([file.fileName], options, host).getTypeChecker();
}
