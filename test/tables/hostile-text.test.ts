import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { saveTable } from '../../src/node/printing/save-table.js';
import { escapeLatex, labelOf } from '../../src/tables/latex.js';
import { markdownTable } from '../../src/tables/markdown.js';

const cellOf = (text: string): string => /\n\| (.*) \|\n$/.exec(markdownTable([{ a: text }]))?.[1] ?? '';

it('is text in Markdown: no element, entity, link, picture or further cell', () => {
  expect(cellOf('<img src=x onerror=y>')).toBe('&lt;img src=x onerror=y>');
  expect(cellOf('</td><!-- a -->')).toBe('&lt;/td>&lt;!-- a -->');
  expect(cellOf('&lt;b&#62;')).toBe('&amp;lt;b&amp;#62;');
  expect(cellOf('![x](http://elsewhere.example/x.png)')).toBe('![x]\\(http://elsewhere.example/x.png)');
  expect(cellOf('a|b\\|c')).toBe('a\\|b\\\\\\|c');
  expect(cellOf('a\n\nb\r\u0000c')).toBe('a b c');
  // What is none of these stays as it is read.
  for (const plain of ['p < .05 & q > 1', '84.66 ± .32 [84.66]', 'local-error', 'C:\\data'])
    expect(cellOf(plain)).toBe(plain);
});

it('is text in LaTeX, on one line; labels hold nothing that ends them', () => {
  expect(escapeLatex('a\n\nb\u0007c')).toBe('a b c');
  expect(escapeLatex('\\input{x}%')).not.toMatch(/\\input|(?<!\\)%/);
  expect(labelOf('a}\\input{x}\n%')).toMatch(/^tab:[A-Za-z0-9_.:+*/=@-]+$/);
});

it('is no formula in CSV, if that is asked for; numbers stay', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-csv-'));
  try {
    const file = path.join(folder, 'a.csv');
    const rows = [{ name: '=cmd()', other: '@x', text: 'a=b', value: -1 }];
    await saveTable(rows, file);
    expect(readFileSync(file, 'utf8')).toBe('name,other,text,value\n=cmd(),@x,a=b,-1\n');
    await saveTable(rows, file, { defuseFormulas: true });
    expect(readFileSync(file, 'utf8')).toBe("name,other,text,value\n'=cmd(),'@x,a=b,-1\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
