import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { writeOut } from '../node/printing/terminal.js';
import { collect, type DrawFlags, drawnStudies, namedStudies, saveTables } from './drawn-studies.js';

/** `xnorlab table NAME`: makes the tables of a study, and a page with all of them. */
export function tableCommand(): CommandUnknownOpts {
  const command = new Command('table')
    .description('Make the tables of studies: a page RESULTS.md, and each table as Markdown, LaTeX and CSV.')
    .argument('[names...]', 'names of studies: `xnorlab study` lists them')
    .option('--all', 'of all studies')
    .option('--store <dir>', 'take the runs from this store; several times for several', collect, [])
    .option('--to <dir>', 'folder that they go to (results/, in a folder called like that of the study)');
  command.action(makeTables);
  return command;
}

async function makeTables(names: readonly string[], flags: DrawFlags): Promise<void> {
  for (const drawn of drawnStudies(await namedStudies(names, flags.all), flags)) {
    writeOut(await saveTables(drawn));
  }
}
