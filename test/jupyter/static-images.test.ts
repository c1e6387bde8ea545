import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paperFigure } from '../../src/figures/paper.js';
import { addStaticImages } from '../../src/jupyter/static-images.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { saveFigures } from '../../src/node/printing/export.js';
import { figureHtml, libraryHtml } from '../../src/node/printing/figure-html.js';
import { figures } from '../figures/sample-figures.js';
import { LIMIT } from './lab-page.js';
import { temporaryFolder } from './notebooks.js';

const SHOWN = Object.values(figures).slice(0, 10);

/** An executed notebook with ten figures, as the kernel leaves them: the first brings the library along. */
function executedNotebook(): object {
  const cells = SHOWN.map((figure, i) => {
    const html = figureHtml(figure, `xnorlab-${i}`) + (i === 0 ? libraryHtml() : '');
    const output = {
      output_type: 'display_data',
      metadata: {},
      data: { 'text/html': html.split(/(?<=\n)/) },
    };
    return {
      cell_type: 'code',
      execution_count: i + 1,
      id: `c${i}`,
      metadata: {},
      source: [],
      outputs: [output],
    };
  });
  const markdown = { cell_type: 'markdown', id: 'm', metadata: {}, source: ['Grüße'] };
  return { cells: [markdown, ...cells], metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

describe('static images', () => {
  const folder = temporaryFolder();
  const notebook = join(folder.path, 'executed.ipynb');
  let browser: Browser;
  let html: string;
  beforeAll(async () => {
    writeFileSync(notebook, JSON.stringify(executedNotebook()));
    browser = await launchBrowser();
    expect(await addStaticImages(notebook)).toBe(10);
    const { cells } = JSON.parse(readFileSync(notebook, 'utf8')) as {
      cells: { source: string[]; outputs?: { data: { 'text/html': string[] } }[] }[];
    };
    expect(cells[0].source).toEqual(['Grüße']);
    html = cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ data }) => data['text/html'])).join('');
  });
  afterAll(async () => {
    await browser.close();
    folder.remove();
  });

  it('show every figure where scripts do not run, in its size', async () => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 900, height: 600 },
    });
    const page = await context.newPage();
    await page.setContent(html);
    const images = page.locator('.xnorlab-figure img');
    expect(await images.count()).toBe(10);
    const size = 'image => [image.width, image.naturalWidth, image.naturalHeight, image.complete]';
    for (const [i, { layout }] of SHOWN.entries()) {
      const drawn = await images.nth(i).evaluate(`(${size})(document.images[${i}])`);
      const [width, height] = [Number(layout?.width), Number(layout?.height)];
      expect(drawn).toEqual([Math.min(width, 884), 1.5 * width, 1.5 * height, true]);
    }
    await context.close();
  });

  it('make room for the figures where scripts run', async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(LIMIT.timeout);
    await page.setContent(html);
    await page.waitForFunction('document.querySelectorAll(".xnorlab-figure .main-svg").length >= 10');
    expect(await page.locator('.xnorlab-figure > img').count()).toBe(0);
    await page.close();
  });

  it('leave a notebook with ten figures below 5 MB, and are replaced by the next ones', async () => {
    const size = statSync(notebook).size;
    expect(size).toBeLessThan(5e6);
    await addStaticImages(notebook);
    expect(Math.abs(statSync(notebook).size - size)).toBeLessThan(0.01 * size);
  });

  it('are not for other files', async () => {
    const other = join(folder.path, 'other.ipynb');
    writeFileSync(other, '[]');
    await expect(addStaticImages(other)).rejects.toThrow(`${other}: has no cells`);
    await expect(addStaticImages(join(folder.path, 'none.ipynb'))).rejects.toThrow(
      'is no notebook that can be read',
    );
  });
});

describe('paper figures', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it('have text of at least 6 points', async () => {
    const printed = Object.entries(figures).map(([name, figure]) => [name, paperFigure(figure)] as const);
    const files = await saveFigures(Object.fromEntries(printed), folder.path, { formats: ['svg'] });
    for (const file of files) {
      const sizesPx = [...readFileSync(file, 'utf8').matchAll(/font-size: ([\d.]+)px/g)].map(([, size]) =>
        Number(size),
      );
      expect(Math.min(...sizesPx) * 0.75, file).toBeGreaterThanOrEqual(6);
    }
  });
});
