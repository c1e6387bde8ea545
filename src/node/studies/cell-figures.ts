import { readFileSync } from 'node:fs';
import { ArgumentError, DataError, XnorlabError } from '../../core/errors.js';
import type { Figure } from '../../figures/figure.js';
import { moduleLoader } from '../files/module-loader.js';

/** A code cell as the file of a notebook has it. */
interface Cell {
  readonly cell_type: string;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly source: string | readonly string[];
}

/**
 * Figures as the cells of a notebook draw them, so that the call of a builder stands in one place, where it is read. Of a cell with
 * the tag `figure:NAME` the figure NAME is what it shows. Such a cell is run by itself, with `show` and what is handed in: it
 * sees nothing of other cells and imports nothing.
 * @param notebook - its file
 * @param names - which figures
 * @param scope - what the cells use, by name: builders, and the rows that they draw
 * @returns by name; a figure whose rows are none yet is left out
 * @throws DataError for a file that is no notebook, a figure that no cell or several have, and a cell that shows no figure or
 *   uses what it was not given
 */
export function cellFigures(
  notebook: string,
  names: readonly string[],
  scope: Readonly<Record<string, unknown>>,
): Record<string, Figure> {
  const cells = codeCells(notebook);
  const drawn = names.map(
    (name) => [name, drawnBy(sourceOf(cells, name, notebook), name, notebook, scope)] as const,
  );
  return Object.fromEntries(drawn.filter((entry): entry is [string, Figure] => entry[1] !== undefined));
}

function codeCells(notebook: string): readonly Cell[] {
  try {
    const { cells } = JSON.parse(readFileSync(notebook, 'utf8')) as { readonly cells: readonly Cell[] };
    return cells.filter(({ cell_type }) => cell_type === 'code');
  } catch (cause) {
    throw new DataError(notebook, 'cannot be read as a notebook', { cause });
  }
}

function sourceOf(cells: readonly Cell[], name: string, notebook: string): string {
  const tag = `figure:${name}`;
  const found = cells.filter(({ metadata }) => metadata.tags?.includes(tag));
  if (found.length !== 1) {
    throw new DataError(
      notebook,
      `${found.length === 0 ? 'no cell has' : 'several cells have'} the tag ${tag}`,
    );
  }
  return [found[0].source].flat().join('');
}

/** @returns undefined where there are no rows to draw */
function drawnBy(
  source: string,
  name: string,
  notebook: string,
  scope: Readonly<Record<string, unknown>>,
): Figure | undefined {
  const shown: Figure[] = [];
  try {
    const code = `export default ({ ${['show', ...Object.keys(scope)].join(', ')} }) => {\n${source}\n};`;
    const loaded = moduleLoader(notebook).evalModule(code, { filename: `${notebook}.${name}.ts` });
    const { default: draw } = loaded as { readonly default: (given: object) => void };
    draw({ ...scope, show: (figure: Figure) => shown.push(figure) });
  } catch (error) {
    if (isWithoutRows(error)) return undefined;
    if (error instanceof XnorlabError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const known = ['show', ...Object.keys(scope)].join(', ');
    throw new DataError(notebook, `the cell of the figure ${name}: ${reason}; it has ${known}`, {
      cause: error,
    });
  }
  if (shown.length === 1) return shown[0];
  throw new DataError(notebook, `the cell of the figure ${name} shows ${shown.length} figures and not one`);
}

function isWithoutRows(error: unknown): boolean {
  if (!(error instanceof ArgumentError) || error.argument !== 'rows') return false;
  return Array.isArray(error.received) && error.received.length === 0;
}
