import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { notebooksAt } from '../../../src/node/studies/find-notebooks.js';

describe('notebooks at a place', () => {
  let folder: string;
  beforeAll(() => {
    vi.stubEnv('XNORLAB_RESULTS', undefined);
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-notebooks-'));
    writeFileSync(path.join(folder, 'package.json'), '{}');
    for (const file of [
      'z.ipynb',
      'a/deep/a.ipynb',
      'results/z.ipynb',
      'a/results/kept.ipynb',
      '.ipynb_checkpoints/z.ipynb',
      'node_modules/b/b.ipynb',
      'empty/text.md',
    ]) {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(folder, file), '');
    }
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are a file, or all in a folder but copies, results and those of packages', () => {
    const at = (...parts: string[]): string => path.join(folder, ...parts);
    expect(notebooksAt(at('z.ipynb'))).toEqual([{ name: 'z', file: at('z.ipynb') }]);
    expect(notebooksAt(folder)?.map(({ file }) => path.relative(folder, file))).toEqual([
      'a/deep/a.ipynb',
      'a/results/kept.ipynb',
      'z.ipynb',
    ]);
  });

  it('are none where there is nothing, or another file', () => {
    expect(notebooksAt(path.join(folder, 'nowhere'))).toBeUndefined();
    expect(notebooksAt(path.join(folder, 'empty', 'text.md'))).toBeUndefined();
    expect(() => notebooksAt(path.join(folder, 'empty'))).toThrow('holds no notebooks');
  });
});
