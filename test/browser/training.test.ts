import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { train } from '../../src/node/train.js';
import type { RunRecord } from '../../src/records/record.js';
import type { TrainOptions } from '../../src/training/config.js';

const ROOT = path.resolve(__dirname, '..', '..');
const PROTOTYPES = {
  features: 200,
  classes: 5,
  flipProbability: 0.35,
  trainSamples: 600,
  validationSamples: 100,
  testSamples: 200,
};
const OPTIONS: TrainOptions = {
  dataset: { name: 'prototypes', prototypes: PROTOTYPES },
  rule: { name: 'local-error', layers: [60, 60], groupSize: 10 },
  epochs: 4,
  seed: 3,
};

/** Trains in the page and returns the record. */
const TRAIN = `(async ({ options, prototypes }) => {
  const { generatePrototypes, loadKernels, train } = await import('/browser.js');
  const bytes = new Uint8Array(await (await fetch('/kernels.wasm')).arrayBuffer());
  const kernels = await loadKernels(bytes);
  const { record } = await train(options, { kernels, dataset: generatePrototypes(prototypes) });
  return record;
})`;

/** One file of the pure core for a page: nothing is left out, replaced or faked. */
async function bundle(file: string): Promise<string[]> {
  const warnings: string[] = [];
  const build = await rolldown({
    input: path.join(ROOT, 'src', 'browser', 'index.ts'),
    platform: 'browser',
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    onLog: (_, { message }) => warnings.push(message),
  });
  await build.write({ file, format: 'esm', codeSplitting: false });
  await build.close();
  return warnings;
}

/** The record without times and without what ran it. */
function comparable(record: RunRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) =>
      key.endsWith('Ms') || ['startedAt', 'software', 'backend'].includes(key) ? undefined : value,
    ),
  );
}

describe('the bundled core in a page', () => {
  let server: Server;
  let browser: Browser;
  let warnings: string[];
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-bundle-'));
  const file = path.join(folder, 'browser.js');

  beforeAll(async () => {
    warnings = await bundle(file);
    server = createServer((request, response) => {
      if (request.url === '/kernels.wasm')
        response.end(readFileSync(path.join(ROOT, 'dist/kernels/wasm/kernels.wasm')));
      else if (request.url === '/browser.js') {
        response.setHeader('content-type', 'text/javascript').end(readFileSync(file));
      } else response.setHeader('content-type', 'text/html').end('<!doctype html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launchBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is whole: nothing of Node is asked for, nothing is left unresolved', () => {
    expect(warnings).toEqual([]);
    expect(readFileSync(file, 'utf8')).not.toMatch(/^import |\brequire\(|['"]node:/m);
  });

  it('trains local-error on prototypes and gives the record that Node gives', async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const record = (await page.evaluate(
      `${TRAIN}(${JSON.stringify({ options: OPTIONS, prototypes: PROTOTYPES })})`,
    )) as RunRecord;
    const expected = await train(OPTIONS);
    expect(comparable(record)).toEqual(comparable(expected.record));
    expect(record.testAccuracy).toBeGreaterThan(50);
  }, 60_000);
});
