import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { notebookHeading } from '../../src/jupyter/notebook-heading.js';

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
  const heading = { title: 'Sizes of layers', summary: 'Question. How wide, by them?', verdict: '' };
  expect(notebookHeading(notebook({ cells: [{ cell_type: 'markdown', source }] }))).toEqual(heading);
  expect(notebookHeading(notebook({ cells: [{ cell_type: 'markdown', source: '# Alone' }] }))).toEqual({
    title: 'Alone',
    summary: '',
    verdict: '',
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

it.each([
  [
    '## Verdict\n\nFor **one** seed:\n\n**Wide\nwins.** By far. **Deep `loses`.** So. **Third.**',
    'Wide wins. Deep loses.',
  ],
  ['## Verdict\n\nIt is\nopen.\n\nMore.', 'It is open.'],
  ['## Verdict\n\nOpen.\n\n## Limits\n\n**Few seeds.**', 'Open.'],
  ['## Limits\n\n**Few seeds.**', ''],
])('reads what a notebook found: %j', (source, verdict) => {
  const cells = ['# Title', source].map((text) => ({ cell_type: 'markdown', source: text }));
  expect(notebookHeading(notebook({ cells })).verdict).toBe(verdict);
});
