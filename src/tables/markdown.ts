import { areNumbers, type Tabular, type TextCell, textTable } from './text-table.js';

/**
 * A Markdown table, its caption below.
 * @param tabular - rows (a column for each name that occurs in any), or a formatted table
 * @throws ArgumentError when there are no rows
 */
export function markdownTable(tabular: Tabular): string {
  const table = textTable(tabular);
  const lines = [
    table.headings.map(escapeMarkdown),
    areNumbers(table).map((isNumber) => (isNumber ? '---:' : '---')),
    ...table.body.map((cells) => cells.map(markdownCell)),
  ];
  const caption = table.caption && `\n${escapeMarkdown(table.caption)}\n`;
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('') + caption;
}

function markdownCell({ text, isBest, note }: TextCell): string {
  const shown = isBest ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text);
  return note ? `${shown} ${escapeMarkdown(note)}` : shown;
}

/** What would begin an element or an entity of HTML, end a cell, or lead somewhere is written so that it is read as it is. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/<(?=[A-Za-z/!?])/g, '&lt;')
    .replace(/\\(?=[|\\\]])|\|/g, '\\$&')
    .replaceAll('](', ']\\(');
}
