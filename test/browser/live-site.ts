import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { RunRecord } from '../../src/records/record.js';

/** A folder behind a static server of its own. */
export interface StaticSite {
  readonly address: string;
  close(): void;
}

export async function serveFolder(folder: string): Promise<StaticSite> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.setHeader('content-type', type).end(readFileSync(path.join(folder, path.basename(pathname))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** An open page, and what went wrong on it: errors, and requests that it does not answer itself. */
export interface OpenPage {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly problems: string[];
}

/** @param own - what addresses of the page's own begin with */
export async function openPage(
  browser: Browser,
  address: string,
  own: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ locale: 'en-US', acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !/^(data|blob):/.test(url)) problems.push(`asks ${url}`);
  });
  await page.goto(address);
  return { context, page, problems };
}

/** Waits for the end of the run, and saves its record as a reader would. */
export async function savedRecord(
  page: Page,
): Promise<{ name: string; record: RunRecord & { changes?: unknown } }> {
  await page.locator('#save:enabled').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  const record = JSON.parse(readFileSync(await download.path(), 'utf8'));
  return { name: download.suggestedFilename(), record };
}

/** A record without times and without what ran it. */
export function comparable(record: RunRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) =>
      key.endsWith('Ms') || ['startedAt', 'software', 'backend'].includes(key) ? undefined : value,
    ),
  );
}

/** What pages are tried on: a phone and a desk, by day and by night. */
export const SCREENS = [400, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ viewport: { width, height: 800 }, colorScheme })),
);

/** Opens what is folded away, so that it is looked at, too. */
export const UNFOLD = "for (const folded of document.querySelectorAll('details')) folded.open = true;";

/**
 * Holds that axe finds nothing wrong with a page as it is now: rule and element. Lighthouse's score of accessibility is the weighted share of
 * axe's rules that are kept, of which these are more; so it would be 100.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const axe = createRequire(__filename).resolve('axe-core/axe.min.js');
  await page.evaluate(readFileSync(axe, 'utf8'));
  const found = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  expect(
    found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
  ).toEqual([]);
}
