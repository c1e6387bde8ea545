import { describe, expect, it } from 'vitest';
import { listDatasets } from '../../src/node/data/load.js';
import { train } from '../../src/node/train.js';
import type { RunRecord } from '../../src/records/record.js';
import type { TrainOptions } from '../../src/training/config.js';

/*
 * Whole runs on real data, held against bars a little below the published means of five tuned runs ([BEP] fig. 2) and
 * our own measurements. Only the last epoch counts; the seeds are the first three.
 */

async function run(options: TrainOptions): Promise<RunRecord> {
  const { record, learner } = await train(options);
  await learner.dispose();
  return record;
}

describe('Fashion-MNIST, official test images', async () => {
  const dataset = 'fashion-mnist';
  const summary = (await listDatasets()).find(({ name }) => name === dataset);
  if (summary?.status !== 'found') {
    process.stderr.write(
      '\n*** SKIPPED: Fashion-MNIST is not on this machine; no accuracy was checked ***\n\n',
    );
    it.skip('SKIPPED: not on this machine', () => undefined);
    return;
  }

  it.each([1, 2, 3])('local-error 525,525 reaches 84.3 % in 20 epochs, seed %i', async (seed) => {
    const rule = { name: 'local-error', layers: [525, 525], groupSize: 35 } as const;
    const { testAccuracy } = await run({ dataset, rule, epochs: 20, seed });
    expect(testAccuracy).toBeGreaterThanOrEqual(seed === 1 ? 84.5 : 84.3);
  });

  it('local-error 255,255 reaches 84.0 % in 20 epochs', async () => {
    const rule = { name: 'local-error', layers: [255, 255], groupSize: 51 } as const;
    expect((await run({ dataset, rule, epochs: 20 })).testAccuracy).toBeGreaterThanOrEqual(84.0);
  });

  it('BEP learns through five layers with gates of ν = 0.005, where version 1 stayed at chance', async () => {
    const layers = [525, 525, 525, 525, 525];
    const rule = { name: 'bep', layers, groupSize: 35, gate: 0.005 } as const;
    // 71.6 % of the validation samples after three epochs, 70.3 % of the test samples.
    expect((await run({ dataset, rule, epochs: 3, seed: 1 })).testAccuracy).toBeGreaterThanOrEqual(69);
  });

  it('a four-level thermometer lifts it above every published fully binary number', async () => {
    const rule = { name: 'local-error', layers: [525, 525], groupSize: 35 } as const;
    const binarizer = { kind: 'thermometer', levels: 4, thresholds: 'even' } as const;
    expect((await run({ dataset, binarizer, rule, epochs: 20 })).testAccuracy).toBeGreaterThanOrEqual(86.2);
  });

  it('SGD 525,525 with learning rate 0.01 passes 87.0 % within 50 epochs', async () => {
    const { epochs } = await run({ dataset, rule: { name: 'sgd', layers: [525, 525] }, epochs: 18 });
    expect(epochs[17].testAccuracy).toBeGreaterThanOrEqual(87.0);
  });
});

describe('Pen digits of UCI, a fifth held out by the seed', async () => {
  const name = 'penbased';
  const summary = (await listDatasets()).find((one) => one.name === name);
  if (summary?.status !== 'found') {
    process.stderr.write(
      '\n*** SKIPPED: pen digits are not on this machine; no accuracy was checked ***\n\n',
    );
    it.skip('SKIPPED: not on this machine', () => undefined);
    return;
  }

  // Published: 98.61. Ten seeds of ours: 98.48 ± 0.22.
  it.each([1, 2])('local-error 135,135 reaches 97.8 % with 32 levels, seed %i', async (seed) => {
    const { testAccuracy, dataset } = await run({
      dataset: { name, protocol: { kind: 'holdout', heldOut: 0.2, from: 'all' } },
      binarizer: { kind: 'thermometer', levels: 32, thresholds: 'quantile' },
      rule: { name: 'local-error', layers: [135, 135], groupSize: 45 },
      batchSize: 32,
      epochs: 50,
      seed,
    });
    expect(dataset).toMatchObject({ inputs: 512, trainSamples: 8794, testSamples: 2198 });
    expect(testAccuracy).toBeGreaterThanOrEqual(97.8);
  });
});

describe('Random Prototypes, p = 0.46', () => {
  it('local-error 255,255 reaches 73.0 % in 50 epochs', async () => {
    const rule = { name: 'local-error', layers: [255, 255], groupSize: 51, robustness: 0.5 } as const;
    const { testAccuracy } = await run({ dataset: 'prototypes', rule, epochs: 50 });
    expect(testAccuracy).toBeGreaterThanOrEqual(73.0);
    // The maximum-likelihood decision with the prototypes known gets 81.5 %: nobody passes that by more than chance.
    expect(testAccuracy).toBeLessThan(84);
  });
});
