import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { DataError, EnvironmentError } from '../core/errors.js';
import { firstPicture } from '../jupyter/first-picture.js';
import { notebookHeading } from '../jupyter/notebook-heading.js';
import { renderNotebook } from '../jupyter/publish.js';
import { writeFileAtomically } from '../node/files/atomic-file.js';
import { PACKAGE_ROOT, projectFolder, resultPath } from '../node/files/folders.js';
import { tell, writeOut } from '../node/printing/terminal.js';
import { galleryPage } from '../site/gallery-page.js';
import { type FurtherPage, indexPage, type NotebookPage } from '../site/index-page.js';
import { makeExplainPage } from './make-explain-page.js';
import { makeLivePage } from './make-live-page.js';

interface SiteFlags {
  readonly from: string;
  readonly to: string;
  readonly api: boolean;
  readonly digits: boolean;
}

const WAY_BACK = { href: 'index.html', text: '← All pages' };

/** Of the package's checkout; an installation has neither. */
const GALLERY = path.join(PACKAGE_ROOT, 'docs', 'gallery');
const API_SCRIPT = path.join(PACKAGE_ROOT, 'scripts', 'api-reference.mjs');

/** `xnorlab site`: makes one static site of all executed notebooks, the gallery and the API reference. */
export function siteCommand(): CommandUnknownOpts {
  const command = new Command('site')
    .description(
      'Make one static site, with index.html, of all notebooks that `xnorlab notebooks` executed; ' +
        'of a page that trains and, in a checkout of xnorlab, with the gallery of figures and the API reference.',
    )
    .option('--from <dir>', 'folder of executed notebooks', resultPath())
    .option('--to <dir>', 'folder that the site goes to', resultPath('site'))
    .option('--no-api', 'leave out the API reference')
    .option('--no-digits', 'leave MNIST out of the page that trains');
  command.action(makeSite);
  return command;
}

async function makeSite({ from, to, api, digits }: SiteFlags): Promise<void> {
  const names = executedNotebooks(from);
  const pages = Object.fromEntries(names.map((name) => [`${name}.ipynb`, `${name}.html`]));
  const notebooks: NotebookPage[] = [];
  for (const name of names) {
    tell(name);
    notebooks.push(await makeNotebook(path.join(from, `${name}.ipynb`), name, to, pages));
  }
  const live = await makeLivePage(to, { links: [WAY_BACK], digits });
  const further = [
    live,
    await makeExplainPage(to, [WAY_BACK]),
    await makeGallery(to),
    api ? await makeReference(to) : undefined,
  ];
  const index = path.join(to, 'index.html');
  await writeFileAtomically(
    index,
    indexPage(
      notebooks,
      further.filter((page) => page !== undefined),
    ),
  );
  writeOut(`${index}: ${notebooks.length} notebooks\n`);
}

function executedNotebooks(folder: string): string[] {
  const names = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.ipynb'))
    .map((file) => path.basename(file, '.ipynb'))
    .sort();
  if (names.length > 0) return names;
  throw new DataError(folder, 'holds no executed notebooks; `npx xnorlab notebooks` leaves them there');
}

async function makeNotebook(
  notebook: string,
  name: string,
  to: string,
  pages: Readonly<Record<string, string>>,
): Promise<NotebookPage> {
  const heading = notebookHeading(notebook);
  const file = `${name}.html`;
  await renderNotebook(notebook, path.join(to, file), { links: [WAY_BACK], pages });
  return { file, ...heading, picture: await makePicture(notebook, name, to) };
}

/** That which opens the page of its study, else the first of the notebook. */
async function makePicture(notebook: string, name: string, to: string): Promise<string | undefined> {
  const ofStudy = path.join(projectFolder(), 'notebooks', name, 'RESULTS.svg');
  if (existsSync(ofStudy)) {
    await writeFileAtomically(path.join(to, `${name}.svg`), readFileSync(ofStudy, 'utf8'));
    return `${name}.svg`;
  }
  const image = firstPicture(notebook);
  if (image === undefined) return undefined;
  await writeFileAtomically(path.join(to, `${name}.png`), image);
  return `${name}.png`;
}

async function makeGallery(to: string): Promise<FurtherPage | undefined> {
  const names = (existsSync(GALLERY) ? readdirSync(GALLERY) : [])
    .filter((file) => file.endsWith('.svg'))
    .map((file) => path.basename(file, '.svg'));
  if (names.length === 0) return undefined;
  mkdirSync(path.join(to, 'gallery'), { recursive: true });
  const entries = names.map((name) => {
    const picture = `gallery/${name}.svg`;
    copyFileSync(path.join(GALLERY, `${name}.svg`), path.join(to, picture));
    return { name, picture, code: readFileSync(path.join(GALLERY, `${name}.ts`), 'utf8').trim() };
  });
  await writeFileAtomically(path.join(to, 'gallery.html'), galleryPage(entries, [WAY_BACK]));
  return {
    file: 'gallery.html',
    title: 'Gallery',
    summary: 'Every kind of figure, with the code that makes it.',
  };
}

async function makeReference(to: string): Promise<FurtherPage | undefined> {
  if (!existsSync(API_SCRIPT)) return undefined;
  tell('API reference');
  const child = spawn(process.execPath, [API_SCRIPT, path.resolve(to, 'api')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0)
    throw new EnvironmentError(
      'the API reference was not made; its output above says why',
      'Run `npm run setup`, or leave it out with --no-api',
    );
  return { file: 'api/index.html', title: 'API reference', summary: 'Everything that xnorlab exports.' };
}
