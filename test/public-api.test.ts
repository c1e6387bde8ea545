import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(__dirname, '..');
const SOURCE = path.join(ROOT, 'src');

/** Entries of the package, as package.json names them, with their source. */
const ENTRIES: ReadonlyMap<string, string> = entries();

function entries(): Map<string, string> {
  const { exports } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  return new Map(
    Object.entries(exports).flatMap(([name, target]) => {
      const file = typeof target === 'string' ? target : target.default;
      if (!file.endsWith('.js')) return [];
      return [
        [name.replace(/^\./, 'xnorlab'), file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')] as const,
      ];
    }),
  );
}

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  ROOT,
);
const program = ts.createProgram(
  [...ENTRIES.values()].map((file) => path.join(ROOT, file)),
  { ...options, noEmit: true, incremental: false },
);
const checker = program.getTypeChecker();

/** What an entry exports, aliases resolved. */
function exportsOf(file: string): ts.Symbol[] {
  const source = program.getSourceFile(path.join(ROOT, file));
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is no module`);
  return checker.getExportsOfModule(module);
}

function resolved(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isOurs(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.startsWith(`${SOURCE}/`);
}

/** Types of ours that the public part of a declaration refers to. */
function referredTypes(declaration: ts.Declaration): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) || ts.isPrivateIdentifier(node)) return;
    if (ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node)) {
      const isHidden =
        ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected) ||
        (node.name && ts.isPrivateIdentifier(node.name)) ||
        ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
      if (isHidden) return;
    }
    if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      if (node.type) visit(node.type);
      return;
    }
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const name = ts.isTypeReferenceNode(node) ? node.typeName : node.expression;
      const symbol = checker.getSymbolAtLocation(name);
      if (symbol) found.push(resolved(symbol));
    }
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found.filter((symbol) => {
    const isParameter = symbol.flags & ts.SymbolFlags.TypeParameter;
    return !isParameter && (symbol.declarations ?? []).some(isOurs);
  });
}

/** One line for what an entry exports: how its type reads. */
function line(symbol: ts.Symbol): string {
  const target = resolved(symbol);
  const [declaration] = target.declarations ?? [];
  if (!declaration) return symbol.name;
  if (target.flags & ts.SymbolFlags.Value) {
    const type = checker.getTypeOfSymbolAtLocation(target, declaration);
    const kind =
      target.flags & ts.SymbolFlags.Class
        ? 'class'
        : target.flags & ts.SymbolFlags.Function
          ? 'function'
          : 'const';
    const text =
      kind === 'class' ? '' : checker.typeToString(type, declaration, ts.TypeFormatFlags.NoTruncation);
    const full = `${kind} ${symbol.name}${text && `: ${text}`}`.replaceAll(/import\("[^"]*"\)\./g, '');
    // Whole modules are named by their file, which is elsewhere for everybody.
    return full.replaceAll(/import\("[^"]*\/node_modules\//g, 'import("');
  }
  return `${ts.isInterfaceDeclaration(declaration) ? 'interface' : 'type'} ${symbol.name}`;
}

describe('the public surface', () => {
  const all = new Map([...ENTRIES].map(([name, file]) => [name, exportsOf(file)]));
  const publicSymbols = new Set([...all.values()].flat().map(resolved));

  it('has the entries that package.json names, for types of older resolvers, too', () => {
    const { exports, typesVersions } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      exports: Record<string, { types?: string }>;
      typesVersions: { '*': Record<string, string[]> };
    };
    for (const [name, { types }] of Object.entries(exports)) {
      if (name === '.' || types === undefined) continue;
      expect(typesVersions['*'][name.slice(2)]).toEqual([types.replace('./', '')]);
    }
  });

  it('exports every type that a signature of it refers to', () => {
    const leaks = [...publicSymbols].flatMap((symbol) =>
      (symbol.declarations ?? [])
        .filter(isOurs)
        .flatMap(referredTypes)
        .filter((type) => !publicSymbols.has(type))
        .map((type) => `${symbol.name} refers to ${type.name}`),
    );
    expect([...new Set(leaks)].sort()).toEqual([]);
  });

  it('says what each export is', () => {
    const silent = [...publicSymbols].filter((symbol) => {
      const declarations = (symbol.declarations ?? []).filter(isOurs);
      return declarations.length > 0 && symbol.getDocumentationComment(checker).length === 0;
    });
    expect(silent.map(({ name }) => name).sort()).toEqual([]);
  });

  /** A change of the surface is a change of this file; XNORLAB_ACCEPT_API=1 writes it. */
  it('is as docs/api.txt lists it', () => {
    const report = [...all]
      .map(([name, symbols]) => `# ${name}\n\n${symbols.map(line).sort().join('\n')}\n`)
      .join('\n');
    const file = path.join(ROOT, 'docs', 'api.txt');
    if (process.env.XNORLAB_ACCEPT_API === '1') writeFileSync(file, report);
    expect(report).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
  });
});
