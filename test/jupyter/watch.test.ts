import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMIT, OpenedLab, runCommand } from './lab-page.js';

const EPOCHS = 20;

/** Waits after each batch, so that it can be seen at work: ten seconds at least. */
const CELLS = [
  "import { train, watch } from 'xnorlab';",
  `const { record } = await train(
  {
    dataset: { name: 'prototypes', prototypes: { features: 784, flipProbability: 0.42, trainSamples: 6000, testSamples: 500 } },
    rule: { name: 'local-error', layers: [120, 120], groupSize: 20 },
    epochs: ${EPOCHS},
  },
  { ...watch('local-error'), onBatch: () => new Promise((resolve) => setTimeout(resolve, 8)) },
);
record.epochs.at(-1)?.layers?.map(({ triggerPercent }) => \`\${triggerPercent.toFixed(1)} %\`).join(', ')`,
];

/** Collects the pictures that the last cell shows while it runs. */
const RECORD = `globalThis.seen = [];
setInterval(() => {
  const cell = [...document.querySelectorAll('.jp-CodeCell')].at(-1);
  const picture = cell.querySelector('.jp-OutputArea img')?.src;
  const isRunning = cell.querySelector('.jp-InputPrompt').textContent === '[*]:';
  if (isRunning && picture && !seen.includes(picture)) seen.push(picture);
}, 20)`;

describe('watch in a cell', () => {
  const lab = new OpenedLab('watch', CELLS, { width: 1100, height: 900 });
  let page: Page;
  beforeAll(async () => {
    await lab.open();
    page = lab.page;
  });
  afterAll(() => lab.close());

  it('shows a network as it learns, and leaves it as it has become', async () => {
    await page.evaluate(RECORD);
    const running = runCommand(page, 'notebook:run-all-cells');
    await page.locator('.jp-OutputArea', { hasText: 'triggers' }).first().waitFor();
    await lab.snapshot('light');
    // Over when the cells are.
    await running;
    const pictures = (await page.evaluate('seen')) as readonly string[];
    expect(pictures.length).toBeGreaterThan(1);
    const prompts = page.locator('.jp-CodeCell .jp-InputPrompt');
    await expect.poll(() => prompts.last().textContent(), LIMIT).toBe('[2]:');

    // One output that changed, then what the cell gives.
    const outputs = page.locator('.jp-CodeCell').last().locator('.jp-OutputArea-child');
    expect(await outputs.count()).toBe(2);
    const panels = outputs.first();
    expect(await panels.textContent()).toContain(`local-error, epoch ${EPOCHS} of ${EPOCHS}: training`);
    const named = await panels.locator('svg').evaluateAll((all) => all.map((svg) => svg.ariaLabel));
    expect(named).toEqual([
      'accuracy over epochs',
      'flips over epochs',
      'depth |h| of layer 1, from 1 to 16384 by powers of two',
      'depth |h| of layer 2, from 1 to 16384 by powers of two',
      'percent of samples that triggered each layer, over epochs',
    ]);
    // What the cell gives is shown in quotation marks.
    const [, last = 'nothing'] = /'(.*)'/.exec((await outputs.last().textContent()) ?? '') ?? [];
    expect(last).toMatch(/^[\d.]+ %, [\d.]+ %$/);
    expect(await panels.textContent()).toContain(`triggers  ${last}`);
    const images = panels.locator('img[alt="hidden weights of the first 20 neurons"]');
    expect(
      await images.first().evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(
      // Ten pictures of 28 × 28, a pixel apart.
      289,
    );
    const complaints = page.locator('[data-mime-type="application/vnd.jupyter.stderr"], .jp-mod-error');
    expect(await complaints.count()).toBe(0);
    await runCommand(page, 'apputils:change-theme', { theme: 'JupyterLab Dark' });
    await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: 'attached' });
    await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
    await lab.snapshot('dark');
  });
});
