import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { epochRows } from '../../src/analysis/rows.js';
import { launchBrowser } from '../../src/figures/browser.js';
import { saveFigure } from '../../src/figures/export.js';
import { learningCurves } from '../../src/figures/learning-curves.js';
import { sampleRecord } from '../sample-record.js';

describe('saveFigure', () => {
  let folder: string;
  let browser: Browser;
  let files: string[];
  const figure = learningCurves(epochRows([sampleRecord]), 'Curves & <signs>');

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-figures-'));
    browser = await launchBrowser();
    files = await saveFigure(figure, path.join(folder, 'new', 'curves'));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes a page, the data and vectors', () => {
    expect(files.map((file) => path.basename(file))).toEqual(['curves.html', 'curves.json', 'curves.svg']);
    expect(JSON.parse(readFileSync(files[1], 'utf8'))).toEqual(JSON.parse(JSON.stringify(figure)));
  });

  it('keeps text as text in the vectors, and draws every line', () => {
    const svg = readFileSync(files[2], 'utf8');
    expect(svg).toMatch(/^<svg[^>]*width="720"[^>]*height="440"/);
    expect(svg).toContain('accuracy (%)');
    expect(svg).toContain('Curves &amp; &#60;signs&#62;');
    expect(svg.match(/<g class="lines"><path class="js-line"/g)).toHaveLength(2);
    expect(svg).not.toContain('<image');
  });

  it('draws the page without a network', async () => {
    const page = await browser.newPage();
    await page.context().setOffline(true);
    await page.goto(pathToFileURL(files[0]).href);
    await page.waitForSelector('.main-svg .js-line', { timeout: 20_000 });
    expect(await page.locator('.lines .js-line').count()).toBe(2);
    expect(await page.locator('.gtitle').textContent()).toBe('Curves & <signs>');
  });
});

describe('without a browser', () => {
  it('says how to get one', async () => {
    process.env.XNORLAB_BROWSER = '/nowhere/chromium';
    await expect(launchBrowser()).rejects.toThrow(
      'XNORLAB_BROWSER names /nowhere/chromium, which is no program. Correct or unset it.',
    );
    delete process.env.XNORLAB_BROWSER;
  });
});
