import { ArgumentError } from '../core/errors.js';
import { LATEX_SYMBOLS, SUBSCRIPTS, SUPERSCRIPTS } from './latex-symbols.js';
import { areNumbers, type Tabular, type TextCell, textTable } from './text-table.js';

/** `\label` of a table that has a caption. */
export interface LatexOptions {
  readonly label?: string;
}

/**
 * A LaTeX table with the rules of the package booktabs, which the document must load; nothing else is needed. With a
 * caption it is a `table` that floats, otherwise a bare `tabular`. All text is escaped; mathematical signs, Greek, arrows, raised
 * and lowered digits become commands of LaTeX itself (of 2020 or later). Letters with accents stay as they are, and so does
 * what is none of these, such as Chinese: that takes XeLaTeX or LuaLaTeX with a font that has it.
 * @param tabular - rows (a column for each name that occurs in any), or a formatted table
 * @throws ArgumentError when there are no rows, and for a label with characters that LaTeX does not refer to
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
    ...(label === undefined ? [] : [`  \\label{${checkLabel(label)}}`]),
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

/** Text that LaTeX sets as it reads. */
export function escapeLatex(text: string): string {
  // LaTeX takes no control characters, and an empty line for the end of a paragraph.
  const plainText = text.replace(/\s*\p{Cc}\s*/gu, ' ');
  return (
    // Two hyphens would become a dash, two apostrophes a quotation mark.
    [...plainText.replace(/([-'])(?=\1)/g, `$1${NOTHING}`)]
      .map((character) => (Object.hasOwn(LATEX_SYMBOLS, character) ? LATEX_SYMBOLS[character] : character))
      .join('')
      // A hyphen is too short for a minus; one between characters is none.
      .replace(/(?<![\w.-])-(?=[\d.])/g, '$$-$$')
      .replace(runOf(SUPERSCRIPTS), (raised) => `$^{${plain(raised, SUPERSCRIPTS)}}$`)
      .replace(runOf(SUBSCRIPTS), (lowered) => `$_{${plain(lowered, SUBSCRIPTS)}}$`)
  );
}

/** A space of no width, which becomes an empty group. */
const NOTHING = '\u200b';

function runOf(characters: Readonly<Record<string, string>>): RegExp {
  return new RegExp(`[${Object.keys(characters).join('')}]+`, 'gu');
}

function plain(text: string, characters: Readonly<Record<string, string>>): string {
  return [...text].map((character) => characters[character]).join('');
}

const LABEL = /^[A-Za-z0-9_.:+*/=@-]+$/;

function checkLabel(label: string): string {
  if (LABEL.test(label)) return label;
  throw new ArgumentError('label', 'letters, digits and _.:+*/=@- only, as LaTeX refers to it', label);
}

/** The label of a table that is kept under a name: `tab:NAME`, with a hyphen for what a label cannot hold. */
export function labelOf(name: string): string {
  return `tab:${name.replace(/[^A-Za-z0-9_.:+*/=@-]+/g, '-')}`;
}
