import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { saveFigure } from '../../src/node/printing/export.js';
import { figureHtml } from '../../src/node/printing/figure-html.js';
import { LIMIT } from './lab-page.js';
import { temporaryFolder } from './notebooks.js';

const FIGURE = {
  data: [{ y: [1, 3, 2] }],
  layout: { title: { text: '<b>Curves</b> & signs' }, width: 400, height: 300 },
};

describe('the toolbar of a figure', () => {
  const folder = temporaryFolder();
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    const [file] = await saveFigure(FIGURE, join(folder.path, 'figure'), { formats: ['html'] });
    browser = await launchBrowser();
    const context = await browser.newContext({ offline: true, acceptDownloads: true });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    page.setDefaultTimeout(LIMIT.timeout);
    await page.goto(pathToFileURL(file).href);
    await page.locator('.lines .js-line').waitFor();
    await page.locator('.nsewdrag').hover();
    if (process.env.XNORLAB_SCREENSHOTS !== undefined) {
      await page.screenshot({ path: join(process.env.XNORLAB_SCREENSHOTS, 'toolbar.png') });
    }
  });
  afterAll(async () => {
    await browser.close();
    folder.remove();
  });

  const button = (title: string): ReturnType<Page['locator']> =>
    page.locator(`.modebar-btn[data-title="${title}"]`);

  it('offers no upload, and links nowhere', async () => {
    const titles = await page
      .locator('.modebar-btn')
      .evaluateAll((buttons) =>
        (buttons as unknown as { getAttribute(name: string): string | null }[]).map((each) =>
          each.getAttribute('data-title'),
        ),
      );
    expect(titles).toEqual(
      expect.arrayContaining(['Save as SVG', 'Save as PNG, 300 dpi', 'Copy as a picture', 'Zoom']),
    );
    expect(titles.join()).not.toMatch(/share|cloud|plotly|download/i);
    expect(await page.locator('.modebar a[href]').count()).toBe(0);
  });

  it.each([
    ['Save as SVG', 'curves-signs.svg'],
    ['Save as PNG, 300 dpi', 'curves-signs.png'],
  ])('%s', async (title, name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), button(title).click()]);
    expect(download.suggestedFilename()).toBe(name);
    const content = readFileSync(await download.path());
    if (name.endsWith('svg')) expect(content.toString()).toContain('width="400"');
    // 300 / 96 pixels for each of the page's.
    else expect([content.readUInt32BE(16), content.readUInt32BE(20)]).toEqual([1250, 937]);
  });

  it('copies the picture, or says that it may not', async () => {
    await button('Copy as a picture').click();
    const note = page.locator('.xnorlab-note');
    await note.waitFor();
    expect(['Copied', 'This page may not copy: save the figure instead']).toContain(await note.textContent());
  });

  it('belongs to a drawing that stays when the output is shown again', async () => {
    const again = figureHtml(FIGURE, 'figure', { address: 'data:image/webp;base64,', png: '', width: 400 });
    const kept = await page.evaluate(
      `(() => {
        const before = document.getElementById('figure');
        const parent = before.parentNode;
        before.marked = true;
        parent.replaceChildren();
        parent.append(document.createRange().createContextualFragment(${JSON.stringify(again)}));
        const now = document.getElementById('figure');
        return [now.marked, now.querySelectorAll('.main-svg').length > 0, now.querySelectorAll('img').length];
      })()`,
    );
    expect(kept).toEqual([true, true, 0]);
  });
});
