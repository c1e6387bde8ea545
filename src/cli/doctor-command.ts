import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { writeOut } from '../node/printing/terminal.js';
import { type Check, examine } from './doctor.js';

/** `xnorlab doctor`: says what was found here and how to mend what is missing. Exit 1 if something needed is. */
export function doctorCommand(): CommandUnknownOpts {
  const command = new Command('doctor')
    .description(
      'Say which Node, backends, parts, Jupyter and data were found, and how to mend what is missing.',
    )
    .option('--json', 'print one JSON document on stdout and nothing else there');
  command.action(async ({ json }) => {
    const checks = await examine();
    const healthy = checks.every(({ status }) => status !== 'missing');
    writeOut(json ? `${JSON.stringify({ healthy, checks }, undefined, 2)}\n` : checks.map(inWords).join(''));
    process.exitCode = healthy ? 0 : 1;
  });
  return command;
}

const MARKS = { ok: '✓', optional: '·', missing: '✗' } as const;

function inWords({ name, status, found, remedy }: Check): string {
  return `${MARKS[status]} ${name}: ${found}\n${remedy ? `    ${remedy}\n` : ''}`;
}
