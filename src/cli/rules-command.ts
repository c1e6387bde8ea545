import '../rules/float-rules.js';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { ArgumentError } from '../core/errors.js';
import { writeOut } from '../node/printing/terminal.js';
import { ruleNames } from '../rules/registry.js';
import { rulesMarkdown } from './rules-markdown.js';

/** `xnorlab rules [name]`: prints the options of rules, as they stand in docs/rules.md. */
export function rulesCommand(): CommandUnknownOpts {
  const command = new Command('rules')
    .description('Print the options of rules, of all by default, in Markdown.')
    .option('--rules <file>', 'JavaScript or TypeScript that registers rules of your own; can be given again')
    .argument('[name]', 'the name of a rule');
  command.action((name) => {
    const names = ruleNames();
    if (name !== undefined && !names.includes(name)) {
      throw new ArgumentError('name', `one of ${names.join(', ')}`, name);
    }
    writeOut(`${rulesMarkdown(name === undefined ? names : [name])}\n`);
  });
  return command;
}
