import { Command } from '@commander-js/extra-typings';
import { loadRules } from '../node/rules/load-rules.js';
import { software } from '../node/software.js';
import { dataCommand } from './data-command.js';
import { doctorCommand } from './doctor-command.js';
import { figureCommand } from './figure-command.js';
import { initCommand } from './init-command.js';
import { labCommand } from './lab-command.js';
import { notebooksCommand } from './notebooks-command.js';
import { predictCommand } from './predict-command.js';
import { rulesCommand } from './rules-command.js';
import { schemaCommand } from './schema-command.js';
import { siteCommand } from './site-command.js';
import { storeCommand } from './store-command.js';
import { studyCommand } from './study-command.js';
import { sweepCommand } from './sweep-command.js';
import { tableCommand } from './table-command.js';
import { trainCommand } from './train-command.js';
import { workerCommand } from './worker-command.js';

/**
/**
 * Loads what `--rules` of a command line names, before there are flags: those of `train` are the options of all rules.
 * @param words - after the program's name
 * @throws what `loadRules` throws
 */
export function loadNamedRules(words: readonly string[]): void {
  const files = words.flatMap((word, i) => {
    if (word.startsWith('--rules=')) return word.slice('--rules='.length);
    return word === '--rules' ? (words[i + 1] ?? []) : [];
  });
  loadRules(files);
}

/**
 * The command line: `xnorlab <init|train|sweep|worker|predict|store|study|table|figure|site|rules|schema|data|notebooks|lab|doctor>`.
 * Throws instead of ending the process.
 */
export function createProgram(): Command {
  const program = new Command('xnorlab')
    .description('Train binary neural networks without gradients.')
    .version(software().xnorlab)
    .showHelpAfterError('(xnorlab <command> --help lists the options)')
    .exitOverride();
  for (const command of [
    initCommand(),
    trainCommand(),
    sweepCommand(),
    workerCommand(),
    predictCommand(),
    storeCommand(),
    studyCommand(),
    tableCommand(),
    figureCommand(),
    siteCommand(),
    rulesCommand(),
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
