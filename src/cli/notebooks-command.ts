import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { checkWritable } from '../bits/atomic-file.js';
import { ArgumentError } from '../bits/errors.js';
import { PACKAGE_ROOT, resultPath } from '../bits/folders.js';
import { executeNotebook } from '../jupyter/execute.js';
import { renderNotebook } from '../jupyter/publish.js';

const FOLDER = path.join(PACKAGE_ROOT, 'notebooks');

/** `xnorlab notebooks`: executes notebooks in real Jupyter and leaves what they made under `results/`. */
export function notebooksCommand(): Command {
  const command = new Command('notebooks')
    .description('Execute notebooks; leave executed notebooks, pages, figures and tables under results/.')
    .argument('[names...]', 'which: 01-quickstart (default: all)');
  command.action(async (names) => {
    const present = notebookNames();
    for (const name of names) {
      if (!present.includes(name))
        throw new ArgumentError('names', `notebooks of ${present.join(', ')}`, name);
    }
    for (const name of names.length > 0 ? names : present) await runNotebook(name);
  });
  return command as unknown as Command;
}

function notebookNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ipynb'))
    .map((file) => path.basename(file, '.ipynb'))
    .sort();
}

async function runNotebook(name: string): Promise<void> {
  const output = resultPath(`${name}.ipynb`);
  const page = resultPath(`${name}.html`);
  await checkWritable(output);
  const { cells, elapsedMs } = await executeNotebook({
    notebook: path.join(FOLDER, `${name}.ipynb`),
    output,
    onCell: ({ cell, total, state }) => {
      if (state === 'start') process.stderr.write(`${name}: cell ${cell} of ${total}\n`);
    },
  });
  await renderNotebook(output, page);
  const table = resultPath(name, 'comparison.md');
  if (existsSync(table)) process.stdout.write(`\n${readFileSync(table, 'utf8')}\n`);
  process.stdout.write(
    `${name}: ${cells} cells in ${(elapsedMs / 1000).toFixed(0)} s\n` +
      `  read    ${page}\n  run it  npm run lab\n  figures and tables  ${resultPath(name)}\n`,
  );
}
