import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { moduleLoader } from '../../../src/node/files/module-loader.js';
import { openStore } from '../../../src/node/store/run-store.js';
import { codeOf, pageText } from '../../documents/pages.js';
import { pythonWith } from '../../python-with.js';

const PAGE = 'docs/runs.md';

describe('docs/runs.md', () => {
  let root: string;
  const tables: unknown[] = [];
  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'xnorlab-runs-'));
    const file = path.join(root, 'script.mts');
    writeFileSync(file, codeOf(PAGE, 'ts', 'In TypeScript')[0].replaceAll("'results/", `'${root}/`));
    const spy = vi.spyOn(console, 'table').mockImplementation((rows) => void tables.push(rows));
    await moduleLoader(file).import(file);
    spy.mockRestore();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('trains, and sums up over seeds in two ways that agree', () => {
    const [summary, selected] = tables as Record<string, number>[][];
    expect(summary.map(({ groupSize, n }) => [groupSize, n])).toEqual([
      [3, 3],
      [5, 3],
    ]);
    selected.forEach(({ groupSize, n, validationAccuracy }, i) => {
      expect([groupSize, n]).toEqual([summary[i].groupSize, summary[i].n]);
      expect(validationAccuracy).toBeCloseTo(summary[i].mean, 10);
    });
  });

  it('names the columns of runs', () => {
    const store = openStore(path.join(root, 'group-sizes'));
    const columns = store
      .query("SELECT name FROM pragma_table_xinfo('runs')")
      .map(({ name }) => String(name));
    store.close();
    const documented = codeless(pageText(PAGE));
    const internal = ['id', 'record', 'error'];
    for (const name of columns.filter((column) => !internal.includes(column))) {
      expect(documented).toContain(`\`${name}\``);
    }
  });

  // Each says mean and standard deviation of two groups of three.
  it.for([
    ['pandas', ['pandas', 'pyarrow']],
    ['polars', ['polars']],
    ['DuckDB', ['duckdb']],
  ] as const)('is read by %s, where a Python has it', ([section, modules], context) => {
    const python = pythonWith(...modules);
    if (!python) return context.skip(`NOT TESTED: no Python has ${modules.join(' and ')}`);
    const printed = execFileSync(python, ['-'], {
      cwd: path.join(root, 'exported'),
      input: codeOf(PAGE, 'python', section)[0],
      encoding: 'utf8',
    });
    const [summary] = tables as Record<string, number>[][];
    for (const { mean, standardDeviation } of summary) {
      expect(numbersIn(printed)).toContainEqual(expect.closeTo(mean, 1));
      expect(numbersIn(printed)).toContainEqual(expect.closeTo(standardDeviation, 1));
    }
  });
});

function numbersIn(text: string): number[] {
  return (text.match(/\d+\.\d+/g) ?? []).map(Number);
}

function codeless(page: string): string {
  return page.replace(/^```.*?^```$/gms, '');
}
