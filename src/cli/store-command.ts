import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError } from '../core/errors.js';
import { largest } from '../core/extremes.js';
import { writeOut } from '../node/printing/terminal.js';
import { checkStore, repairStore, type StoreRepair } from '../node/store/repair.js';
import { openStore, type RunStore } from '../node/store/run-store.js';
import { type MeanOfRuns, type StoreGroup, storeGroups } from './store-groups.js';

/** `xnorlab store <dir>`: says what a run store holds, group by group, or exports it. */
export function storeCommand(): CommandUnknownOpts {
  const command = new Command('store')
    .description('Say what a run store holds, over seeds, or export it.')
    .argument('<dir>', 'the folder of the store')
    .option('--check', 'say what is damaged, and what of it is whole; exit 1 if anything is')
    .option('--repair', 'make the store anew of what is whole; as it was it is kept in a folder in it')
    .option('--remove <keys...>', 'forget these runs, so that their sweep trains them anew')
    .option('--export <format>', 'csv or parquet: write runs, epochs, layers and sweeps to --to')
    .option('--to <dir>', 'folder that is exported to')
    .option('--defuse-formulas', 'csv: an apostrophe before texts that a spreadsheet would take for formulas')
    .option('--json', 'print one JSON document on stdout and nothing else there');
  command.action(async (folder, { export: format, to, json, defuseFormulas, check, repair, remove }) => {
    const asked = { check, repair, remove, export: format };
    const [first, second] = Object.entries(asked).filter(([, value]) => value !== undefined);
    if (second) throw new ArgumentError(`--${second[0]}`, `nothing beside --${first[0]}`, second[1]);
    if (defuseFormulas && format !== 'csv')
      throw new ArgumentError('--defuse-formulas', '--export csv', format);
    if (check ?? repair) {
      const report = repair ? repairStore(folder) : checkStore(folder);
      writeOut(json ? document(report) : reportInWords(report));
      if (check && report.damages.length > 0) process.exitCode = 1;
      return;
    }
    if (remove) {
      await removeRuns(folder, remove);
      writeOut(json ? document({ removed: remove }) : `${remove.length} runs removed from ${folder}\n`);
      return;
    }
    const exporter = exporterOf(format, to, defuseFormulas);
    const store = openStore(folder);
    try {
      if (exporter) {
        const files = await exporter(store);
        writeOut(json ? document({ files }) : files.map((file) => `${file}\n`).join(''));
      } else {
        const contents = summary(store);
        writeOut(json ? document(contents) : inWords(contents));
      }
    } finally {
      store.close();
    }
  });
  return command;
}

function exporterOf(
  format: string | undefined,
  to: string | undefined,
  defuseFormulas: true | undefined,
): ((store: RunStore) => Promise<string[]>) | undefined {
  if (format === undefined && to === undefined) return undefined;
  if (to === undefined) throw new ArgumentError('to', 'a folder to export to', to);
  switch (format) {
    case 'csv':
      return (store) => store.exportCsv(to, { defuseFormulas });
    case 'parquet':
      return (store) => store.exportParquet(to);
    default:
      throw new ArgumentError('export', 'csv or parquet', format);
  }
}

/** All or none. */
async function removeRuns(folder: string, keys: readonly string[]): Promise<void> {
  const store = openStore(folder);
  try {
    const missing = keys.find((key) => store.find(key) === undefined);
    if (missing !== undefined) throw new ArgumentError('--remove', 'keys of runs of this store', missing);
    await store.write(async (writer) => {
      for (const key of new Set(keys)) writer.remove(key);
    });
  } finally {
    store.close();
  }
}

/** Damaged places that are told one by one; JSON has all. */
const TOLD_DAMAGES = 50;

function reportInWords({
  folder,
  damages,
  whole,
  untrained,
  lost,
  unchecked,
  original,
}: StoreRepair): string {
  const lines = [
    damages.length === 0
      ? `${folder}: nothing is damaged, ${whole.length} runs`
      : `${folder}: ${damages.length} damaged places; ${whole.length} runs are whole`,
    ...damages.slice(0, TOLD_DAMAGES).map(({ place, problem }) => `  ${place}: ${problem}`),
    ...(damages.length > TOLD_DAMAGES ? [`  and ${damages.length - TOLD_DAMAGES} more`] : []),
    ...untrained.map(
      (key) => `run ${key}: its configuration is whole, its outcome is not: to be trained again`,
    ),
    ...lost.map((key) => `run ${key}: lost`),
    ...(unchecked > 0
      ? [`${unchecked} rows have no checksums, being older than them: of these only the form was checked`]
      : []),
    ...(original === undefined ? [] : [`repaired; as it was, the store is in ${original}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

interface Summary {
  readonly folder: string;
  readonly finished: number;
  readonly unfinished: number;
  readonly failed: number;
  readonly epochs: number;
  readonly sweeps: readonly object[];
  readonly groups: readonly StoreGroup[];
  readonly failures: readonly object[];
}

function summary(store: RunStore): Summary {
  const [counts] = store.query(
    `SELECT
       count(*) FILTER (WHERE status = 'finished') AS finished,
       count(*) FILTER (WHERE status = 'unfinished') AS unfinished,
       count(*) FILTER (WHERE status = 'failed') AS failed,
       (SELECT count(*) FROM epochs) AS epochs
     FROM runs`,
  ) as unknown as [Pick<Summary, 'finished' | 'unfinished' | 'failed' | 'epochs'>];
  return {
    folder: store.folder,
    ...counts,
    sweeps: store.query(
      `SELECT sweep, count(*) AS runs, count(*) FILTER (WHERE status = 'finished') AS finished
       FROM sweepRuns JOIN runs ON runs.id = run GROUP BY sweep ORDER BY min(sweepRuns.rowid)`,
    ),
    groups: storeGroups(store),
    failures: store.query(
      `SELECT key, rule, dataset, layers, seed, errorName, errorMessage
       FROM runs WHERE status = 'failed' ORDER BY id`,
    ),
  };
}

function inWords({
  folder,
  finished,
  unfinished,
  failed,
  epochs,
  sweeps,
  groups,
  failures,
}: Summary): string {
  return [
    `${folder}: ${finished} runs finished, ${unfinished} unfinished, ${failed} failed; ${epochs} epochs\n`,
    ...[sweeps, groups.map(groupInWords), failures]
      .filter((rows) => rows.length > 0)
      .map((rows) => `\n${columns(rows)}`),
  ].join('');
}

/** Accuracies as mean ± standard deviation over seeds. */
function groupInWords({ options, runs, validation, test, isBest }: StoreGroup): object {
  return {
    ...options,
    runs,
    validation: validation && spread(validation),
    test: spread(test),
    '': isBest ? 'best on validation data' : '',
  };
}

function spread({ mean, standardDeviation }: MeanOfRuns): string {
  return standardDeviation === null
    ? mean.toFixed(2)
    : `${mean.toFixed(2)} ± ${standardDeviation.toFixed(2)}`;
}

/** Rows under their names, in columns. */
function columns(rows: readonly object[]): string {
  const lines = [Object.keys(rows[0]), ...rows.map((row) => Object.values(row).map(text))];
  const widths = lines[0].map((_, i) => largest(lines.map((line) => line[i].length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((entry, i) => entry.padEnd(widths[i]))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function text(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(2);
  return String(value ?? '–').replaceAll('\n', ' ');
}

function document(content: object): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
