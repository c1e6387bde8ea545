import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { EnvironmentError } from '../core/errors.js';
import { installKernelNode } from '../jupyter/kernel-node.js';
import { isInstalled, PACKAGE_ROOT, projectFolder } from '../node/files/folders.js';
import { checkPart, npmInstall, PART_NAMES, PARTS, type PartName } from '../node/parts.js';
import { tell, writeOut } from '../node/printing/terminal.js';

/** `xnorlab add float`: adds optional parts to the user's project, in exactly the versions that xnorlab is made for. */
export function addCommand(): CommandUnknownOpts {
  const known = PART_NAMES.map((part) => `${part} for ${PARTS[part].purpose}`).join('; ');
  const command = new Command('add')
    .description('Add optional parts to your project, by npm, in the versions that xnorlab is made for.')
    .addArgument(new Argument('<parts...>', known).choices(PART_NAMES));
  command.action((parts) => {
    if (!isInstalled(PACKAGE_ROOT)) {
      throw new EnvironmentError(
        'this xnorlab is a checkout, which has all parts',
        `Run \`npm ci\` in ${PACKAGE_ROOT} if one is missing.`,
      );
    }
    for (const part of parts) addPart(part);
  });
  return command;
}

/** @throws EnvironmentError when npm fails, or has put the packages where xnorlab does not find them */
function addPart(part: PartName): void {
  const project = projectFolder();
  // Without a project, xnorlab itself was installed for all of them.
  const options = existsSync(path.join(project, 'package.json')) ? [] : ['--global'];
  const words = [...npmInstall(part), ...options];
  tell(`npm ${words.join(' ')}`);
  const { status } = spawnSync('npm', words, {
    cwd: project,
    stdio: ['inherit', 2, 2],
    // npm is a script on Windows, which only a shell can start.
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    throw new EnvironmentError(`npm could not add ${part}`, 'It says above why; mend that and try again.');
  }
  checkPart(part);
  if (part === 'notebooks' && installKernelNode()) {
    tell('Installed a Node for the kernel into your cache folder.');
  }
  writeOut(`${part} is there, for ${PARTS[part].purpose}\n`);
}
