import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { DataError } from '../core/errors.js';
import { notebookHeading } from '../jupyter/notebook-heading.js';
import { renderNotebook } from '../jupyter/publish.js';
import { siteIndex } from '../jupyter/site-index.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { resultPath } from '../node/files/folders.js';

interface SiteFlags {
  readonly from: string;
  readonly to: string;
}

/** `xnorlab site`: makes one static site of all executed notebooks. */
export function siteCommand(): CommandUnknownOpts {
  const command = new Command('site')
    .description('Make one static site, with index.html, of all notebooks that `xnorlab notebooks` executed.')
    .option('--from <dir>', 'folder of executed notebooks', resultPath())
    .option('--to <dir>', 'folder that the site goes to', resultPath('site'));
  command.action(makeSite);
  return command;
}

async function makeSite({ from, to }: SiteFlags): Promise<void> {
  const names = executedNotebooks(from);
  const pages = names.map((name) => ({
    file: `${name}.html`,
    ...notebookHeading(path.join(from, `${name}.ipynb`)),
  }));
  for (const name of names) {
    process.stderr.write(`${name}\n`);
    await renderNotebook(path.join(from, `${name}.ipynb`), path.join(to, `${name}.html`));
  }
  const index = path.join(to, 'index.html');
  await writeFileAtomically(index, siteIndex(pages));
  process.stdout.write(`${index}: ${pages.length} notebooks\n`);
}

function executedNotebooks(folder: string): string[] {
  const names = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.ipynb'))
    .map((file) => path.basename(file, '.ipynb'))
    .sort();
  if (names.length > 0) return names;
  throw new DataError(folder, 'holds no executed notebooks; `npx xnorlab notebooks` leaves them there');
}
