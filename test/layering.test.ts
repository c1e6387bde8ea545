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
  notebook: [...ROWS, 'node/printing'],
  jupyter: ['core', 'notebook', 'node/files', 'node/printing', 'figures/figure-html.ts'],
  'index.ts': [...PURE, ...ROWS, 'studies', 'node', 'notebook'],
  cli: [...PURE, ...ROWS, 'studies', 'node', 'notebook', 'jupyter'],
  'cli.ts': ['cli'],
};

/** Imports up that are still to be cut. Shorten this list; never add to it. */
const NOT_CUT_YET: readonly string[] = [
  'figures/drawing.ts → node/printing/browser.ts',
  'records/sequence-rows.ts → statistics/group-rows.ts',
  'records/sequence-rows.ts → statistics/sample.ts',
];

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

function isAllowed({ from, to }: Import): boolean {
  const layer = from.split('/')[0];
  if (to.split('/')[0] === layer) return true;
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
    expect(up.sort()).toEqual([...NOT_CUT_YET].sort());
  });

  it('would notice an import to the right', () => {
    expect(isAllowed({ from: 'core/random.ts', to: 'kernels/kernels.ts' })).toBe(false);
    expect(isAllowed({ from: 'statistics/compare.ts', to: 'training/train.ts' })).toBe(false);
    expect(isAllowed({ from: 'rules/rule.ts', to: 'data/dataset.ts' })).toBe(false);
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
