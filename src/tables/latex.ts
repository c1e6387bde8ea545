import { areNumbers, type Tabular, type TextCell, textTable } from './text-table.js';

/** `\label` of a table that has a caption. */
export interface LatexOptions {
  readonly label?: string;
}

/**
 * A LaTeX table with the rules of the package booktabs, which the document must load; nothing else is needed. With a
 * caption it is a `table` that floats, otherwise a bare `tabular`. All text is escaped. Letters beyond ASCII stay as
 * they are, which the engine must know; ±, ×, −, –, … and Greek need no package.
 * @param tabular - rows (a column for each name that occurs in any), or a formatted table
 * @throws ArgumentError when there are no rows
 */
export function latexTable(tabular: Tabular, { label }: LatexOptions = {}): string {
  const table = textTable(tabular);
  const alignment = areNumbers(table).map((isNumber) => (isNumber ? 'r' : 'l'));
  const content = [
    `\\begin{tabular}{${alignment.join('')}}`,
    '  \\toprule',
    latexLine(table.headings.map(escapeLatex)),
    '  \\midrule',
    ...table.body.map((cells) => latexLine(cells.map(latexCell))),
    '  \\bottomrule',
    '\\end{tabular}',
  ];
  if (!table.caption) return lines(content);
  return lines([
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${escapeLatex(table.caption)}}`,
    ...(label === undefined ? [] : [`  \\label{${label}}`]),
    ...content.map((line) => `  ${line}`),
    '\\end{table}',
  ]);
}

function latexLine(cells: readonly string[]): string {
  return `  ${cells.join(' & ')} \\\\`;
}

function latexCell({ text, isBest, note }: TextCell): string {
  const shown = isBest ? `\\textbf{${escapeLatex(text)}}` : escapeLatex(text);
  return note ? `${shown} ${escapeLatex(note)}` : shown;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

const GREEK = [
  ...[
    'alpha',
    'beta',
    'gamma',
    'delta',
    'varepsilon',
    'zeta',
    'eta',
    'theta',
    'iota',
    'kappa',
    'lambda',
    'mu',
  ],
  ...['nu', 'xi', 'o', 'pi', 'rho', 'varsigma', 'sigma', 'tau', 'upsilon', 'varphi', 'chi', 'psi', 'omega'],
];

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '|': '\\textbar{}',
  '<': '$<$',
  '>': '$>$',
  // Taken for an option after the end of a line.
  '[': '{[}',
  ']': '{]}',
  '\n': ' ',
  '±': '$\\pm$',
  '×': '$\\times$',
  '·': '$\\cdot$',
  '−': '$-$',
  '–': '--',
  '—': '---',
  '…': '\\ldots{}',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
  '→': '$\\rightarrow$',
  ...Object.fromEntries(
    GREEK.map((name, i) => [String.fromCodePoint(0x3b1 + i), name === 'o' ? 'o' : `$\\${name}$`]),
  ),
};

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Text that LaTeX sets as it reads. */
export function escapeLatex(text: string): string {
  return (
    [...text]
      .map((character) => (Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : character))
      .join('')
      // A hyphen is too short for a minus; one between characters is none.
      .replace(/(?<![\w.-])-(?=[\d.])/g, '$$-$$')
      .replace(/⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (digits) => `$^{${[...digits].map(superscript).join('')}}$`)
  );
}

function superscript(character: string): string {
  return character === '⁻' ? '-' : String(SUPERSCRIPTS.indexOf(character));
}
