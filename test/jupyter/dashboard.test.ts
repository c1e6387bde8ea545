import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { expectAccessible, openPage, SCREENS, UNFOLD } from '../browser/live-site.js';
import { LIMIT } from './lab-page.js';
import { temporaryFolder } from './notebooks.js';

/** Compiled: `npm run build` comes first. */
const CLI = path.join(PACKAGE_ROOT, 'dist', 'cli.js');

/** 40 runs. They take seconds, so that a kill comes in between. */
const SWEEP = `
base:
  dataset: { name: prototypes, prototypes: { features: 300, trainSamples: 3000, testSamples: 300, validationSamples: 300 } }
  rule: { name: local-error, layers: [60, 60] }
  epochs: 20
axes:
  - grid: { rule.groupSize: [5, 10], rule.robustness: [0, 0.25] }
  - seeds: 10
`;

describe('the dashboard', () => {
  const folder = temporaryFolder();
  const store = path.join(folder.path, 'store');
  const sweep = ['sweep', 'sweep.yaml', '--store', store, '--workers', '2'];
  let browser: Browser;
  let dashboard: ChildProcess | undefined;

  beforeAll(async () => {
    writeFileSync(path.join(folder.path, 'sweep.yaml'), SWEEP);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    dashboard?.kill();
    folder.remove();
  });

  const start = (words: readonly string[]): ChildProcess =>
    spawn(process.execPath, [CLI, ...words], { cwd: folder.path, stdio: ['ignore', 'pipe', 'ignore'] });

  async function finished(page: Page): Promise<number> {
    return Number(await page.locator('#count-finished').textContent());
  }

  it('follows a sweep that is killed and resumed, compares groups, and is kept as one file', async () => {
    const first = start(sweep);
    // There is a store as soon as there is a run.
    let address = '';
    while (address === '') {
      dashboard = start(['dashboard', '--store', store]);
      const [printed] = await Promise.race([
        once(dashboard.stdout ?? dashboard, 'data'),
        once(dashboard, 'exit').then(() => ['']),
      ]);
      address = String(printed).trim();
    }
    const { page, problems, context } = await openPage(browser, address, new URL(address).origin);
    await expect.poll(() => finished(page), LIMIT).toBeGreaterThan(0);
    first.kill('SIGKILL');
    const [, signal] = await once(first, 'exit');
    // Else it was over before it could be killed, and nothing is tried here.
    expect(signal).toBe('SIGKILL');
    const second = start(sweep);
    expect((await once(second, 'exit'))[0]).toBe(0);
    await expect.poll(() => finished(page), LIMIT).toBe(40);
    expect(await page.locator('#count-unfinished').textContent()).toBe('0');
    expect(await page.locator('#count-epochs').textContent()).toBe('800');
    expect(await page.locator('#time-left').textContent()).toBe('nothing to train');

    expect(await page.locator('#matches').textContent()).toBe('40 of 40 runs, in 4 groups of seeds');
    await page.locator('[id="filter-rule.groupSize"]').selectOption('5');
    expect(await page.locator('#matches').textContent()).toBe('20 of 40 runs, in 2 groups of seeds');
    const rows = await page.locator('#group-rows tr').allInnerTexts();
    expect(rows).toHaveLength(2);
    for (const row of rows)
      expect(row).toMatch(/^\s*5\s+0(\.25)?\s+10\s+\d+\.\d\d ± \d+\.\d\d\s+\d+\.\d\d ± \d+\.\d\d$/);
    await page.getByLabel('Compare groupSize 5, robustness 0.25').uncheck();
    expect(await page.locator('#curve-names').textContent()).toBe('groupSize 5, robustness 0');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-svg')]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(
      /^<svg .*groupSize 5, robustness 0<\/text><\/svg>\n$/s,
    );
    expect(await page.locator('#code').textContent()).toContain("groupSize: 'rule.groupSize'");
    await expectAccessible(page);
    expect(problems).toEqual([]);
    await context.close();

    const file = path.join(folder.path, 'runs.html');
    await promisify(execFile)(process.execPath, [CLI, 'dashboard', '--store', store, '--export', file]);
    for (const screen of SCREENS) {
      const copy = await openPage(browser, pathToFileURL(file).href, 'file:', screen);
      await copy.page.locator('#matches', { hasText: '40 of 40 runs, in 4 groups of seeds' }).waitFor();
      expect(await copy.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        screen.viewport.width,
      );
      await copy.page.evaluate(UNFOLD);
      await expectAccessible(copy.page);
      expect(copy.problems).toEqual([]);
      await copy.context.close();
    }
  });
});
