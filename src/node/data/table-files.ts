import { basename } from 'node:path';

const TABLE = /\.(dat|data|arff)(\.gz)?$/;

/** What a table is part of, and which part: `iris-5-1tra`, `Iris_TRAIN`, `train`. */
const PART = /^(?:(.*)[-_.]|(.*\d))?(train|tra|test|tst)$/i;

/** Tables of one data set: one with all samples, or one for each part; which of them are there. */
export interface TableGroup {
  /** What their names begin with; empty for `train.dat`. */
  readonly name: string;
  readonly all?: string | undefined;
  readonly train?: string | undefined;
  readonly test?: string | undefined;
}

/** Whether a file is a table, by its name. */
export function isTable(file: string): boolean {
  return TABLE.test(file);
}

/** Tables as they belong together, by name; those that are there twice (`iris.dat`, `iris.arff`), as sets of their own. */
export function groupTables(files: readonly string[]): readonly TableGroup[] {
  const parts = files.map(describe);
  const names = [...new Set(parts.map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const of = (part: string): string[] =>
      parts.filter((one) => one.name === name && one.part === part).map(({ file }) => file);
    const [all, train, test] = ['all', 'train', 'test'].map(of);
    const pairs = Math.max(train.length, test.length);
    return [
      ...all.map((file): TableGroup => ({ name, all: file })),
      ...Array.from({ length: pairs }, (_, i): TableGroup => ({ name, train: train[i], test: test[i] })),
    ];
  });
}

function describe(file: string): { readonly file: string; readonly name: string; readonly part: string } {
  const stem = basename(file).replace(TABLE, '');
  const [, before, numbered, part] = PART.exec(stem) ?? [];
  if (part === undefined) return { file, name: stem, part: 'all' };
  return { file, name: before ?? numbered ?? '', part: /^tra/i.test(part) ? 'train' : 'test' };
}
