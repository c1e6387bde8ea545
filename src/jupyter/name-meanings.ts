import type ts from 'typescript';

/** Knows what the names in a cell mean: which function, block or cell declares them. */
export class NameMeanings {
  readonly #checker: ts.TypeChecker;
  readonly #declared = new Map<ts.Symbol, string>();

  /** @param file - a JavaScript module in which all that the cell declares is exported */
  constructor(
    file: ts.SourceFile,
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

  /** The values that the cell declares. */
  get declaredNames(): string[] {
    return [...this.#declared.values()];
  }

  /** Whether the name means something that the cell declares for other cells, too. */
  isDeclared(name: ts.Identifier): boolean {
    const symbol = this.#symbol(name);
    return symbol !== undefined && this.#declared.has(symbol);
  }

  /** Whether nothing in the cell declares what the name means. */
  isFree(name: ts.Identifier): boolean {
    return this.#symbol(name) === undefined;
  }

  /** Within a class its name means itself, also before the class is complete. */
  isInOwnClass(node: ts.Identifier): boolean {
    const { parser } = this;
    const symbol = this.#checker.getSymbolAtLocation(node);
    for (let outer: ts.Node = node.parent; outer !== undefined; outer = outer.parent) {
      if (!parser.isClassDeclaration(outer) || outer.name === undefined) continue;
      if (this.#checker.getSymbolAtLocation(outer.name) === symbol) return true;
    }
    return false;
  }

  #symbol(name: ts.Identifier): ts.Symbol | undefined {
    const { parent } = name;
    if (this.parser.isShorthandPropertyAssignment(parent) && parent.name === name) {
      return this.#checker.getShorthandAssignmentValueSymbol(parent);
    }
    return this.#checker.getSymbolAtLocation(name);
  }
}

/** Whether a name is that of a property or a label, and no variable. */
export function isPropertyName(node: ts.Identifier, parser: typeof ts): boolean {
  const { parent } = node;
  if (parser.isShorthandPropertyAssignment(parent)) return false;
  if (parser.isBindingElement(parent)) return parent.propertyName === node;
  if (parser.isLabeledStatement(parent)) return parent.label === node;
  if (parser.isBreakOrContinueStatement(parent) || parser.isMetaProperty(parent)) return true;
  if (parser.isPropertyAccessExpression(parent)) return parent.name === node;
  return (parser.isClassElement(parent) || parser.isObjectLiteralElement(parent)) && parent.name === node;
}

/** Types and other files do not matter here. */
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
