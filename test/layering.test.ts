import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SOURCE = path.resolve(__dirname, '..', 'src');

/** What each layer may import besides itself: a layer, or one file of it. Nothing else, and nothing back. */
const PURE = ['core', 'kernels', 'layers', 'rules', 'data', 'records', 'training', 'models'];
const ROWS = ['core', 'records', 'statistics', 'tables', 'figures'];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  kernels: ['core'],
  layers: ['core', 'kernels'],
  rules: ['core', 'kernels', 'layers'],
  data: ['core'],
  records: ['core'],
  training: ['core', 'kernels', 'layers', 'rules', 'data', 'records', 'models'],
  models: ['core', 'kernels', 'layers', 'rules', 'data', 'records'],
  statistics: ['core', 'records'],
  tables: ['core', 'records', 'statistics'],
  figures: ['core', 'records', 'statistics', 'tables'],
  studies: [...ROWS, 'training/sweep/spec.ts'],
  node: [...PURE, 'statistics', 'tables', 'figures', 'studies'],
  browser: [...PURE],
  notebook: [...ROWS, 'node/printing', 'training/option-words.ts'],
  site: ['core', 'rules/local-error/batch-story.ts'],
  live: ['core', 'rules', 'data', 'records', 'training', 'browser', 'figures/series-style.ts'],
  jupyter: ['core', 'site', 'notebook', 'node/files', 'node/printing', 'node/parts.ts'],
  'index.ts': [...PURE, ...ROWS, 'studies', 'node', 'notebook'],
  cli: [...PURE, ...ROWS, 'studies', 'node', 'browser', 'notebook', 'site', 'jupyter'],
  'cli.ts': ['cli'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Sources written in TypeScript for Node; AssemblyScript has rules of its own. */
function sourceFiles(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes('assembly'),
  );
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(SOURCE, file), 'utf8');
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => {
      const target = path.posix.join(path.posix.dirname(file), name);
      return { from: file, to: target.replace(/\.js$/, '.ts') };
    });
}

function layerOf(file: string): string {
  return file.split('/')[0];
}

/** Packages of plain JavaScript; of ONNX Runtime's common part only types are imported. */
const PURE_PACKAGES = [
  'zod',
  'pure-rand',
  '@noble/hashes',
  'fast-deep-equal',
  'fflate',
  'papaparse',
  'protobufjs',
  '@petamoriken/float16',
];

function isPurePackage(name: string): boolean {
  return PURE_PACKAGES.some((pure) => name === pure || name.startsWith(`${pure}/`));
}

/** What only Node, or only a page, has. */
const HOST_GLOBALS = new Set([
  'process',
  'Buffer',
  '__dirname',
  '__filename',
  'require',
  'window',
  'document',
  'navigator',
]);

/** Names that a source uses without declaring or importing them, by their first occurrence as a bare identifier. */
function globalsOf(text: string): Set<string> {
  const found = new Set<string>();
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    const { parent } = node;
    const isName =
      ts.isIdentifier(node) &&
      !(ts.isPropertyAccessExpression(parent) && parent.name === node) &&
      !ts.isPropertyAssignment(parent) &&
      !ts.isPropertySignature(parent);
    if (isName) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** An entry of the package may load what its layer knows nothing of: rules say how they look. */
const ENTRY_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'figures/index.ts': ['rules/binary-rules.ts', 'rules/float-rules.ts'],
};

function isAllowed({ from, to }: Import): boolean {
  if (ENTRY_MAY_IMPORT[from]?.includes(to)) return true;
  const layer = layerOf(from);
  if (layerOf(to) === layer) return true;
  return (MAY_IMPORT[layer] ?? []).some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
}

describe('the one-way house', () => {
  const files = sourceFiles();
  const imports = files.flatMap(importsOf);

  it('sees the imports', () => {
    expect(imports).toContainEqual({ from: 'core/random.ts', to: 'core/bit-matrix.ts' });
    expect(imports.length).toBeGreaterThan(100);
  });

  it('knows every layer', () => {
    expect([...new Set(files.map((file) => file.split('/')[0]))].sort()).toEqual(
      Object.keys(MAY_IMPORT).sort(),
    );
  });

  it('imports only to the left', () => {
    const up = imports.filter((edge) => !isAllowed(edge)).map(({ from, to }) => `${from} → ${to}`);
    expect(up).toEqual([]);
  });

  it('would notice an import to the right', () => {
    expect(isAllowed({ from: 'core/random.ts', to: 'kernels/kernels.ts' })).toBe(false);
    expect(isAllowed({ from: 'statistics/compare.ts', to: 'training/train.ts' })).toBe(false);
    expect(isAllowed({ from: 'rules/rule.ts', to: 'data/dataset.ts' })).toBe(false);
  });

  it('has no cycles between folders', () => {
    const layers = Object.keys(MAY_IMPORT);
    const targets = new Map(
      layers.map((layer) => [
        layer,
        new Set(imports.filter(({ from }) => layerOf(from) === layer).map(({ to }) => layerOf(to))),
      ]),
    );
    const visit = (layer: string, trail: readonly string[]): void => {
      if (trail.includes(layer)) throw new Error(`cycle of folders: ${[...trail, layer].join(' → ')}`);
      for (const target of targets.get(layer) ?? []) if (target !== layer) visit(target, [...trail, layer]);
    };
    for (const layer of layers) visit(layer, []);
  });

  it('keeps the core pure: nothing in it imports or reaches Node, a page, or a package that needs one', () => {
    const pure = files.filter((file) => PURE.includes(layerOf(file)));
    const impure = pure.flatMap((file) => {
      const text = readFileSync(path.join(SOURCE, file), 'utf8');
      const packages = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
      const foreign = packages.filter((name) => !name.startsWith('.') && !isPurePackage(name));
      const globals = [...globalsOf(text)].filter((name) => HOST_GLOBALS.has(name));
      return [...foreign, ...globals].map((name) => `${file}: ${name}`);
    });
    expect(impure).toEqual([]);
  });

  it('has no cycles between files', () => {
    const targets = new Map(files.map((file) => [file, importsOf(file).map(({ to }) => to)]));
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) throw new Error(`import cycle: ${[...trail, file].join(' → ')}`);
      if (done.has(file)) return;
      for (const target of targets.get(file) ?? []) visit(target, [...trail, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });
});
