import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveTable } from '../../src/node/printing/save-table.js';
import { toMimeBundle } from '../../src/notebook/mime-bundle.js';
import { compare } from '../../src/statistics/compare.js';
import { type SummaryRow, summarize } from '../../src/statistics/summarize.js';
import { formatComparison } from '../../src/tables/format-comparison.js';
import { formatMean, formatP, formatSigned } from '../../src/tables/format-number.js';
import { formatTable } from '../../src/tables/format-table.js';
import type { FormattedTable } from '../../src/tables/formatted-table.js';
import { htmlTable } from '../../src/tables/html.js';
import { escapeLatex, latexTable } from '../../src/tables/latex.js';
import { markdownTable } from '../../src/tables/markdown.js';

const group = (
  layers: string,
  rule: string,
  mean: number,
  standardDeviation: number | null,
  n = 5,
): SummaryRow => ({
  layers,
  rule,
  n,
  mean,
  standardDeviation,
  low95: null,
  high95: null,
  min: mean,
  max: mean,
});

const summary = [
  group('35,35', 'local-error', 81.512, 0.234),
  group('35,35', 'bep', 82.6, 1.14),
  group('75,75', 'local-error', 83.61, 0.1),
  group('75,75', 'qat', 83.64, 1.3),
];

const options = { rows: ['layers'], columns: ['rule'] };

describe('numbers', () => {
  it.each([
    [85.1234, 0.2345, '85.12 ± 0.23'],
    [85.1234, 1.14, '85.1 ± 1.1'],
    [85.1234, 12.4, '85 ± 12'],
    [85.1234, 0.0996, '85.12 ± 0.10'],
    [85.1234, 0, '85.12 ± 0.00'],
    [85.1234, null, '85.12'],
    [-0.5, 0.25, '-0.50 ± 0.25'],
    [1.2345e12, 5.6e10, '(1.234 ± 0.056)×10¹²'],
    [1.2345e12, null, '1.23×10¹²'],
  ])('%d with deviation %d reads %s', (mean, standardDeviation, text) => {
    expect(formatMean(mean, standardDeviation)).toBe(text);
  });

  it('show signs and small probabilities', () => {
    expect([0.416, -0.104, -0.001].map((value) => formatSigned(value, 2))).toEqual([
      '+0.42',
      '-0.10',
      '0.00',
    ]);
    expect([0.0009, 0.001, 0.0625].map(formatP)).toEqual(['<0.001', '0.001', '0.063']);
  });
});

describe('formatTable', () => {
  it('lays means out, the best of each row in bold, as well as what reads the same', () => {
    expect(formatTable(summary, options).toMarkdown()).toBe(
      '| layers | local-error | bep | qat |\n| --- | ---: | ---: | ---: |\n' +
        '| 35,35 | 81.51 ± 0.23 | **82.6 ± 1.1** | – |\n' +
        '| 75,75 | **83.61 ± 0.10** | – | **83.6 ± 1.3** |\n' +
        '\nMean ± standard deviation over 5 runs, the best of each row in bold.\n',
    );
  });

  it('finds the best of a column, the lowest, or none', () => {
    const best = (more: object): (string | undefined)[] =>
      formatTable(summary, { ...options, ...more }).body.flatMap((cells) =>
        cells.filter(({ isBest }) => isBest).map(({ text }) => text),
      );
    expect(best({ bestPer: 'column' })).toEqual(['82.6 ± 1.1', '83.61 ± 0.10', '83.6 ± 1.3']);
    expect(best({ best: 'lowest' })).toEqual(['81.51 ± 0.23', '83.61 ± 0.10', '83.6 ± 1.3']);
    expect(best({ bestPer: 'none' })).toEqual([]);
  });

  it('puts published values beside, also where there are none of ours', () => {
    const published = [
      { layers: '35,35', rule: 'bep', testAccuracy: 82.65 },
      { layers: '75,75', rule: 'bep', testAccuracy: 84.25 },
      { layers: '999', rule: 'bep', testAccuracy: 1 },
    ];
    const { body, caption } = formatTable(summary, { ...options, published, caption: 'FashionMNIST' });
    expect(body.map((cells) => [cells[2].text, cells[2].note])).toEqual([
      ['82.6 ± 1.1', '[82.65]'],
      ['–', '[84.25]'],
    ]);
    expect(caption).toBe(
      'FashionMNIST. Mean ± standard deviation over 5 runs, the best of each row in bold. In brackets: published.',
    );
  });

  it('matches what was published by name', () => {
    const rows = summarize(
      [{ dataset: 'fashion-mnist', layers: '525,525', rule: 'bep', seed: 1, testAccuracy: 85.9 }],
      { by: ['dataset', 'layers', 'rule'], value: 'testAccuracy' },
    );
    const published = ['35,35', '525,525'].map((layers, i) => ({
      dataset: 'fashion-mnist',
      layers,
      rule: 'bep',
      testAccuracy: [82.63, 85.81][i],
    }));
    const { body } = formatTable(rows, { rows: ['dataset', 'layers'], columns: ['rule'], published });
    expect(body[0].map(({ text, note }) => [text, note])).toEqual([
      ['fashion-mnist', undefined],
      ['525,525', undefined],
      ['85.90', '[85.81]'],
    ]);
  });

  it('says the size of each group where they differ', () => {
    const { body, caption } = formatTable([summary[0], group('35,35', 'bep', 82.6, 1.1, 3)], options);
    expect(body[0].map(({ note }) => note)).toEqual([undefined, '(n = 5)', '(n = 3)']);
    expect(caption).toContain('over n runs');
    const single = [group('35,35', 'bep', 82.6, null, 1)];
    expect(formatTable(single, options).caption).toBe('Single runs, the best of each row in bold.');
  });

  it('labels as told', () => {
    const label = (column: string, cell: unknown): string => (column === 'rule' ? '' : `L = ${cell}`);
    const { headings, body } = formatTable([summary[0]], { ...options, label });
    expect(headings).toEqual(['layers', 'mean']);
    expect(body[0][0].text).toBe('L = 35,35');
  });

  it('refuses two groups in one cell', () => {
    expect(() => formatTable(summary, { rows: ['layers'] })).toThrow(
      'summary: expected one row for each cell, and rows and columns to have what tells others apart ' +
        '(for layers 35,35 they differ in `rule`: local-error, bep), got 2',
    );
  });

  it('is a table in a notebook', () => {
    const bundle = toMimeBundle(formatTable(summary, options));
    expect(bundle['text/html']).toContain('<strong>82.6&nbsp;±&nbsp;1.1</strong>');
    expect(bundle['text/html']).toContain('<th style="text-align: left">35,35</th>');
    expect(bundle['text/plain']).toContain('| layers |');
  });
});

describe('formatComparison', () => {
  it('shows differences, intervals and adjusted p, what is significant in bold', () => {
    const runs = (rule: string, values: number[]): { rule: string; seed: number; x: number }[] =>
      values.map((x, seed) => ({ rule, seed, x }));
    const comparisons = compare(
      [
        ...runs('bep', [85.1, 84.7, 85.6, 85.0, 85.4]),
        ...runs('local-error', [84.2, 84.3, 84.9, 84.6, 84.4]),
      ],
      { between: 'rule', value: 'x' },
    );
    const table = formatComparison(comparisons, { caption: 'Rules' });
    expect(table.toMarkdown()).toContain(
      '| bep | local-error | 5 | **+0.68** | [+0.34, +1.02] | +2.5 | 0.005 |\n',
    );
    expect(table.headings).not.toContain('p (Wilcoxon)');
    expect(table.rows).toEqual(comparisons);
  });

  it('has Wilcoxon’s test where the number of pairs lets it find anything', () => {
    const pairs = (n: number, rules: readonly string[]): FormattedTable => {
      const rows = rules.flatMap((rule, r) =>
        Array.from({ length: n }, (_, seed) => ({ rule, seed, x: r * (1 + seed / 10) })),
      );
      return formatComparison(compare(rows, { between: 'rule', value: 'x', baseline: rules[0] }));
    };
    // 2/2⁶ = 0.031; of two comparisons the lesser is doubled, and 2 · 2/2⁷ = 0.031.
    expect(pairs(6, ['a', 'b']).headings).toContain('p (Wilcoxon)');
    expect(pairs(6, ['a', 'b']).toMarkdown()).toContain('| 0.031 |\n');
    expect(pairs(6, ['a', 'b', 'c']).headings).not.toContain('p (Wilcoxon)');
    expect(pairs(7, ['a', 'b', 'c']).headings).toContain('p (Wilcoxon)');
  });
});

describe('plain rows', () => {
  const rows = [
    { name: 'a|b', value: null, missing: null },
    { name: 'c_1 & 100 %', value: -1.5, missing: null },
  ];

  it('become Markdown, numbers to the right and bars escaped', () => {
    expect(markdownTable(rows)).toBe(
      '| name | value | missing |\n| --- | ---: | --- |\n| a\\|b | – | – |\n| c_1 & 100 % | -1.5 | – |\n',
    );
  });

  it('become LaTeX with the rules of booktabs', () => {
    expect(latexTable(rows)).toBe(
      '\\begin{tabular}{lrl}\n  \\toprule\n  name & value & missing \\\\\n  \\midrule\n' +
        '  a\\textbar{}b & -- & -- \\\\\n  c\\_1 \\& 100 \\% & $-$1.5 & -- \\\\\n  \\bottomrule\n\\end{tabular}\n',
    );
  });

  it('become HTML, escaped, with headings above numbers on the right', () => {
    const [left, right] = ['style="text-align: left"', 'style="text-align: right"'];
    expect(
      htmlTable([
        { '<i>': '&', n: 1.5 },
        { '<i>': 'b', n: null },
      ]),
    ).toBe(
      `<table><thead><tr><th ${left}>&lt;i&gt;</th><th ${right}>n</th></tr></thead><tbody>` +
        `<tr><td ${left}>&amp;</td><td ${right}>1.5</td></tr>` +
        `<tr><td ${left}>b</td><td ${right}>–</td></tr></tbody></table>`,
    );
  });

  it('keep names with hyphens on one line in HTML, and break anything else where it is too long', () => {
    const html = htmlTable([{ rule: 'local-error', text: 'a well-known rule', layers: '35,35', n: -1 }]);
    expect(html).toContain('<td style="text-align: left; white-space: nowrap">local-error</td>');
    expect(html.match(/nowrap/g)).toHaveLength(1);
  });

  it('are refused when there are none', () => {
    for (const make of [markdownTable, latexTable, htmlTable]) {
      expect(() => make([])).toThrow('rows: expected at least one row, got []');
    }
  });
});

describe('LaTeX', () => {
  it.each([
    ['a_b & 5% #1 $x {y} ~^', 'a\\_b \\& 5\\% \\#1 \\$x \\{y\\} \\textasciitilde{}\\textasciicircum{}'],
    ['C:\\new', 'C:\\textbackslash{}new'],
    ['85.1 ± 0.2', '85.1 $\\pm$ 0.2'],
    ['(1.2 ± 0.1)×10¹²', '(1.2 $\\pm$ 0.1)$\\times$10$^{12}$'],
    ['10⁻³', '10$^{-3}$'],
    ['[-0.3, +0.5]', '{[}$-$0.3, +0.5{]}'],
    ['255-51 local-error 1e-7', '255-51 local-error 1e-7'],
    ['γ ≤ ω, θ', '$\\gamma$ $\\leq$ $\\omega$, $\\theta$'],
    ['p <0.001', 'p $<$0.001'],
  ])('sets %s as it reads', (text, latex) => {
    expect(escapeLatex(text)).toBe(latex);
  });

  it('floats with a caption and a label', () => {
    const table = formatTable(summary.slice(0, 1), { rows: ['layers'], columns: ['rule'], caption: '50 %' });
    expect(table.toLatex('tab:main')).toBe(
      '\\begin{table}\n  \\centering\n' +
        '  \\caption{50 \\%. Mean $\\pm$ standard deviation over 5 runs, the best of each row in bold.}\n' +
        '  \\label{tab:main}\n  \\begin{tabular}{lr}\n    \\toprule\n    layers & local-error \\\\\n' +
        '    \\midrule\n    35,35 & \\textbf{81.51 $\\pm$ 0.23} \\\\\n    \\bottomrule\n' +
        '  \\end{tabular}\n\\end{table}\n',
    );
  });
});

describe('saveTable', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-tables-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

  it('writes the format of the extension', async () => {
    const table = formatTable(summary, options);
    for (const name of ['a.md', 'a.tex', 'a.csv', 'a.html']) await saveTable(table, path.join(folder, name));
    expect(read('a.md')).toBe(table.toMarkdown());
    expect(read('a.tex')).toBe(table.toLatex('tab:a'));
    expect(read('a.html')).toBe(table.toHtml());
    expect(read('a.csv').split('\n').slice(0, 2)).toEqual([
      'layers,rule,n,mean,standardDeviation,low95,high95,min,max',
      '"35,35",local-error,5,81.512,0.234,,,81.512,81.512',
    ]);
  });

  it('writes all three without an extension', async () => {
    await saveTable([{ a: 1 }], path.join(folder, 'deep', 'all'));
    expect(readdirSync(path.join(folder, 'deep')).sort()).toEqual(['all.csv', 'all.md', 'all.tex']);
    expect(read('deep/all.csv')).toBe('a\n1\n');
  });

  it('writes nothing it does not know, and nothing of no rows', async () => {
    await expect(saveTable([{ a: 1 }], path.join(folder, 'a.xlsx'))).rejects.toThrow(
      'file: expected a name that ends in one of .md, .csv, .tex, .html, or in none',
    );
    await expect(saveTable([], path.join(folder, 'a'))).rejects.toThrow('rows: expected at least one row');
    expect(readdirSync(folder)).toEqual([]);
  });
});
