import { Command } from '@commander-js/extra-typings';
import { software } from '../node/software.js';
import { dataCommand } from './data-command.js';
import { doctorCommand } from './doctor-command.js';
import { figureCommand } from './figure-command.js';
import { labCommand } from './lab-command.js';
import { notebooksCommand } from './notebooks-command.js';
import { predictCommand } from './predict-command.js';
import { schemaCommand } from './schema-command.js';
import { siteCommand } from './site-command.js';
import { storeCommand } from './store-command.js';
import { studyCommand } from './study-command.js';
import { sweepCommand } from './sweep-command.js';
import { tableCommand } from './table-command.js';
import { trainCommand } from './train-command.js';
import { workerCommand } from './worker-command.js';

/**
 * The command line: `xnorlab <train|sweep|worker|predict|store|study|table|figure|site|schema|data|notebooks|lab|doctor>`.
 * Throws instead of ending the process.
 */
export function createProgram(): Command {
  const program = new Command('xnorlab')
    .description('Train binary neural networks without gradients.')
    .version(software().xnorlab)
    .showHelpAfterError('(xnorlab <command> --help lists the options)')
    .exitOverride();
  for (const command of [
    trainCommand(),
    sweepCommand(),
    workerCommand(),
    predictCommand(),
    storeCommand(),
    studyCommand(),
    tableCommand(),
    figureCommand(),
    siteCommand(),
    schemaCommand(),
    dataCommand(),
    notebooksCommand(),
    labCommand(),
    doctorCommand(),
  ]) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}
