import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { LIMIT, openNotebook, runCommand } from './lab-page.js';
import { type LabServer, startLab } from './lab-server.js';
import { temporaryFolder, writeNotebook } from './notebooks.js';

const CELLS = [
  "import { resultPath, saveFigure, saveTable } from 'xnorlab';",
  `const figure = { data: [{ x: [1, 2], y: [3, 4] }], layout: {} };
await saveFigure(figure, resultPath('a study', 'curve'), { formats: ['html', 'json', 'svg'] })`,
  "await saveTable([{ size: 5, accuracy: 81.5 }], resultPath('a study', 'rows'))",
];

describe('what a notebook saves, in JupyterLab as `xnorlab lab project/notebooks` starts it', () => {
  const folder = temporaryFolder();
  let lab: LabServer;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    writeFileSync(join(folder.path, 'package.json'), '{}');
    mkdirSync(join(folder.path, 'notebooks'));
    writeNotebook(join(folder.path, 'notebooks', 'links.ipynb'), CELLS);
    lab = await startLab(join(folder.path, 'notebooks'));
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.setDefaultTimeout(LIMIT.timeout);
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    folder.remove();
  });

  async function snapshot(name: string): Promise<void> {
    if (process.env.XNORLAB_SCREENSHOTS === undefined) return;
    await page.screenshot({ path: join(process.env.XNORLAB_SCREENSHOTS, `saved-${name}.png`) });
  }

  function link(name: string): Locator {
    return page.locator('.jp-OutputArea-output a', { hasText: name });
  }

  it('is one folder above the notebooks, where the file browser begins', async () => {
    await page.goto(lab.home, LIMIT);
    await page.locator('.jp-DirListing-item', { hasText: 'links.ipynb' }).waitFor();
  });

  it('shows as links', async () => {
    await openNotebook(page, lab.address('notebooks/links.ipynb'));
    await runCommand(page, 'notebook:run-all-cells');
    await link('rows.tex').waitFor();
    expect(await page.locator('.jp-OutputArea-output a').allTextContents()).toEqual([
      'curve.html',
      'curve.json',
      'curve.svg',
      'rows.md',
      'rows.csv',
      'rows.tex',
    ]);
    await snapshot('links');
  });

  it.each([
    ['rows.csv', '.jp-CSVViewer'],
    ['curve.svg', '.jp-ImageViewer img'],
    ['curve.html', '.jp-HTMLViewer iframe'],
    ['curve.json', '.jp-RenderedJSON'],
    ['rows.md', '.jp-MarkdownViewer table'],
    ['rows.tex', '.jp-FileEditor'],
  ])('opens %s beside the notebook when its link is clicked', async (name, viewer) => {
    await runCommand(page, 'docmanager:open', { path: 'notebooks/links.ipynb' });
    await link(name).click();
    await page.locator('.lm-TabBar-tab.lm-mod-current', { hasText: name }).waitFor();
    await page.locator(viewer).waitFor();
    await snapshot(name);
  });

  it('shows a page of a figure once it is trusted', async () => {
    await runCommand(page, 'docmanager:open', { path: 'results/a study/curve.html' });
    const frame = page.frameLocator('.jp-HTMLViewer iframe');
    await frame.getByText('A script draws this figure').waitFor();
    await page.getByText('Trust HTML').click();
    await frame.locator('.scatterlayer .trace').waitFor({ state: 'attached' });
    expect(await frame.getByText('A script draws this figure').count()).toBe(0);
    await snapshot('trusted');
  });

  it('lies in the file browser', async () => {
    await runCommand(page, 'filebrowser:open-path', { path: 'results/a study' });
    await page.locator('.jp-DirListing-item', { hasText: 'rows.tex' }).waitFor();
    await snapshot('browser');
  });
});
