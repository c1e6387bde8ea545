import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exampleNetwork } from '../../src/browser/explained-network.js';
import { launchBrowser } from '../../src/node/printing/browser.js';
import { EXPLAINED, tellBatch } from '../../src/rules/local-error/batch-story.js';
import { explainPage } from '../../src/site/explain-page.js';
import { expectAccessible, openPage, SCREENS, UNFOLD } from './live-site.js';

const READING_COPY = readFileSync(path.resolve(__dirname, '..', '..', 'docs', 'reading-copy.ts'), 'utf8');

describe('one batch, step by step', () => {
  it('ends where the rule ends', async () => {
    const { learner, plan } = await exampleNetwork();
    const { layers } = tellBatch(learner, plan);
    const { layers: observed = [] } = await learner.trainEpoch(plan);
    const hidden = learner.hiddenWeights?.() ?? [];
    expect(layers.map(({ after }) => after.flat())).toEqual(hidden.map(({ values }) => Array.from(values)));
    const samples = plan.order.length;
    expect(layers.map(({ triggers }) => triggers.length / samples)).toEqual(
      observed.map(({ triggerShare }) => triggerShare),
    );
    const flips = layers.map(
      ({ before, after }) => before.flat().filter((h, i) => h < 0 !== after.flat()[i] < 0).length,
    );
    expect(flips).toEqual(observed.map((layer) => layer.flips));
  });

  it('is an example of all that can happen', async () => {
    const { learner, plan } = await exampleNetwork();
    const { layers, labels } = tellBatch(learner, plan);
    const triggers = layers.flatMap((layer) => layer.triggers);
    expect(new Set(triggers.map(({ isWrong }) => isWrong)).size).toBe(2);
    expect(triggers.length).toBeLessThan(2 * labels.length);
    expect(layers.every(({ triggers }) => triggers.length > 0)).toBe(true);
    const choices = layers.flatMap((layer) => layer.choices);
    for (const { stabilities, chosen } of choices) {
      chosen.forEach((k, group) => {
        const own = stabilities.slice(5 * group, 5 * group + 5).filter((s) => s < 0);
        // The least wrong of the group, or none where none is wrong.
        expect(k === undefined ? [] : [stabilities[k]]).toEqual(own.length === 0 ? [] : [Math.max(...own)]);
      });
    }
    expect(EXPLAINED.layers).toEqual([15, 15]);
  });

  it('stands beside the lines of the reading copy, and says when they are gone', async () => {
    const { learner, plan } = await exampleNetwork();
    const story = tellBatch(learner, plan);
    const page = explainPage(story, READING_COPY, []);
    expect(page).toContain('kernels.selectNeurons(z, triggers, classifier, targets, groupSize, steps);');
    const moved = story.layers[0].before
      .flat()
      .filter((h, i) => h !== story.layers[0].after.flat()[i]).length;
    expect(page).toContain(`Of 240 weights, ${moved} moved`);
    expect(() => explainPage(story, READING_COPY.replace('kernels.applySteps(', ''), [])).toThrow(
      'docs/reading-copy.ts has no line that begins with kernels.applySteps(',
    );
  });

  it('is accessible and no wider than a screen, by day and by night', async () => {
    const { learner, plan } = await exampleNetwork();
    const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-explain-'));
    const file = path.join(folder, 'explain.html');
    writeFileSync(file, explainPage(tellBatch(learner, plan), READING_COPY, []));
    const browser = await launchBrowser();
    for (const screen of SCREENS) {
      const { page, problems, context } = await openPage(browser, pathToFileURL(file).href, 'file:', screen);
      await page.evaluate(UNFOLD);
      await expectAccessible(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        screen.viewport.width,
      );
      expect(problems).toEqual([]);
      await context.close();
    }
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
