import path from 'node:path';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { writeOut } from '../node/printing/terminal.js';
import { makeProject } from '../node/project/make-project.js';

/** `xnorlab init`: makes a project with a notebook and a sweep. */
export function initCommand(): CommandUnknownOpts {
  const command = new Command('init')
    .description('Make a project of your own: a notebook, a sweep, and a README that says what to do.')
    .argument('<folder>', 'new or empty')
    .option(
      '--xnorlab <spec>',
      'where the project takes xnorlab from: a version, a file, a folder, an address (default: where this one came from)',
    );
  command.action((folder, { xnorlab }) => {
    makeProject(folder, xnorlab);
    const way = path.relative('', folder);
    const enter = way === '' ? '' : `  cd ${/\s/.test(way) ? `"${way}"` : way}\n`;
    writeOut(
      `Made a project in ${path.resolve(folder)}. Next:\n\n${enter}` +
        '  npm install\n' +
        '  npm start     sets up Jupyter, once, and opens the notebook\n\nREADME.md there says more.\n',
    );
  });
  return command;
}
