import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLivePage } from '../../src/cli/make-live-page.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { train } from '../../src/node/train.js';
import { comparable, expectAccessible, openPage, savedRecord } from '../browser/live-site.js';

describe('the page that trains, on the digits that it brings along', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-digits-'));
  let browser: Browser;

  beforeAll(async () => {
    expect(await makeLivePage(folder, { digits: true })).toMatchObject({ hasDigits: true });
    browser = await launchBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reaches 92 % with 255,255 in 20 epochs, with the record that Node gives on MNIST, and knows a 1 that is drawn', async () => {
    const { page, problems, context } = await openPage(
      browser,
      pathToFileURL(path.join(folder, 'live.html')).href,
      'file:',
    );
    page.setDefaultTimeout(10 * 60_000);
    await page.click('#start');
    const { record } = await savedRecord(page);
    expect(record.testAccuracy).toBeGreaterThanOrEqual(92);
    const { record: expected } = await train({ dataset: 'mnist', rule: { name: 'local-error' } });
    expect(comparable(record)).toEqual(comparable(expected));

    page.setDefaultTimeout(60_000);
    await page.locator('#sketch').scrollIntoViewIfNeeded();
    const pad = await page.locator('#sketch').boundingBox();
    if (!pad) throw new Error('the pad is not shown');
    const at = (x: number, y: number) => [pad.x + x * pad.width, pad.y + y * pad.height] as const;
    await page.mouse.move(...at(0.55, 0.1));
    await page.mouse.down();
    await page.mouse.move(...at(0.45, 0.9), { steps: 8 });
    await page.mouse.up();
    await page.locator('#answer-words', { hasText: 'The network says 1.' }).waitFor();
    expect(await page.locator('#answers h3').allTextContents()).toEqual(['Layer 1: 1', 'Layer 2: 1']);
    await expectAccessible(page);
    expect(problems).toEqual([]);
    await context.close();
  });
});
