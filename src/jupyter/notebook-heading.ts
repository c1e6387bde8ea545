import { readFileSync } from 'node:fs';
import { DataError } from '../core/errors.js';

/** How a notebook introduces itself, as plain text. */
export interface NotebookHeading {
  /** Its first heading. */
  readonly title: string;
  /** The paragraph below that; empty for none. */
  readonly summary: string;
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

/**
 * Reads the heading of a notebook from its first cell.
 * @throws DataError for what is no notebook, or has no heading there
 */
export function notebookHeading(file: string): NotebookHeading {
  const [first] = cellsOf(file);
  const text = first?.cell_type === 'markdown' ? [first.source].flat().join('') : '';
  const [, title, rest] = /^# (.+)([\s\S]*)$/.exec(text.trim()) ?? [];
  if (title === undefined) throw new DataError(file, 'begins with no heading');
  const [summary] = rest.trim().split(/\n\s*\n/);
  return { title: plain(title), summary: plain(summary) };
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
