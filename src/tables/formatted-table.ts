import type { Row } from '../core/row.js';
import { htmlTable } from './html.js';
import { latexTable } from './latex.js';
import { markdownTable } from './markdown.js';
import type { TextCell, TextTable } from './text-table.js';

/** A table made up for people, with the rows that it was made from. A notebook shows it as a table. */
export class FormattedTable implements TextTable {
  readonly caption: string;
  readonly headings: readonly string[];
  readonly headColumns: number;
  readonly body: readonly (readonly TextCell[])[];
  /** What was rounded and laid out, with every digit. */
  readonly rows: readonly Row[];

  constructor({ caption, headings, headColumns, body }: TextTable, rows: readonly Row[]) {
    this.caption = caption;
    this.headings = headings;
    this.headColumns = headColumns;
    this.body = body;
    this.rows = rows;
  }

  toMarkdown(): string {
    return markdownTable(this);
  }

  /** Needs the package booktabs. @param label - for `\ref` */
  toLatex(label?: string): string {
    return latexTable(this, label === undefined ? {} : { label });
  }

  toHtml(): string {
    return htmlTable(this);
  }

  /** How a notebook shows it. */
  [Symbol.for('xnorlab.display')](): Readonly<Record<string, string>> {
    return { 'text/plain': this.toMarkdown(), 'text/html': this.toHtml() };
  }
}
