import path from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { ArgumentError } from '../core/errors.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { resultPath } from '../node/files/folders.js';
import { saveTable } from '../node/printing/save-table.js';
import { reportPage } from '../reports/page.js';
import { keepRows } from '../reports/stored-rows.js';
import { collect, REPORT_NAMES, type RowSource, rowsOfReports } from './report-rows.js';

interface TableFlags extends RowSource {
  readonly to: string;
  readonly keep?: true | undefined;
}

/** `xnorlab table NAME|all`: makes the tables of a report, and a page with all of them. */
export function tableCommand(): Command {
  const command = new Command('table')
    .description('Make the tables of a report: a page NAME.md, and each table as Markdown, LaTeX and CSV.')
    .argument('<name>', REPORT_NAMES.join(', '))
    .option('--store <dir>', 'take the runs from this store; several times for several', collect, [])
    .option('--stored <dir>', 'folder of stored rows, used without --store (notebooks/stored)')
    .option('--to <dir>', 'folder that they go to', resultPath('tables'))
    .option(
      '--keep',
      'store the rows that they are made from, so that they can be made again without a store',
    );
  command.action(makeTables);
  return command as unknown as Command;
}

async function makeTables(name: string, { to, keep, ...source }: TableFlags): Promise<void> {
  if (keep && source.store.length === 0) {
    throw new ArgumentError('--store', 'a store whose rows are kept', undefined);
  }
  const made = rowsOfReports(name, source).map(({ report, rows, missing }) => {
    const tables = report.tables(rows);
    return { report, rows, missing, tables, page: reportPage(report, tables) };
  });
  for (const { report, rows, missing, tables, page } of made) {
    if (keep) process.stdout.write(`${await keepRows(report.name, rows, source.stored)}\n`);
    for (const [table, content] of Object.entries(tables)) {
      await saveTable(content, path.join(to, `${report.name}-${table}`));
    }
    const file = path.join(to, `${report.name}.md`);
    await writeFileAtomically(file, page);
    const gaps = missing > 0 ? `, runs missing in its sweeps: ${missing}` : '';
    process.stdout.write(`${file}: ${Object.keys(tables).length} tables of ${rows.length} rows${gaps}\n`);
  }
}
