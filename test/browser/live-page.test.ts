import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLivePage } from '../../src/cli/make-live-page.js';
import { csvDataset } from '../../src/data/csv.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { train } from '../../src/node/train.js';
import { binaryRules } from '../../src/rules/binary-rules.js';
import type { TrainOptions } from '../../src/training/config.js';
import {
  comparable,
  expectAccessible,
  type OpenPage,
  openPage,
  SCREENS,
  type StaticSite,
  savedRecord,
  serveFolder,
  UNFOLD,
} from './live-site.js';

const OPTIONS: TrainOptions = {
  dataset: {
    name: 'prototypes',
    prototypes: { features: 120, flipProbability: 0.3, trainSamples: 600, testSamples: 200 },
  },
  rule: { name: 'local-error', layers: [60, 60], groupSize: 10 },
  epochs: 6,
  batchSize: 50,
  seed: 3,
};

const LIMIT = { timeout: 60_000 };

/** The same as a link. */
const LINK =
  '#dataset=prototypes&rule=local-error&rule.layers=60,60&rule.groupSize=10&epochs=6&batchSize=50&seed=3' +
  '&dataset.prototypes.features=120&dataset.prototypes.flipProbability=0.3' +
  '&dataset.prototypes.trainSamples=600&dataset.prototypes.testSamples=200';

describe('the page that trains', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-live-'));
  let site: StaticSite;
  let browser: Browser;

  beforeAll(async () => {
    await makeLivePage(folder, { digits: false });
    site = await serveFolder(folder);
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    site?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (hash = '', options: Parameters<Browser['newContext']>[0] = {}): Promise<OpenPage> =>
    openPage(browser, `${site.address}/live.html${hash}`, site.address, options);

  it('gives the record that Node gives, asks no other host, and carries its configuration in its address', async () => {
    const { page, problems, context } = await open(LINK);
    await page.click('#start');
    const { name, record } = await savedRecord(page);
    const expected = await train(OPTIONS);
    expect(comparable(record)).toEqual(comparable(expected.record));
    expect(record).not.toHaveProperty('changes');
    expect(name).toBe('prototypes-local-error-seed-3.json');
    expect(await page.locator('#test-accuracy').textContent()).toBe(`${record.testAccuracy.toFixed(2)} %`);
    expect(new Set(new URLSearchParams(new URL(page.url()).hash.slice(1)))).toEqual(
      new Set(new URLSearchParams(LINK.slice(1))),
    );
    // The code for a notebook is that configuration.
    const code = (await page.locator('#code').textContent()) ?? '';
    const [, options = ''] = /^await train\(([\s\S]*)\)$/.exec(code) ?? [];
    expect(new Function(`return (${options})`)()).toEqual(OPTIONS);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('works opened as a file', async () => {
    const address = `${pathToFileURL(path.join(folder, 'live.html')).href}${LINK}`;
    const { page, problems, context } = await openPage(browser, address, 'file:');
    await page.click('#start');
    await page.locator('#save:enabled').waitFor();
    expect(problems).toEqual([]);
    await context.close();
  });

  it('waits, goes on a batch at a time by the keyboard alone, and takes another option; the record says so', async () => {
    const { page, problems, context } = await open(LINK);
    await page.focus('#step');
    await page.keyboard.press('Enter');
    await page.locator('[data-phase="paused"]').waitFor();
    await page.locator('#epoch', { hasText: '1 / 6' }).waitFor();
    const progress = (): Promise<number> =>
      page.locator('#progress').evaluate((bar) => (bar as unknown as { value: number }).value);
    // 50 of 600 samples of the first of 6 epochs, then 100.
    await expect.poll(progress, LIMIT).toBeCloseTo(50 / 600 / 6);
    await page.keyboard.press('Enter');
    await expect.poll(progress, LIMIT).toBeCloseTo(100 / 600 / 6);
    expect(await page.locator('[id="option-rule.layers"]').isDisabled()).toBe(true);
    const robustness = page.locator('[id="option-rule.robustness"]');
    await robustness.fill('2');
    await page.keyboard.press('Tab');
    await page.locator('#status.error').waitFor();
    expect(await page.locator('#status').textContent()).toBe(
      'rule.robustness: expected a number of at most 1, got 2',
    );
    await robustness.fill('0.5');
    await page.keyboard.press('Tab');
    await page.locator('#changes', { hasText: 'A change waits for the next epoch.' }).waitFor();
    await page.click('#start');
    const { name, record } = await savedRecord(page);
    expect(name).toBe('prototypes-local-error-seed-3-disturbed.json');
    expect(record.changes).toEqual([{ epoch: 2, option: 'rule.robustness', from: 0.25, to: 0.5 }]);
    expect(await page.locator('#changes').textContent()).toBe('Rule.robustness is 0.5 from epoch 2 on.');
    expect(problems).toEqual([]);
    await context.close();
  });

  it('reads files that never leave it, and refuses damaged ones in the words of the command line', async () => {
    const { page, problems, context } = await open(
      '#rule=local-error&rule.layers=12&rule.groupSize=4&epochs=2',
    );
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${(i * 3) % 5},${i % 2}`);
    const whole = ['a,b,label', ...rows, ''].join('\n');
    const damaged = whole.replace('0,0,0', '0,zero,0');
    const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.check('#data-own');
    await page.setInputFiles('#files', [file('train.csv', damaged), file('test.csv', whole)]);
    await page.locator('#own-words.error').waitFor();
    const source = (text: string, name: string) => ({ file: name, bytes: Buffer.from(text) });
    const expected = (): unknown =>
      csvDataset('train', { train: source(damaged, 'train.csv'), test: source(whole, 'test.csv') });
    expect(expected).toThrow((await page.locator('#own-words').textContent()) ?? 'no text');
    expect(await page.locator('#own-words').textContent()).toContain('line 2, column b');
    await page.setInputFiles('#files', [file('train.csv', whole), file('test.csv', whole)]);
    await page.locator('#own-words:not(.error)', { hasText: '40 samples to train on' }).waitFor();
    await page.click('#start');
    const { record } = await savedRecord(page);
    expect(record.dataset).toMatchObject({ name: 'train', trainSamples: 40, features: 2 });
    expect(problems).toEqual([]);
    await context.close();
  });

  it.each(SCREENS)(
    'is accessible and no wider than a screen of $viewport.width px, $colorScheme',
    async (screen) => {
      const { page, problems, context } = await open(LINK, screen);
      await page.evaluate(UNFOLD);
      await expectAccessible(page);
      await page.click('#step');
      await page.locator('[data-phase="paused"]').waitFor();
      await page.locator('[id="option-rule.robustness"]').fill('2');
      await page.keyboard.press('Tab');
      await page.locator('#status.error').waitFor();
      await expectAccessible(page);
      await page.click('#start');
      await page.locator('#save:enabled').waitFor();
      await page.locator('#answers li').first().waitFor();
      await expectAccessible(page);
      await page.check('#data-own');
      await page.click('#start');
      await page.locator('#status.error', { hasText: 'Drop files on the page first' }).waitFor();
      await expectAccessible(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        screen.viewport.width,
      );
      expect(problems).toEqual([]);
      await context.close();
    },
  );

  it('offers every rule on bits, says where the others run, and trains each', async () => {
    const first = await open();
    const offered = await first.page.locator('#rule option').allTextContents();
    expect(offered).toEqual(binaryRules.map(({ name }) => name));
    expect(await first.page.locator('#rule-words').textContent()).toContain(
      'those on floats run in Node alone',
    );
    await first.context.close();
    const data = LINK.slice(LINK.indexOf('&dataset.prototypes'));
    for (const rule of offered) {
      const { page, problems, context } = await open(
        `#dataset=prototypes&rule=${rule}&rule.layers=20,20&rule.groupSize=5&epochs=2${data}`,
      );
      await page.click('#start');
      const { record } = await savedRecord(page);
      expect(record.rule.name).toBe(rule);
      const [, { layers = [] }] = record.epochs;
      const names = page.locator('#triggers .u-legend .u-series th');
      expect(await names.allTextContents()).toEqual(['epoch', ...layers.map((_, l) => `layer ${l + 1}`)]);
      await page.locator('#answer-words', { hasText: /^The network says/ }).waitFor();
      expect(problems).toEqual([]);
      await context.close();
    }
  });

  it('works where the browser has no language that Intl knows, as under the locale C', async () => {
    const context = await browser.newContext();
    await context.addInitScript(
      "Object.defineProperty(navigator, 'language', { value: 'en-US@posix', configurable: true })",
    );
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${site.address}/live.html`);
    await page.locator('#start').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('says without scripts what it would show', async () => {
    const { page, context } = await open('', { javaScriptEnabled: false });
    const text = await page.locator('main').textContent();
    expect(text).toContain('shows while it learns: its accuracy, how many weights flip');
    expect(await page.locator('#live').isVisible()).toBe(false);
    await context.close();
  });
});
