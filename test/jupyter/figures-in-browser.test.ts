import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executeNotebook } from '../../src/jupyter/execute.js';
import { renderNotebook } from '../../src/jupyter/publish.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { saveFigure } from '../../src/node/printing/export.js';
import { LIMIT, openNotebook, runCommand } from './lab-page.js';
import { startLab } from './lab-server.js';
import { linkPackage, temporaryFolder, USE_DISPLAY, writeNotebook } from './notebooks.js';

const CELLS = [
  `${USE_DISPLAY} import * as aq from 'arquero';`,
  "show({ data: [{ x: [1, 2, 3], y: [3, 1, 2] }], layout: { title: { text: 'Accuracy over epochs' } } });",
  "show({ data: [{ type: 'bar', x: ['bep', 'sgd'], y: new Float64Array([2, 5]) }, { y: [1, 1] }] });",
  "aq.table({ rule: ['bep', 'sgd'], accuracy: [97.5, 98.25] })",
];

describe('figures in a browser', () => {
  const folder = temporaryFolder();
  const notebook = join(folder.path, 'figures.ipynb');
  const executed = join(folder.path, 'executed.ipynb');
  let browser: Browser;
  beforeAll(async () => {
    linkPackage(folder.path);
    writeNotebook(notebook, CELLS);
    await executeNotebook({ notebook, output: executed });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    folder.remove();
  });

  /** Waits until both figures have drawn all their traces. */
  async function expectFigures(page: Page): Promise<void> {
    const figures = page.locator('.xnorlab-figure');
    await figures
      .nth(1)
      .locator('svg.main-svg .barlayer .point')
      .nth(1)
      .waitFor({ ...LIMIT, state: 'attached' });
    await figures
      .nth(0)
      .locator('svg.main-svg .scatterlayer .trace')
      .waitFor({ ...LIMIT, state: 'attached' });
    expect(await figures.nth(1).locator('.scatterlayer .trace').count()).toBe(1);
    expect(await figures.nth(0).textContent()).toContain('Accuracy over epochs');
    expect(await page.getByText('This figure needs a trusted notebook').count()).toBe(0);
  }

  async function snapshot(page: Page, name: string): Promise<void> {
    const target = process.env.XNORLAB_SCREENSHOTS;
    if (target !== undefined) await page.screenshot({ path: join(target, `${name}.png`), fullPage: true });
  }

  it('are drawn in the HTML file of an executed notebook, without a network', async () => {
    const html = join(folder.path, 'executed.html');
    await renderNotebook(executed, html);
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    await page.goto(pathToFileURL(html).href);
    await expectFigures(page);
    expect(await page.locator('table', { hasText: '98.25' }).count()).toBe(1);
    await snapshot(page, 'html');
    await context.close();
  });

  it('are drawn on a saved page, without a network', async () => {
    const figure = { data: [{ y: [1, 3, 2] }], layout: { title: { text: 'Curves & <signs>' } } };
    const [file] = await saveFigure(figure, join(folder.path, 'saved'), { formats: ['html'] });
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    await page.locator('.lines .js-line').waitFor(LIMIT);
    expect(await page.locator('.gtitle').textContent()).toBe('Curves & <signs>');
    await context.close();
  });

  // VS Code's renderer of HTML in a page of its own: https://github.com/microsoft/vscode, extensions/notebook-renderers.
  it('are drawn where copies of scripts are run and removed at once, as in VS Code', async () => {
    const policy =
      "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; " +
      'img-src https: data:; font-src https:; connect-src https:';
    const { cells } = JSON.parse(readFileSync(executed, 'utf8')) as {
      cells: { outputs: { data?: { 'text/html'?: string[] } }[] }[];
    };
    const outputs = cells.flatMap((cell) =>
      cell.outputs.flatMap(({ data }) => data?.['text/html']?.join('') ?? []),
    );
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') refused.push(message.text());
    });
    await page.setContent(
      `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="${policy}"><main></main>`,
    );
    for (const html of outputs) {
      await page.evaluate(
        `(() => {
          const main = document.querySelector('main');
          const element = document.createElement('div');
          element.innerHTML = ${JSON.stringify(html)};
          main.append(element);
          for (const script of [...element.getElementsByTagName('script')]) {
            const copy = document.createElement('script');
            copy.text = script.innerText;
            element.appendChild(copy).remove();
          }
        })()`,
      );
    }
    await expectFigures(page);
    expect(refused).toEqual([]);
    expect(await page.locator('table', { hasText: '98.25' }).count()).toBe(1);
    await snapshot(page, 'vs-code');
    await context.close();
  });

  it('are drawn in JupyterLab, and again when the saved notebook is opened', async () => {
    const lab = await startLab(folder.path);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
      await openNotebook(page, lab.address('figures.ipynb'));
      await runCommand(page, 'notebook:run-all-cells');
      await expectFigures(page);
      await page.locator('.jp-OutputArea table', { hasText: '98.25' }).waitFor(LIMIT);
      await snapshot(page, 'lab');
      await runCommand(page, 'docmanager:save');
      await page.goto('about:blank');
      await openNotebook(page, lab.address('figures.ipynb'));
      await expectFigures(page);
      await snapshot(page, 'lab-reopened');
      await page.close();
    } finally {
      await lab.stop();
    }
  });
});
