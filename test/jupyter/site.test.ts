import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { notebookHeading } from '../../src/jupyter/notebook-heading.js';
import { siteIndex } from '../../src/jupyter/site-index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-site-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function notebook(content: unknown): string {
  const file = path.join(folder, 'notebook.ipynb');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

it('reads what a notebook asks', () => {
  const source = [
    '# Sizes of `layers`\n',
    '\n',
    '**Question.** How *wide*, by\n',
    '[them](x.md)?\n',
    '\n',
    'More.',
  ];
  const heading = { title: 'Sizes of layers', summary: 'Question. How wide, by them?' };
  expect(notebookHeading(notebook({ cells: [{ cell_type: 'markdown', source }] }))).toEqual(heading);
  expect(notebookHeading(notebook({ cells: [{ cell_type: 'markdown', source: '# Alone' }] }))).toEqual({
    title: 'Alone',
    summary: '',
  });
});

it.each([
  [{ cells: [{ cell_type: 'code', source: '# no heading' }] }, 'begins with no heading'],
  [{ cells: [{ cell_type: 'markdown', source: 'Text' }] }, 'begins with no heading'],
  [{ cells: [] }, 'begins with no heading'],
  [{}, 'has no cells'],
  ['{', 'is no notebook that can be read'],
])('says what is wrong with a notebook: %j', (content, problem) => {
  const file = notebook(content);
  expect(() => notebookHeading(file)).toThrow(`${file}: ${problem}`);
});

it('leads to every page, whatever it is called', () => {
  const index = siteIndex([
    { file: '01-a.html', title: 'A & <b>', summary: 'Why?' },
    { file: '02 %.html', title: 'B', summary: '' },
  ]);
  expect(index).toContain('<li><a href="01-a.html">A &amp; &lt;b&gt;</a><p>Why?</p></li>\n');
  expect(index).toContain('<li><a href="02%20%25.html">B</a></li>\n');
  expect(index).not.toMatch(/https?:/);
});
