import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { figureHtml, libraryHtml } from '../../src/node/printing/figure-html.js';
import { LIMIT } from './lab-page.js';
import { temporaryFolder } from './notebooks.js';

/** Compiled: `npm run build` comes first. */
const CLI = path.join(PACKAGE_ROOT, 'dist', 'cli.js');

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const LONG_LINE = `const sum = ${Array.from({ length: 60 }, (_, i) => `value${i}`).join(' + ')};`;

const FIGURE = { data: [{ y: [1, 3, 2] }], layout: { width: 720, height: 370 } };

interface Shown {
  getBoundingClientRect(): { readonly right: number };
}

const markdown = (source: string): object => ({ cell_type: 'markdown', metadata: {}, source });

const code = (source: string, ...data: object[]): object => ({
  cell_type: 'code',
  metadata: {},
  execution_count: 1,
  source,
  outputs: data.map((bundle) => ({ output_type: 'display_data', metadata: {}, data: bundle })),
});

/** As `xnorlab notebooks` leaves it, with everything that could be too wide for a telephone. */
const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 4,
  metadata: { kernelspec: { name: 'xnorlab', display_name: 'TypeScript (xnorlab)', language: 'typescript' } },
  cells: [
    markdown('# Sizes & `layers`\n\n**Question.** How wide?'),
    markdown(
      `The accuracy $a_{t,j}$ is\n\n$$\\left\\lfloor \\frac{\\text{total} - ${'x_i + '.repeat(40)}1}{784} \\right\\rfloor$$\n\n` +
        `| a${' | b'.repeat(30)} |\n\n| a${' | longest'.repeat(30)} |\n|${' --- |'.repeat(31)}\n`,
    ),
    code(LONG_LINE, { 'text/html': figureHtml(FIGURE, 'xnorlab-1') + libraryHtml(), 'image/png': PIXEL }),
    code('table', { 'text/html': `<table><tr>${'<td>123456.789</td>'.repeat(40)}</tr></table>` }),
    code('text', { 'text/plain': 'word '.repeat(400) }),
    markdown('## Verdict\n\nThree seeds.\n\n**Wider is better.** By *one* point. **Not deeper.**'),
  ],
};

/** As a notebook in a folder of its own has them. */
const LINKS = [
  '[the first](../01-sizes/01-sizes.ipynb)',
  '[its **verdict**](../01-sizes/01-sizes.ipynb#Verdict)',
  '[itself](02%20%25.ipynb "again")',
  '[another](../03-absent/03-absent.ipynb)',
  '[a *file*](sweep.yaml)',
  '[below](#A-second)',
  '[outside](https://example.org/01-sizes.ipynb)',
  '[mail](mailto:reader@example.org)',
].join(', ');

describe('a static site', () => {
  const folder = temporaryFolder();
  const site = path.join(folder.path, 'site');
  let printed: string;
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(path.join(folder.path, 'results'));
    const second = { ...NOTEBOOK, cells: [markdown('# A second'), markdown(LINKS), code('1 + 1')] };
    writeFileSync(path.join(folder.path, 'results', '01-sizes.ipynb'), JSON.stringify(NOTEBOOK));
    writeFileSync(path.join(folder.path, 'results', '02 %.ipynb'), JSON.stringify(second));
    const study = path.join(folder.path, 'notebooks', '02 %');
    mkdirSync(study, { recursive: true });
    writeFileSync(path.join(study, 'RESULTS.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const run = await promisify(execFile)(
      process.execPath,
      [CLI, 'site', '--from', 'results', '--to', site],
      {
        cwd: folder.path,
      },
    );
    printed = run.stdout;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    folder.remove();
  });

  /** A page of the site on a screen of this width; what went wrong on it, and what it asked of other hosts. */
  async function open(
    file: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
    const context = await browser.newContext({
      viewport: { width: 400, height: 800 },
      locale: 'en-US',
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT.timeout);
    const problems: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) problems.push(`asks ${request.url()}`);
    });
    await page.goto(pathToFileURL(path.join(site, file)).href);
    return { context, page, problems };
  }

  const PAGES = [
    'index.html',
    '01-sizes.html',
    'live.html',
    'explain.html',
    'gallery.html',
    'api/index.html',
    'api/modules/xnorlab_rules.html',
  ];

  it('says where it is', () => {
    expect(printed).toBe(`${path.join(site, 'index.html')}: 2 notebooks\n`);
  });

  it.each(PAGES.flatMap((file) => [400, 1100].map((width) => [file, width] as const)))(
    'has no error, no request and no page wider than the screen: %s at %i px',
    async (file, width) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { context, page, problems } = await open(file, {
          viewport: { width, height: 800 },
          colorScheme,
        });
        if (file === '01-sizes.html') await page.locator('.main-svg .scatterlayer .trace').waitFor(LIMIT);
        await page.evaluate('document.fonts.ready');
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        const edges = await page
          .locator('p, h1, h2')
          .evaluateAll((places) =>
            places.map((place) => (place as unknown as Shown).getBoundingClientRect().right),
          );
        expect(Math.max(...edges)).toBeLessThanOrEqual(width);
        expect(problems).toEqual([]);
        const target = process.env.XNORLAB_SCREENSHOTS;
        if (target !== undefined) {
          const name = `site-${file.replaceAll('/', '-')}-${colorScheme}-${width}.png`;
          await page.screenshot({ path: path.join(target, name), fullPage: true });
        }
        await context.close();
      }
    },
  );

  it('is light or dark as the system', async () => {
    for (const file of PAGES) {
      const shades: number[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        const { context, page } = await open(file, { colorScheme });
        const colour = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
        shades.push(Number(/\d+/.exec(colour)?.[0]));
        await context.close();
      }
      expect(shades[0], file).toBeGreaterThan(220);
      expect(shades[1], file).toBeLessThan(64);
    }
  });

  it('leads to every page and back', async () => {
    const { context, page } = await open('index.html');
    const hrefs = await page
      .locator('a:not([tabindex])')
      .evaluateAll((links) =>
        links.map((link) => (link as unknown as { getAttribute(name: string): string }).getAttribute('href')),
      );
    expect(hrefs).toEqual([
      '01-sizes.html',
      '02%20%25.html',
      'live.html',
      'explain.html',
      'gallery.html',
      'api/index.html',
    ]);
    for (const href of hrefs) {
      await page.locator(`a[href="${href}"]:not([tabindex])`).click();
      await page.waitForURL(`**/${href}`);
      await page.getByText('← All pages').click();
      await page.waitForURL('**/site/index.html');
    }
    await page.goto(pathToFileURL(path.join(site, 'api', 'modules', 'xnorlab_rules.html')).href);
    await page.getByText('← All pages').click();
    await page.waitForURL('**/site/index.html');
    await context.close();
  });

  it('leads from notebook to notebook, and from what has no page nowhere', async () => {
    const { context, page } = await open('02 %.html');
    const paragraph = page.locator('p', { hasText: 'the first' });
    expect(await paragraph.textContent()).toBe(
      'the first, its verdict, itself, another, a file, below, outside, mail',
    );
    const links = await paragraph
      .locator('a')
      .evaluateAll((all) => all.map((link) => (link as unknown as { outerHTML: string }).outerHTML));
    expect(links).toEqual([
      '<a href="01-sizes.html">the first</a>',
      '<a href="01-sizes.html#Verdict">its <strong>verdict</strong></a>',
      '<a href="02%20%25.html" title="again">itself</a>',
      '<a href="#A-second">below</a>',
      '<a href="https://example.org/01-sizes.ipynb">outside</a>',
      '<a href="mailto:reader@example.org">mail</a>',
    ]);
    await paragraph.getByText('its verdict').click();
    await page.waitForURL('**/01-sizes.html#Verdict');
    expect(await page.locator('#Verdict').isVisible()).toBe(true);
    await context.close();
  });

  it('says on its index what each notebook asks and found, with a picture', async () => {
    const { context, page } = await open('index.html');
    const [first, second] = await page.locator('ol li').all();
    expect(await first.locator('div > *').allTextContents()).toEqual([
      'Sizes & layers',
      'Question. How wide?',
      'Verdict. Wider is better. Not deeper.',
    ]);
    expect(await second.textContent()).toBe('A second');
    expect(
      await first
        .locator('img')
        .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(1);
    expect(await second.locator('img').getAttribute('src')).toBe('02%20%25.svg');
    await context.close();
  });

  it.each(['01-sizes.html', 'gallery.html'])('hides code, also without scripts: %s', async (file) => {
    const { context, page } = await open(file, { javaScriptEnabled: false });
    const source = page.locator('.jp-CodeCell .jp-Cell-inputWrapper, .xnorlab-source');
    const text = page.locator('.jp-MarkdownCell .jp-Cell-inputWrapper, h2');
    expect(await source.first().isVisible()).toBe(true);
    await page.getByLabel('Code').uncheck();
    for (const place of await source.all()) expect(await place.isVisible()).toBe(false);
    expect(await text.first().isVisible()).toBe(true);
    await page.getByLabel('Code').check();
    expect(await source.first().isVisible()).toBe(true);
    await context.close();
  });

  it('shows formulas as formulas, without scripts', async () => {
    const { context, page } = await open('01-sizes.html', { javaScriptEnabled: false });
    expect(await page.locator('math').count()).toBe(2);
    expect(await page.locator('math[display="block"] mfrac').count()).toBe(1);
    expect(await page.locator('math[display="inline"] msub').count()).toBe(1);
    expect(await page.locator('body').textContent()).not.toContain('\\frac');
    expect(await page.title()).toBe('Sizes & layers');
    await context.close();
  });

  it('shows each kind of figure with its code', async () => {
    const { context, page } = await open('gallery.html');
    const section = page.locator('#heat-map');
    expect(await section.locator('pre').textContent()).toContain('export const figure = heatMap(');
    await section.scrollIntoViewIfNeeded();
    await page.waitForFunction('document.querySelector("#heat-map img").naturalWidth > 100');
    await context.close();
  });

  it('finds what xnorlab exports, and shows its words', async () => {
    const { context, page, problems } = await open('api/index.html', {
      viewport: { width: 1100, height: 800 },
    });
    await page.locator('#tsd-search-trigger').click();
    await page.locator('#tsd-search-input').fill('learningCurves');
    await page.locator('#tsd-search-results a', { hasText: 'learningCurves' }).first().click();
    await page.waitForURL('**/functions/xnorlab_figures.learningCurves.html');
    expect(await page.locator('h1').textContent()).toContain('learningCurves');
    expect(await page.locator('.tsd-comment').first().textContent()).toMatch(/\w+ \w+/);
    expect(problems).toEqual([]);
    await context.close();
  });
});
