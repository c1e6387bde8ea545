import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../../src/node/printing/browser.js';
import { openPage } from '../../../browser/live-site.js';
import { hasRedis, RedisServer } from './redis-server.js';
import { Commands, type Xnorlab } from './xnorlab.js';

/** 8 runs of about a second each on one thread. */
const SWEEP = `
base:
  dataset:
    name: prototypes
    prototypes: { features: 200, classes: 4, trainSamples: 2000, validationSamples: 200, testSamples: 200 }
  rule: { name: local-error, layers: [90, 30], groupSize: 5 }
  epochs: 150
axes:
  - grid: { rule.groupSize: [5, 10] }
  - seeds: 4
`;

const LIMIT = { timeout: 120_000 };

describe.skipIf(!hasRedis)('the dashboard of a sweep that workers of a queue train', () => {
  let folder: string;
  let redis: RedisServer;
  let browser: Browser;
  const commands = new Commands();
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-queue-dashboard-'));
    redis = await RedisServer.start();
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await browser.close();
    await commands.end();
    await redis.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const startWorker = (): Xnorlab => commands.startWorker(redis.address);

  const finished = async (page: Page): Promise<number> =>
    Number(await page.locator('#count-finished').textContent());

  it('shows each run as its worker finishes it, also when one is killed and another comes', async () => {
    const [file, store] = ['small.yaml', 'store'].map((name) => path.join(folder, name));
    writeFileSync(file, SWEEP);
    const sweep = commands.start('sweep', file, '--store', store, '--queue', redis.address);
    while (!existsSync(path.join(store, 'store.sqlite'))) await sleep(20);
    const dashboard = commands.start('dashboard', '--store', store);
    await dashboard.wrote(/http:\S+\n/);
    const [address] = /http:\S+/.exec(dashboard.output) ?? [''];
    const { page, problems, context } = await openPage(browser, address, new URL(address).origin);
    expect(await finished(page)).toBe(0);
    const first = startWorker();
    await first.wrote(/finished/);
    first.kill('SIGKILL');
    await first.end();
    await expect.poll(() => finished(page), LIMIT).toBeGreaterThan(0);
    expect(await finished(page)).toBeLessThan(8);
    startWorker();
    expect(await sweep.end()).toBe(0);
    await expect.poll(() => finished(page), LIMIT).toBe(8);
    expect(await page.locator('#matches').textContent()).toBe('8 of 8 runs, in 2 groups of seeds');
    expect(await page.locator('#count-epochs').textContent()).toBe('1,200');
    expect(problems).toEqual([]);
    await context.close();
  });
});
