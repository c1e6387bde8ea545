import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { openLab } from '../jupyter/lab.js';

/** `xnorlab lab`: opens JupyterLab in `notebooks/` with our kernel ready. */
export function labCommand(): CommandUnknownOpts {
  const command = new Command('lab')
    .description('Open JupyterLab on the notebooks, with the kernel ready.')
    .argument('[options...]', 'passed on to jupyter lab: --no-browser --port 8890')
    .allowUnknownOption()
    .helpOption(false);
  command.action(async (options) => {
    process.exitCode = await openLab(options);
  });
  return command;
}
