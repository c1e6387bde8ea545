import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { escapeLatex, labelOf, latexTable } from '../../src/tables/latex.js';
import { LATEX_SYMBOLS, SUBSCRIPTS, SUPERSCRIPTS } from '../../src/tables/latex-symbols.js';

const HAS_LATEX = spawnSync('pdflatex', ['--version']).status === 0;

/** Compiles a document of these tables with the packages that the documentation names; errors of the log. */
function compile(...tables: readonly string[]): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-latex-'));
  try {
    const body = tables.join('\n\n');
    const document = `\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n${body}\n\\end{document}\n`;
    writeFileSync(path.join(folder, 'document.tex'), document);
    spawnSync('pdflatex', ['-interaction=nonstopmode', 'document.tex'], { cwd: folder });
    const log = readFileSync(path.join(folder, 'document.log'), 'latin1');
    return log.split('\n').filter((line) => line.startsWith('!') || /Missing character|undefined/.test(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('LaTeX of Unicode', () => {
  it.each([
    ['Δ accuracy', '$\\Delta$ accuracy'],
    ['γ = 35, ν ≤ 0.05', '$\\gamma$ = 35, $\\nu$ $\\leq$ 0.05'],
    ['x₀ and a₁₂', 'x$_{0}$ and a$_{12}$'],
    ['2³² − 1', '2$^{32}$ $-$ 1'],
    ['⌊r·K⌋', '$\\lfloor$r$\\cdot$K$\\rfloor$'],
    ['Holm’s', 'Holm’s'],
    ['--seed', '-{}-seed'],
    ['Κ looks Latin', 'K looks Latin'],
    ['café', 'café'],
  ])('%s is %s', (text, latex) => {
    expect(escapeLatex(text)).toBe(latex);
  });

  it('makes labels of the names of files', () => {
    expect(labelOf('p=0.46_final')).toBe('tab:p=0.46_final');
    expect(labelOf('größe 50 %')).toBe('tab:gr-e-50-');
  });

  it('refuses a label that LaTeX could not refer to', () => {
    const table = { caption: 'x', headings: ['a'], headColumns: 0, body: [[{ text: '1' }]] };
    expect(() => latexTable(table, { label: 'tab:50%' })).toThrow(
      "label: expected letters, digits and _.:+*/=@- only, as LaTeX refers to it, got 'tab:50%'",
    );
  });

  it.skipIf(!HAS_LATEX)(
    'compiles with nothing but booktabs: every sign there is, in a heading, a cell and a caption',
    () => {
      const signs = [...Object.keys(LATEX_SYMBOLS), ...Object.keys(SUPERSCRIPTS), ...Object.keys(SUBSCRIPTS)];
      const tables = Array.from({ length: Math.ceil(signs.length / 40) }, (_, i) =>
        latexTable(
          signs.slice(40 * i, 40 * i + 40).map((sign) => ({ 'sign ✓ Σ': `${sign}a${sign}${sign}` })),
        ),
      );
      const letters = 'ÀÉÎÕÜß àéîõü çñ ŷ Ł ő š ž æ ø å – “quoted” ‘so’ ¡¿ § ¶ © ® ª º ¹²³';
      const captioned = latexTable(
        {
          caption: signs.join(' '),
          headings: ['[', letters],
          headColumns: 0,
          body: [
            [
              { text: letters, isBest: true },
              { text: '[', note: '[85.45]' },
            ],
          ],
        },
        { label: labelOf('größe_1 #') },
      );
      expect(compile(...tables, captioned)).toEqual([]);
    },
  );

  it.skipIf(!HAS_LATEX)('would notice what does not compile', () => {
    expect(compile('Δ')).not.toEqual([]);
  });
});
