import { escapeHtml } from '../core/escape-html.js';
import { areNumbers, type Tabular, type TextCell, textTable } from './text-table.js';

/**
 * An HTML table, its caption below.
 * @param tabular - rows (a column for each name that occurs in any), or a formatted table
 * @throws ArgumentError when there are no rows
 */
export function htmlTable(tabular: Tabular): string {
  const table = textTable(tabular);
  const { caption, headings, headColumns, body } = table;
  // In every cell, as JupyterLab and the browser align headings differently.
  const aligned = areNumbers(table).map((isNumber) => `text-align: ${isNumber ? 'right' : 'left'}`);
  const head = headings.map((heading, i) => `<th style="${aligned[i]}">${escapeHtml(heading)}</th>`).join('');
  const rows = body.map((cells) => {
    const row = cells.map((cell, i) => {
      const tag = i < headColumns ? 'th' : 'td';
      return `<${tag} style="${aligned[i]}${wrapping(cell)}">${htmlContent(cell)}</${tag}>`;
    });
    return `<tr>${row.join('')}</tr>`;
  });
  const note = caption && `<p>${escapeHtml(caption)}</p>`;
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>${note}`;
}

/** Names like local-error stay on one line. */
function wrapping({ text }: TextCell): string {
  return /^[^\s-]+(-[^\s-]+)+$/.test(text) ? '; white-space: nowrap' : '';
}

function htmlContent({ text, isBest, note }: TextCell): string {
  // A mean stays on one line with its deviation.
  const unbroken = escapeHtml(text).replaceAll(' ± ', '&nbsp;±&nbsp;');
  const shown = isBest ? `<strong>${unbroken}</strong>` : unbroken;
  return note ? `${shown} ${escapeHtml(note)}` : shown;
}
