import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const SOURCE = path.resolve(__dirname, '..', 'src');

/** What each layer may import besides itself: a layer, or one file of it. Nothing else, and nothing back. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  bits: [],
  kernels: ['bits'],
  rules: ['bits', 'kernels'],
  datasets: ['bits'],
  experiments: ['bits', 'kernels', 'rules', 'datasets'],
  analysis: ['bits', 'experiments/record.ts'],
  figures: ['bits', 'analysis', 'experiments/record.ts'],
  reports: ['bits', 'analysis', 'figures', 'experiments/record.ts'],
  jupyter: ['bits', 'analysis', 'figures', 'experiments/record.ts'],
  'index.ts': [
    'bits',
    'kernels',
    'rules',
    'datasets',
    'experiments',
    'analysis',
    'figures',
    'reports',
    'jupyter',
  ],
  cli: ['bits', 'kernels', 'rules', 'datasets', 'experiments', 'analysis', 'figures', 'reports', 'jupyter'],
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

function isAllowed({ from, to }: Import): boolean {
  const layer = from.split('/')[0];
  if (to.split('/')[0] === layer) return true;
  return (MAY_IMPORT[layer] ?? []).some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
}

describe('the one-way house', () => {
  const files = sourceFiles();
  const imports = files.flatMap(importsOf);

  it('sees the imports', () => {
    expect(imports).toContainEqual({ from: 'bits/random.ts', to: 'bits/bit-matrix.ts' });
    expect(imports.length).toBeGreaterThan(100);
  });

  it('knows every layer', () => {
    expect([...new Set(files.map((file) => file.split('/')[0]))].sort()).toEqual(
      Object.keys(MAY_IMPORT).sort(),
    );
  });

  it('imports only to the left', () => {
    expect(imports.filter((edge) => !isAllowed(edge))).toEqual([]);
  });

  it('would notice an import to the right', () => {
    expect(isAllowed({ from: 'bits/random.ts', to: 'kernels/kernels.ts' })).toBe(false);
    expect(isAllowed({ from: 'analysis/rows.ts', to: 'experiments/train.ts' })).toBe(false);
    expect(isAllowed({ from: 'rules/rule.ts', to: 'datasets/dataset.ts' })).toBe(false);
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
