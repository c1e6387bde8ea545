import path from 'node:path';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { resultPath } from '../node/files/folders.js';
import { writeOut } from '../node/printing/terminal.js';
import { makeLivePage } from './make-live-page.js';

/** `xnorlab live`: makes the page that trains, alone. */
export function liveCommand(): CommandUnknownOpts {
  const command = new Command('live')
    .description(
      'Make the page that trains a network before its reader, live.html, for any static server or opened as it is; ' +
        '`xnorlab site` makes it, too. MNIST comes along as bits where it is found or can be fetched.',
    )
    .option('--to <dir>', 'folder that it goes to', resultPath('site'))
    .option('--no-digits', 'leave out MNIST');
  command.action(async ({ to, digits }) => {
    const { file, hasDigits } = await makeLivePage(to, { digits });
    writeOut(`${path.join(to, file)}${hasDigits ? ', with MNIST' : ''}\n`);
  });
  return command;
}
