import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { openLab } from '../jupyter/lab.js';
import { tell } from '../node/printing/terminal.js';

/** `xnorlab lab`: sets Jupyter up where it is missing, and opens JupyterLab on a folder with our kernel ready. */
export function labCommand(): CommandUnknownOpts {
  const command = new Command('lab')
    .usage('[folder] [options of jupyter lab...]')
    .description('Open JupyterLab on a folder or notebook, with the kernel ready; sets up what is missing.')
    .argument(
      '[folder]',
      "which, before any option (default: the project's notebooks/, else the current folder)",
    )
    .argument('[options...]', 'passed on to jupyter lab: --no-browser --port 8890')
    .allowUnknownOption();
  command.action(async (first, rest) => {
    const hasPlace = first !== undefined && !first.startsWith('-');
    const options = first === undefined || hasPlace ? rest : [first, ...rest];
    process.exitCode = await openLab({ ...(hasPlace && { place: first }), args: options, say: tell });
  });
  return command;
}
