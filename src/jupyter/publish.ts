import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EnvironmentError } from '../core/errors.js';
import { PAGE_POLICY } from '../core/page-policy.js';
import { PAGE_STYLE, type PageLink, pageBar } from '../site/page-frame.js';
import { requireJupyter } from './detect.js';
import { jupyterEnvironment, pythonScript } from './locations.js';

/** What a rendered notebook has besides the page's own style. */
const NOTEBOOK_STYLE = `<style>
body.jp-Notebook { max-width: 60rem; margin: 0 auto; padding: 0 1rem 3rem; overflow: visible;
  background: var(--jp-layout-color0); color: var(--jp-content-font-color1); }
.jp-Cell { padding: 4px 0; }
.jp-InputPrompt, .jp-OutputPrompt { display: none; }
.jp-RenderedHTMLCommon, .jp-RenderedHTMLCommon p { max-width: 100%; overflow-wrap: break-word; }
.jp-InputArea, .jp-InputArea-editor, .jp-RenderedMarkdown, .jp-OutputArea-child { display: block; width: auto; min-width: 0; margin: 0; }
.jp-RenderedMarkdown { padding: 0; }
.jp-OutputArea-output, .jp-InputArea-editor .highlight, .xnorlab-formula { overflow-x: auto; max-width: 100%; }
.xnorlab-formula, .jp-RenderedMarkdown table { display: block; overflow-y: hidden; }
.jp-RenderedMarkdown table { width: fit-content; max-width: 100%; overflow-x: auto; }
.jp-InputArea-editor .highlight pre { overflow: visible; width: max-content; min-width: 100%; }
.jp-OutputArea-output img, .jp-RenderedMarkdown img { max-width: 100%; height: auto; }
.xnorlab-figure { color-scheme: light; color: #1a1a1a; background: #fff; border-radius: 4px; width: max-content; max-width: none; }
</style>`;

/** What a page stands among. */
export interface Surroundings {
  /** To other pages, at the top. Default: none. */
  readonly links?: readonly PageLink[];
  /** Pages of other notebooks, beside this one, by the names of the notebooks' files. Default: none. */
  readonly pages?: Readonly<Record<string, string>>;
}

/**
 * Turns an executed notebook into one HTML file that asks nothing of a network: figures bring their library, formulas are
 * MathML. It is light or dark as the reader's system, and its code can be hidden. Links to notebooks with a page lead there;
 * links to other files, which are not beside the page, become text.
 *
 * @param notebook - an executed notebook
 * @param htmlFile - replaced as a whole; its folder is made if need be
 * @throws EnvironmentError when Jupyter is not installed or nbconvert fails
 */
export async function renderNotebook(
  notebook: string,
  htmlFile: string,
  { links = [], pages = {} }: Surroundings = {},
): Promise<void> {
  mkdirSync(dirname(resolve(htmlFile)), { recursive: true });
  const [head, top] = [PAGE_POLICY + PAGE_STYLE + NOTEBOOK_STYLE, pageBar(links, { hasCode: true })];
  await runScript('render', resolve(notebook), resolve(htmlFile), head, top, JSON.stringify(pages));
}

/**
 * Marks a notebook's present outputs as trusted for this user, so that JupyterLab draws its figures without being
 * asked. Writes to Jupyter's signature store in the user's home folder.
 *
 * @throws EnvironmentError when Jupyter is not installed or the store cannot be written
 */
export async function signNotebook(notebook: string): Promise<void> {
  await runScript('sign', resolve(notebook));
}

async function runScript(...args: string[]): Promise<void> {
  const python = await requireJupyter();
  try {
    await promisify(execFile)(python, [pythonScript('publish_notebook.py'), ...args], {
      env: jupyterEnvironment(),
    });
  } catch (cause) {
    const log = String((cause as { stderr?: unknown }).stderr ?? cause).trim();
    const last = log.split('\n').at(-1) ?? '';
    throw new EnvironmentError(
      `nbconvert could not ${args[0]} ${args[1]}: ${last}`,
      'Check the installation with `npx xnorlab doctor`',
      { cause },
    );
  }
}
