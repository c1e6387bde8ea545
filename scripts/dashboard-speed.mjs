/**
 * `node scripts/dashboard-speed.mjs [--runs N] [--epochs N]`: how long the dashboard of a large store takes to show itself, and to filter, from a made-up
 * store in the temporary folder. It needs a build (`npm run setup`) and a browser, and prints JSON, in milliseconds: until the command gives its
 * address; from there until the page is painted; and for each filter from its change to the next picture, beside the work alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { random } from './random.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const built = (file) => createRequire(import.meta.url)(path.join(root, 'dist', file));
const { openStore } = built('node/store/run-store.js');
const { runKey } = built('records/run-key.js');
const { launchBrowser } = built('node/printing/browser.js');

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, epochs: { type: 'string', default: '50' } },
});
const [runs, epochs] = [Number(values.runs), Number(values.epochs)];
const below = random(1);

/** Ten seeds of each of ten by ten by ten options. */
function madeUpRun(number) {
  const seed = (number % 10) + 1;
  const [groupSize, robustness, reinforcement] = [10, 100, 1000].map(
    (tens) => (Math.floor(number / tens) % 10) + 1,
  );
  const rule = { name: 'local-error', version: 1 };
  const options = { groupSize, robustness: robustness / 10, reinforcement: reinforcement / 10 };
  const config = {
    dataset: { name: 'prototypes' },
    rule: { name: 'local-error', layers: [40, 40], ...options },
    epochs,
    seed,
  };
  const percent = (epoch) => 90 - 60 / epoch + below(400) / 100;
  const history = Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    trainAccuracy: percent(i + 1),
    validationAccuracy: percent(i + 1),
    testAccuracy: percent(i + 1),
    flips: 1000,
    trainMs: 10,
    elapsedMs: 12,
  }));
  const { trainAccuracy, validationAccuracy, testAccuracy } = history[epochs - 1];
  const sizes = { trainSamples: 100, validationSamples: 50, testSamples: 50 };
  const record = {
    recordVersion: 1,
    config,
    rule,
    seed,
    dataset: { name: 'prototypes', sha256: '00', classes: 10, features: 100, inputs: 100, ...sizes },
    backend: { name: 'native', description: 'made up' },
    software: { xnorlab: '0', commit: 'unknown', node: process.version },
    startedAt: new Date(0).toISOString(),
    epochs: history,
    selectedEpoch: epochs,
    trainAccuracy,
    validationAccuracy,
    testAccuracy,
    totals: {},
  };
  return { key: runKey(config, '00', rule), config, rule, datasetSha256: '00', record };
}

const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-dashboard-speed-'));
const store = openStore(path.join(folder, 'store'), { create: true });
for (let first = 0; first < runs; first += 500) {
  await store.write(async (writer) => {
    for (let number = first; number < Math.min(runs, first + 500); number++) {
      const { record, ...run } = madeUpRun(number);
      writer.begin(run);
      writer.appendEpochs(run.key, record.epochs);
      writer.finish(run.key, record);
    }
  });
}
store.close();

const begun = performance.now();
const child = spawn(
  process.execPath,
  [path.join(root, 'dist', 'cli.js'), 'dashboard', '--store', path.join(folder, 'store')],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const browser = await launchBrowser();
try {
  const [printed] = await once(child.stdout, 'data');
  const startMs = performance.now() - begun;
  const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  const opened = performance.now();
  await page.goto(String(printed).trim());
  await page.locator('#matches', { hasText: ' runs, in ' }).waitFor();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  const firstViewMs = performance.now() - opened;
  const filters = {};
  for (const words of ['g', 'groupSize=5', 'groupSize=5 seed=3', 'robustness=0.2', '']) {
    filters[words] = await page.evaluate(async (typed) => {
      const input = document.getElementById('words');
      const start = performance.now();
      input.value = typed;
      input.dispatchEvent(new Event('input'));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const workMs = Number(document.getElementById('matches').dataset.ms);
      return { paintedMs: Math.round(performance.now() - start), workMs };
    }, words);
  }
  const rounded = { startMs: Math.round(startMs), firstViewMs: Math.round(firstViewMs) };
  process.stdout.write(`${JSON.stringify({ runs, epochs, ...rounded, filters })}\n`);
} finally {
  await browser.close();
  child.kill();
  rmSync(folder, { recursive: true, force: true });
}
