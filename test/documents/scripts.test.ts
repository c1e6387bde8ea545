import { existsSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftBy, PAGES_WITH_CODE, typedIn } from './pages.js';
import { ReaderFolder } from './reader-folder.js';

/** As templates/project/tsconfig.json has it. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  types: [],
};

/** Node that runs TypeScript needs no compiler. */
const RUNS_TYPESCRIPT = (process.features as { typescript?: false | string }).typescript;

describe.each(PAGES_WITH_CODE)('the TypeScript of %s', (page) => {
  const folder = new ReaderFolder();
  const script = path.join(folder.path, 'study.mts');
  beforeAll(() => {
    folder.write('study.mts', typedIn(page).join('\n'));
  });
  afterAll(() => folder.remove());

  it('has no error of types', () => {
    const program = ts.createProgram([script], OPTIONS);
    if (!RUNS_TYPESCRIPT) program.emit();
    const found = ts.getPreEmitDiagnostics(program).map(({ messageText, file, start = 0 }) => {
      const line = file ? file.text.slice(0, start).split('\n').length : 0;
      return `line ${line} of the script: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(found).toEqual([]);
  });

  it('runs as a script and leaves its files', async () => {
    const { code, stderr } = await folder.node(page, RUNS_TYPESCRIPT ? 'study.mts' : 'study.mjs');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    if (typedIn(page).some((text) => text.includes('show('))) {
      expect(stderr).toContain('Figures are shown in notebooks only.');
    }
    expect(leftBy(page).filter((file) => !existsSync(path.join(folder.path, file)))).toEqual([]);
  });
});
