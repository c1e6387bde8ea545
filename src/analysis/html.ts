import { escapeHtml } from '../bits/escape-html.js';
import { type Tabular, type TextCell, textTable } from './text-table.js';

/**
 * An HTML table, its caption below.
 * @param tabular - rows, with columns in the order of the first row's keys, or a formatted table
 * @throws ArgumentError when there are no rows
 */
export function htmlTable(tabular: Tabular): string {
  const { caption, headings, headColumns, body } = textTable(tabular);
  const head = headings.map((heading) => `<th>${escapeHtml(heading)}</th>`).join('');
  const rows = body.map(
    (cells) => `<tr>${cells.map((cell, i) => htmlCell(cell, i < headColumns)).join('')}</tr>`,
  );
  const note = caption && `<p>${escapeHtml(caption)}</p>`;
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>${note}`;
}

function htmlCell({ text, isNumber, isBest, note }: TextCell, isHeading: boolean): string {
  const tag = isHeading ? 'th' : 'td';
  const shown = isBest ? `<strong>${escapeHtml(text)}</strong>` : escapeHtml(text);
  const noted = note ? `${shown} ${escapeHtml(note)}` : shown;
  return `<${tag} style="text-align: ${isNumber ? 'right' : 'left'}">${noted}</${tag}>`;
}
