import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { executeNotebook } from '../../src/jupyter/execute.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { findNotebooks } from '../../src/node/studies/find-notebooks.js';
import { readOutputs, temporaryFolder } from './notebooks.js';

/** All but the quickstart, whose own test looks closer. */
const NOTEBOOKS = findNotebooks(PACKAGE_ROOT).filter(({ name }) => !name.startsWith('01-'));

describe('in quick mode', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it.each(NOTEBOOKS)('$name runs to its end, and leaves its figures', async ({ name, file }) => {
    const output = join(folder.path, `${name}.ipynb`);
    await executeNotebook({
      notebook: file,
      output,
      environment: { XNORLAB_RESULTS: folder.path, XNORLAB_NOTEBOOK_MODE: 'quick' },
    });
    const outputs = readOutputs(output).flatMap((cell) => cell ?? []);
    const shown = outputs.filter(({ data }) =>
      [data?.['text/html'] ?? ''].flat().join('').includes('xnorlab-figure'),
    );
    const saved = readdirSync(join(folder.path, name), { encoding: 'utf8', recursive: true }).filter((file) =>
      file.endsWith('.svg'),
    );
    expect(shown.length).toBeGreaterThan(0);
    expect(saved.length).toBe(shown.length);
    expect(outputs.filter(({ output_type }) => output_type === 'error')).toEqual([]);
  });
});
