import type { Row } from '../core/row.js';
import type { Figure } from '../figures/figure.js';
import type { RunRecord } from '../records/record.js';
import type { FormattedTable } from '../tables/formatted-table.js';

/** Tables and figures of the runs of some sweeps, made from rows that can be stored instead of the runs. */
export interface Report {
  /** Also of its stored rows. */
  readonly name: string;
  readonly title: string;
  /** What is to be seen, for the reader of its page: Markdown, one line per paragraph. */
  readonly description: string;
  /** The sweeps that it is about, by the names of their files in configs/. */
  readonly sweeps: readonly string[];
  /** Folder under `results/` where their runs are kept. Default: the name. */
  readonly store?: string;
  /**
   * One row per run, or several, in an order that does not depend on the order of the runs.
   * @throws ArgumentError for a run that does not belong here, and two runs that differ in nothing that is shown
   */
  rows(records: readonly RunRecord[]): Row[];
  /**
   * By name. What was not run yet is a gap that the table or its caption shows.
   * @param rows - at least one
   * @throws ArgumentError for rows that are not of this report
   */
  tables(rows: readonly Row[]): Readonly<Record<string, FormattedTable>>;
  /**
   * By name.
   * @param rows - at least one
   * @throws ArgumentError for rows that are not of this report
   */
  figures(rows: readonly Row[]): Readonly<Record<string, Figure>>;
}

/** The command lines that train the runs of a report and make its tables, in turn. */
export function commandsOf({ name, sweeps, store: folder = name }: Report): string[] {
  const store = `results/${folder}`;
  return [
    ...sweeps.map((sweep) => `npx xnorlab sweep configs/${sweep}.yaml --store ${store}`),
    `npx xnorlab table ${name} --store ${store} --keep`,
  ];
}
