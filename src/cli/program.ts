import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { packageVersion } from '../node/software.js';

/** All commands, each loaded when it is asked for: none pays for what another needs. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandUnknownOpts>>> = {
  init: async () => (await import('./init-command.js')).initCommand(),
  train: async () => (await import('./train-command.js')).trainCommand(),
  sweep: async () => (await import('./sweep-command.js')).sweepCommand(),
  worker: async () => (await import('./worker-command.js')).workerCommand(),
  queue: async () => (await import('./queue-command.js')).queueCommand(),
  predict: async () => (await import('./predict-command.js')).predictCommand(),
  export: async () => (await import('./export-command.js')).exportCommand(),
  store: async () => (await import('./store-command.js')).storeCommand(),
  dashboard: async () => (await import('./dashboard-command.js')).dashboardCommand(),
  study: async () => (await import('./study-command.js')).studyCommand(),
  table: async () => (await import('./table-command.js')).tableCommand(),
  figure: async () => (await import('./figure-command.js')).figureCommand(),
  live: async () => (await import('./live-command.js')).liveCommand(),
  site: async () => (await import('./site-command.js')).siteCommand(),
  rules: async () => (await import('./rules-command.js')).rulesCommand(),
  schema: async () => (await import('./schema-command.js')).schemaCommand(),
  data: async () => (await import('./data-command.js')).dataCommand(),
  notebooks: async () => (await import('./notebooks-command.js')).notebooksCommand(),
  lab: async () => (await import('./lab-command.js')).labCommand(),
  add: async () => (await import('./add-command.js')).addCommand(),
  doctor: async () => (await import('./doctor-command.js')).doctorCommand(),
};

/**
 * Loads what `--rules` of a command line names, before there are flags: those of `train` are the options of all rules.
 * @param words - after the program's name
 * @throws what `loadRules` throws
 */
export async function loadNamedRules(words: readonly string[]): Promise<void> {
  const files = words.flatMap((word, i) => {
    if (word.startsWith('--rules=')) return word.slice('--rules='.length);
    return word === '--rules' ? (words[i + 1] ?? []) : [];
  });
  if (files.length === 0) return;
  const { loadRules } = await import('../node/rules/load-rules.js');
  loadRules(files);
}

/**
 * The command line: `xnorlab <init|train|sweep|worker|queue|predict|export|store|dashboard|study|table|figure|live|site|rules|schema|data|notebooks|lab|add|doctor>`.
 * Throws instead of ending the process.
 * @param words - after the program's name; only the command that they begin with is loaded, if there is one. Default: all are.
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const program = new Command('xnorlab')
    .description('Train binary neural networks without gradients.')
    .version(packageVersion())
    .showHelpAfterError('(xnorlab <command> --help lists the options)')
    .exitOverride();
  for (const name of commandsFor(words)) {
    const command = await COMMANDS[name]();
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}

function commandsFor([first]: readonly string[]): string[] {
  if (first === '--version' || first === '-V') return [];
  return first !== undefined && Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS);
}
