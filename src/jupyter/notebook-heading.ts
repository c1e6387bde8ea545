import { readFileSync } from 'node:fs';
import { DataError } from '../core/errors.js';

/** How a notebook introduces itself, as plain text. */
export interface NotebookHeading {
  /** Its first heading. */
  readonly title: string;
  /** The paragraph below that; empty for none. */
  readonly summary: string;
  /** What it found: the first two bold sentences below its heading `Verdict`, else the first paragraph there; empty for none. */
  readonly verdict: string;
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

/**
 * Reads the heading of a notebook from its first cell, and its verdict.
 * @throws DataError for what is no notebook, or has no heading there
 */
export function notebookHeading(file: string): NotebookHeading {
  const cells = cellsOf(file);
  const [first] = cells;
  const text = markdownOf(first).trim();
  const [, title, rest] = /^# (.+)([\s\S]*)$/.exec(text) ?? [];
  if (title === undefined) throw new DataError(file, 'begins with no heading');
  const [summary] = rest.trim().split(/\n\s*\n/);
  return { title: plain(title), summary: plain(summary), verdict: verdictOf(cells) };
}

function verdictOf(cells: readonly Cell[]): string {
  const [, section = ''] =
    /^## Verdict\n([\s\S]*?)(?=\n## |$(?![\s\S]))/m.exec(cells.map(markdownOf).join('\n\n')) ?? [];
  const sentences = section.match(/\*\*[^*]+[.?!]\*\*/g);
  return plain(sentences?.slice(0, 2).join(' ') ?? section.trim().split(/\n\s*\n/)[0]);
}

function markdownOf(cell: Cell | undefined): string {
  return cell?.cell_type === 'markdown' ? [cell.source].flat().join('') : '';
}

function cellsOf(file: string): readonly Cell[] {
  try {
    const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { cells?: unknown };
    if (Array.isArray(cells)) return cells as Cell[];
  } catch (cause) {
    throw new DataError(file, 'is no notebook that can be read', { cause });
  }
  throw new DataError(file, 'has no cells');
}

/** Without the marks of Markdown that occur in prose. */
function plain(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
