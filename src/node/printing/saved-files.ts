import path from 'node:path';
import { escapeHtml } from '../../core/escape-html.js';

/** Environment variable with the folder that links of a cell start from, where that is not the notebook's own. */
export const LINKS_VARIABLE = 'XNORLAB_LINKS_FROM';

/**
 * Paths of files that were written: an ordinary array, which a notebook shows as links that open them. They start from the
 * folder of the notebook, the working directory of its kernel.
 */
export function savedFiles(files: readonly string[]): string[] {
  const absolute = files.map((file) => path.resolve(file));
  const display = (): Readonly<Record<string, string>> => ({ 'text/html': links(absolute) });
  // Not enumerable: the array equals, prints and travels like any other.
  return Object.defineProperty([...files], Symbol.for('xnorlab.display'), { value: display });
}

/** A line for each name, with a link for each of its formats. */
function links(files: readonly string[]): string {
  const from = path.resolve(process.env[LINKS_VARIABLE] ?? '');
  const lines = new Map<string, string[]>();
  for (const file of files) {
    const parts = path.relative(from, file).split(path.sep);
    const { dir, base, name } = path.posix.parse(parts.join('/'));
    const link = `<a href="${parts.map(encodeURIComponent).join('/')}">${escapeHtml(base)}</a>`;
    const line = path.posix.join(dir, name);
    lines.set(line, [...(lines.get(line) ?? []), link]);
  }
  const shown = [...lines].map(([line, each]) => {
    const folder = path.posix.dirname(line);
    return `<div>${folder === '.' ? '' : `${escapeHtml(folder)}/ `}${each.join(' ')}</div>`;
  });
  return shown.join('\n');
}
