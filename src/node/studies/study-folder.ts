import { existsSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError, DataError } from '../../core/errors.js';
import type { Row } from '../../core/row.js';
import type { Figure } from '../../figures/figure.js';
import type { RunRecord } from '../../records/record.js';
import { type StudyTables, studyPage } from '../../studies/page.js';
import type { Study, StudyPart } from '../../studies/study.js';
import type { FormattedTable } from '../../tables/formatted-table.js';
import type { SweepSpec } from '../../training/sweep/spec.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { resultPath } from '../files/folders.js';
import { markedSvg } from '../printing/marked-svg.js';
import { openStore } from '../store/run-store.js';
import { type NamedSweep, readSweep } from '../sweep/read-sweep.js';
import { keepRows, keptRows } from './kept-rows.js';

/** Rows of the parts of a study that have any. */
export type StudyRows = Readonly<Record<string, readonly Row[]>>;

/** A study and the folder that it lies in. */
export class StudyFolder {
  /** @param folder - absolute */
  constructor(
    readonly name: string,
    readonly folder: string,
    readonly study: Study,
  ) {}

  /** The folder of results of this study, named like its own: `results/02-comparison`. */
  get results(): string {
    return resultPath(path.basename(this.folder));
  }

  /** Where its runs are stored unless told otherwise. */
  get store(): string {
    return path.join(this.results, 'store');
  }

  /** The page that is kept beside the rows. */
  get pageFile(): string {
    return path.join(this.folder, 'RESULTS.md');
  }

  /**
   * Its sweeps, one after the other, or those of one part; each once.
   * @throws ArgumentError for a part that there is not, and for what is wrong in a sweep
   */
  sweeps(part?: string): NamedSweep[] {
    const parts = part === undefined ? Object.values(this.study.parts) : [this.#part(part)];
    const sweeps = [...new Set(parts.flatMap((each) => each.sweeps))];
    return sweeps.map((each) =>
      typeof each === 'string' ? readSweep(path.join(this.folder, each)) : named(each),
    );
  }

  /**
   * The rows that are kept of a part.
   * @param part - default: the only one
   * @throws ArgumentError for a part that there is not
   * @throws DataError when there are none, or their file is damaged
   */
  rows(part?: string): Row[] {
    return keptRows(this.#rowsFile(part ?? this.#onlyPart()));
  }

  /** The rows that are kept of every part; parts without are left out. @throws DataError for a damaged file */
  allRows(): StudyRows {
    const kept = Object.keys(this.study.parts).filter((part) => existsSync(this.#rowsFile(part)));
    return Object.fromEntries(kept.map((part) => [part, this.rows(part)]));
  }

  /**
   * Tables of the rows that are kept of a part, by name.
   * @param part - default: the only one
   * @throws what `rows` throws, and what the study does for rows that are not of this part
   */
  tables(part: string = this.#onlyPart()): Readonly<Record<string, FormattedTable>> {
    return this.#part(part).tables?.(this.rows(part)) ?? {};
  }

  /** Figures of the rows that are kept of a part, by name. Default and errors as those of `tables`. */
  figures(part: string = this.#onlyPart()): Readonly<Record<string, Figure>> {
    return this.#part(part).figures?.(this.rows(part)) ?? {};
  }

  /**
   * Rows of the runs of its sweeps that have finished; of a run that several stores or sweeps have, the first.
   * @param stores - folders
   * @throws DataError for what is no store; what the study throws for runs that do not belong
   */
  rowsOf(stores: readonly string[]): { readonly rows: StudyRows; readonly missing: number } {
    const found = Object.entries(this.study.parts).map(([name, part]) => {
      const { records, missing } = recordsOf(stores, this.sweeps(name));
      return { name, rows: records.length > 0 ? part.rows(records) : [], missing };
    });
    const rows = found.filter((part) => part.rows.length > 0).map((part) => [part.name, part.rows]);
    return {
      rows: Object.fromEntries(rows) as StudyRows,
      missing: found.reduce((sum, { missing }) => sum + missing, 0),
    };
  }

  /**
   * Keeps the rows of the runs in a store beside the study, and the page of all rows that are kept.
   * @param store - default: that of the study
   * @throws DataError when none of its runs has finished there
   */
  async keep(store: string = this.store): Promise<void> {
    const { rows } = this.rowsOf([store]);
    if (Object.keys(rows).length === 0)
      throw new DataError(store, `no finished runs of the study ${this.name}`);
    await this.keepRows(rows);
  }

  /** The picture that opens the page. */
  get pictureFile(): string {
    return path.join(this.folder, 'RESULTS.svg');
  }

  /** The figure that opens the page. @returns undefined where the study names none, or its rows are not there yet */
  mainFigure(rows: StudyRows): Figure | undefined {
    const { main } = this.study;
    const own = main && rows[main.part];
    return own && this.#part(main.part).figures?.(own)[main.figure];
  }

  /**
   * Keeps these rows, and of all rows that are kept the page and the picture that opens it.
   * @returns the files, the page last
   * @throws EnvironmentError where there is a picture and no browser to draw it
   */
  async keepRows(rows: StudyRows): Promise<string[]> {
    for (const [part, own] of Object.entries(rows)) await keepRows(this.#rowsFile(part), own);
    const figure = this.mainFigure(this.allRows());
    if (figure) await writeFileAtomically(this.pictureFile, await markedSvg(figure));
    await writeFileAtomically(this.pageFile, this.page(this.tablesOf(this.allRows())));
    return [...Object.keys(rows).map((part) => this.#rowsFile(part)), this.pageFile];
  }

  /** Tables of these rows. @throws what the study does for rows that are not of their part */
  tablesOf(rows: StudyRows): StudyTables {
    return Object.fromEntries(
      Object.entries(rows).map(([part, own]) => [part, this.#part(part).tables?.(own) ?? {}]),
    );
  }

  /** Figures of these rows, by part and name. @throws what the study does for rows that are not of their part */
  figuresOf(rows: StudyRows): Readonly<Record<string, Readonly<Record<string, Figure>>>> {
    return Object.fromEntries(
      Object.entries(rows).map(([part, own]) => [part, this.#part(part).figures?.(own) ?? {}]),
    );
  }

  /** A page of Markdown with these tables. */
  page(tables: StudyTables): string {
    return studyPage(this.name, this.study, tables);
  }

  #rowsFile(part: string): string {
    this.#part(part);
    return path.join(this.folder, 'rows', `${part}.jsonl`);
  }

  #part(name: string): StudyPart {
    const { parts } = this.study;
    if (Object.hasOwn(parts, name)) return parts[name];
    throw new ArgumentError('part', `one of ${Object.keys(parts).join(', ')}`, name);
  }

  #onlyPart(): string {
    const [first, ...others] = Object.keys(this.study.parts);
    if (others.length === 0) return first;
    throw new ArgumentError('part', `one of ${[first, ...others].join(', ')}`, undefined);
  }
}

function named(sweep: SweepSpec): NamedSweep {
  if (sweep.name !== undefined) return { ...sweep, name: sweep.name };
  throw new ArgumentError('name', 'the name of a sweep that is no file', undefined);
}

function recordsOf(
  stores: readonly string[],
  sweeps: readonly NamedSweep[],
): { records: RunRecord[]; missing: number } {
  const found = new Map<string, RunRecord | undefined>();
  for (const folder of stores) {
    const store = openStore(folder);
    try {
      for (const run of sweeps.flatMap(({ name }) => store.runs({ sweep: name }))) {
        found.set(run.key, found.get(run.key) ?? (run.status === 'finished' ? run.record : undefined));
      }
    } finally {
      store.close();
    }
  }
  const records = [...found.values()].filter((record) => record !== undefined);
  return { records, missing: found.size - records.length };
}
