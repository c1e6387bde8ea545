import type { Row } from '../core/row.js';
import type { Figure } from '../figures/figure.js';
import type { RunRecord } from '../records/record.js';
import type { FormattedTable } from '../tables/formatted-table.js';
import type { SweepSpec } from '../training/sweep/spec.js';

/**
 * One argument: runs, the rows that are kept of them, and what is drawn from those. A study is a folder with a file
 * `study.ts` whose default export this is; its sweeps, rows and notebook lie beside it.
 */
export interface Study {
  readonly title: string;
  /** What is to be seen, for the reader of its page: Markdown, one line per paragraph. */
  readonly description: string;
  /** The figure that opens its page, drawn beside it as `RESULTS.svg` when rows are kept. Default: none. */
  readonly main?: { readonly part: string; readonly figure: string };
  /** By name: the rows of `NAME` are kept in `rows/NAME.jsonl`, its tables and figures are called `NAME-…`. */
  readonly parts: Readonly<Record<string, StudyPart>>;
}

/** Tables and figures of the runs of some sweeps, made from rows that are kept instead of the runs. */
export interface StudyPart {
  /** Heading in the page of a study of several parts. */
  readonly title?: string;
  /** What this part adds: Markdown, one line per paragraph. */
  readonly description?: string;
  /** What is run: files beside `study.ts`, YAML or JSON, or sweeps themselves, which then have a `name`. */
  readonly sweeps: readonly (string | SweepSpec)[];
  /**
   * One row per run, or several, in an order that does not depend on the order of the runs. All have the same columns.
   * @param records - at least one
   * @throws ArgumentError for a run that does not belong here, and two runs that differ in nothing that is shown
   */
  rows(records: readonly RunRecord[]): Row[];
  /**
   * By name. What was not run yet is a gap that the table or its caption shows.
   * @param rows - at least one
   * @throws ArgumentError for rows that are not of this part
   */
  tables?(rows: readonly Row[]): Readonly<Record<string, FormattedTable>>;
  /**
   * By name.
   * @param rows - at least one
   * @throws ArgumentError for rows that are not of this part
   */
  figures?(rows: readonly Row[]): Readonly<Record<string, Figure>>;
}
