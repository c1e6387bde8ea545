import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DataError } from '../../core/errors.js';
import { type Figure, figureJson } from '../../figures/figure.js';
import { figureMark } from '../printing/marked-svg.js';

type Text = string | readonly string[];

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: Text;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface Cell {
  readonly cell_type: string;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly source: Text;
  readonly outputs?: readonly Output[];
}

/** What of a notebook's file we read; everything else stays as it is. */
interface Notebook {
  readonly metadata: { readonly xnorlab?: { readonly outputsOf?: string } };
  readonly cells: readonly Cell[];
}

const PLOTLY = 'application/vnd.plotly.v1+json';

/** Tag of cells whose outputs are not kept, as they are of the machine: times. */
const NOT_KEPT = 'not-kept';

/**
 * A notebook as it is committed: its own code and text with what an executed copy of it shows, so that readers see figures and
 * tables where nothing runs, as on GitHub. Kept are images of figures, tables, and what is printed; not what is large, runs
 * scripts, or differs the next time: interactive figures, progress, links to files that were saved, execution counts, and what cells
 * with the tag `not-kept` show.
 * @param notebook - its file; not changed
 * @param executed - the executed copy
 * @param draw - makes a small PNG
 * @returns the text of the file, with `outputsMark` in it
 * @throws DataError when the copy is of other code, or a cell has printed to stderr or failed
 */
export async function withKeptOutputs(
  notebook: string,
  executed: string,
  draw: (figure: Figure) => Promise<Buffer>,
): Promise<string> {
  const [content, copy] = [readNotebook(notebook), readNotebook(executed)];
  const isSame = (cell: Cell, i: number): boolean => textOf(cell.source) === textOf(copy.cells[i]?.source);
  if (content.cells.length !== copy.cells.length || !content.cells.every(isSame)) {
    throw new DataError(executed, `is not of the cells in ${notebook}: execute it again`);
  }
  const cells = await Promise.all(
    content.cells.map(async (cell, i) => {
      if (cell.cell_type !== 'code') return cell;
      const all = cell.metadata.tags?.includes(NOT_KEPT) ? [] : copy.cells[i].outputs;
      const kept = (all ?? []).map((output) => keptOutput(output, executed, draw));
      const outputs = (await Promise.all(kept)).filter((output) => output !== undefined);
      return { ...cell, execution_count: null, outputs };
    }),
  );
  const metadata = { ...content.metadata, xnorlab: { outputsOf: outputsMark(notebook) } };
  return `${JSON.stringify({ ...content, cells, metadata }, undefined, 1)}\n`;
}

/** A hash of what the outputs of a notebook are made of: the code of its cells and the rows that are kept beside it, `rows/*.jsonl`. */
export function outputsMark(notebook: string): string {
  const code = readNotebook(notebook).cells.filter(({ cell_type }) => cell_type === 'code');
  const hash = createHash('sha256').update(JSON.stringify(code.map(({ source }) => textOf(source))));
  const rows = path.join(path.dirname(notebook), 'rows');
  const files = existsSync(rows) ? readdirSync(rows).filter((file) => file.endsWith('.jsonl')) : [];
  for (const file of files.sort()) hash.update(file).update(readFileSync(path.join(rows, file)));
  return hash.digest('hex');
}

/** What is kept of which figure it is: the same before and after it went through a notebook, which sorts its parts. */
export function keptFigureMark(figure: Figure): string {
  const sorted = JSON.parse(figureJson(figure), (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  ) as Figure;
  return figureMark(sorted);
}

/** Whether the outputs that a notebook was committed with are those of its code and rows. */
export function hasCurrentOutputs(notebook: string): boolean {
  return readNotebook(notebook).metadata.xnorlab?.outputsOf === outputsMark(notebook);
}

async function keptOutput(
  { output_type, name, text, data }: Output,
  file: string,
  draw: (figure: Figure) => Promise<Buffer>,
): Promise<Output | undefined> {
  if (output_type === 'stream' && name === 'stdout') return { output_type, name, text: text ?? '' };
  if (data === undefined) throw new DataError(file, `has an output that cannot be kept: ${textOf(text)}`);
  const html = textOf(data['text/html'] as Text | undefined);
  const plain = { 'text/plain': data['text/plain'] };
  const shown = (kept: Readonly<Record<string, unknown>>, metadata = {}): Output => ({
    output_type: 'display_data',
    metadata,
    data: kept,
  });
  if (PLOTLY in data) {
    const figure = data[PLOTLY] as Figure;
    const png = await draw(figure);
    return shown(
      { 'image/png': png.toString('base64'), ...plain },
      { xnorlab: { figure: keptFigureMark(figure) } },
    );
  }
  if (html.includes('<a href=')) return undefined;
  if (html === '' || html.startsWith('<progress ')) return shown(plain);
  return shown({ 'text/html': data['text/html'], ...plain });
}

function readNotebook(file: string): Notebook {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Notebook;
  } catch (cause) {
    throw new DataError(file, 'is no notebook that can be read', { cause });
  }
}

function textOf(text: Text | undefined): string {
  return [text ?? ''].flat().join('');
}
