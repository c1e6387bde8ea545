import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executeNotebook } from '../../src/jupyter/execute.js';
import { renderNotebook } from '../../src/jupyter/publish.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { LIMIT } from './lab-page.js';

const NAME = '01-quickstart';

interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly outputs?: readonly unknown[] }[];
}

/** Executes the quickstart, in quick mode, in real Jupyter; everything it makes goes below `folder`. */
async function quickstart(folder: string): Promise<Notebook> {
  const output = join(folder, `${NAME}.ipynb`);
  await executeNotebook({
    notebook: join(PACKAGE_ROOT, 'notebooks', NAME, `${NAME}.ipynb`),
    output,
    environment: { XNORLAB_RESULTS: folder, XNORLAB_NOTEBOOK_MODE: 'quick' },
  });
  return JSON.parse(readFileSync(output, 'utf8')) as Notebook;
}

/** What the cells show, without the ids that figures get on the page. */
function outputs({ cells }: Notebook): string {
  const shown = JSON.stringify(cells.map((cell) => cell.outputs ?? []));
  return shown.replaceAll(/xnorlab-[0-9a-f-]{36}/g, 'xnorlab-figure');
}

describe('the quickstart notebook', () => {
  let folders: string[];
  let notebooks: Notebook[];
  let browser: Browser;
  beforeAll(async () => {
    folders = ['first', 'second'].map((name) => mkdtempSync(join(tmpdir(), `xnorlab-${name}-`)));
    notebooks = [await quickstart(folders[0]), await quickstart(folders[1])];
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('leaves figures and the result table', () => {
    for (const file of [
      'learning-curves.html',
      'learning-curves.svg',
      'hidden-depth.json',
      'comparison.csv',
    ]) {
      expect(existsSync(join(folders[0], NAME, file)), file).toBe(true);
    }
    const table = readFileSync(join(folders[0], NAME, 'comparison.md'), 'utf8').split('\n');
    expect(table[0]).toContain('| rule | layers | epochs | test % |');
    expect(table[2]).toMatch(/^\| local-error \| 255,255 \| 10 \| 84\.28 /);
    expect(table[3]).toMatch(/^\| sgd \| 255,255 \| 10 \| \d\d\.\d\d /);
  });

  it('shows the same twice', () => {
    expect(outputs(notebooks[1])).toBe(outputs(notebooks[0]));
  });

  it('shows both figures and both tables on its page, without a network', async () => {
    const html = join(folders[0], 'page.html');
    await renderNotebook(join(folders[0], `${NAME}.ipynb`), html);
    const page = await browser.newPage();
    page.setDefaultTimeout(LIMIT.timeout);
    await page.context().setOffline(true);
    await page.goto(pathToFileURL(html).href);
    await page.waitForFunction('document.querySelectorAll(".main-svg .gtitle").length === 2');
    expect(await page.locator('.gtitle').allTextContents()).toEqual([
      expect.stringMatching(/^Learning curves on /),
      'Depth of hidden weights after epoch 10',
    ]);
    expect(await page.locator('.lines .js-line').count()).toBe(4);
    expect(await page.locator('.barlayer .point').count()).toBeGreaterThan(10);
    expect(await page.locator('table').count()).toBe(2);
    await page.close();
  });
});
