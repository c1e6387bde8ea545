import { describe, expect, it } from 'vitest';
import { type LiveHost, LiveRun } from '../../src/browser/live-run.js';
import { askLearner, Onlooker } from '../../src/browser/onlooker.js';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { InterruptedError } from '../../src/core/errors.js';
import { generatePrototypes } from '../../src/data/prototypes.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { train } from '../../src/node/train.js';
import type { RunRecord } from '../../src/records/record.js';
import type { TrainOptions } from '../../src/training/config.js';
import { prepareDataset } from '../../src/training/prepared-data.js';

const PROTOTYPES = { features: 60, classes: 3, flipProbability: 0.3, trainSamples: 120, testSamples: 60 };
const DATASET = { name: 'prototypes', prototypes: { ...PROTOTYPES, validationSamples: 30 } };
const OPTIONS: TrainOptions = {
  dataset: DATASET,
  rule: { name: 'local-error', layers: [12, 12], groupSize: 4 },
  epochs: 5,
  batchSize: 20,
  seed: 7,
};

const dataset = generatePrototypes(DATASET.prototypes);

/** A run on the data; `onBatch` gets the run and the number of the batch, from 1. */
function liveRun(
  onBatch: (run: LiveRun, batch: number) => void = () => undefined,
  options: TrainOptions = OPTIONS,
): LiveRun {
  let batches = 0;
  const host: LiveHost = {
    kernels: async () => referenceKernels,
    prepare: (config) => prepareDataset(config, dataset),
    onBatch: () => onBatch(run, ++batches),
    onEpoch: () => undefined,
    onState: () => undefined,
  };
  const run: LiveRun = new LiveRun(options, host);
  return run;
}

/** The record without times and without what ran it. */
function comparable(record: RunRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) =>
      key.endsWith('Ms') || ['startedAt', 'software', 'backend'].includes(key) ? undefined : value,
    ),
  );
}

describe('a run in view', () => {
  it('gives the record that Node gives, however often it waits and is looked at', async () => {
    const onlooker = new Onlooker();
    const run = liveRun((live, batch) => {
      if (live.learner) onlooker.look(live.learner, 2);
      if (batch % 7 !== 0) return;
      live.pause();
      setTimeout(() => (batch % 2 === 0 ? live.resume() : live.step()), 1);
      if (batch % 2 !== 0) setTimeout(() => live.resume(), 4);
    });
    const { record } = await run.run();
    const expected = await train(OPTIONS, { dataset });
    expect(comparable(record)).toEqual(comparable(expected.record));
    expect(record).not.toHaveProperty('changes');
  });

  it('stands still while it waits, and goes on one batch at a time', async () => {
    const batches: number[] = [];
    const run = liveRun((live, batch) => {
      batches.push(batch);
      if (batch === 3) live.pause();
    });
    const over = run.run();
    const reached = async (batch: number): Promise<void> => {
      await expect.poll(() => batches.length, { timeout: 60_000 }).toBe(batch);
      // Time in which it would go on, if it did.
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await reached(3);
    expect(batches).toEqual([1, 2, 3]);
    expect(run.isPaused).toBe(true);
    run.step();
    await reached(4);
    expect(batches).toEqual([1, 2, 3, 4]);
    run.resume();
    await over;
    expect(batches).toHaveLength(30);
  });

  it('takes another option from the next epoch on, and its record says so', async () => {
    const run = liveRun((live, batch) => {
      if (batch !== 9) return;
      live.change('robustness', 0.5);
      live.change('groupSize', 12);
      expect(live.hasPending).toBe(true);
    });
    const { record } = await run.run();
    const undisturbed = await train(OPTIONS, { dataset });
    const [whole, changed] = [undisturbed.record, record].map(
      (one) => comparable(one) as { epochs: unknown[] },
    );
    expect(changed.epochs.slice(0, 2)).toEqual(whole.epochs.slice(0, 2));
    expect(changed.epochs[2]).not.toEqual(whole.epochs[2]);
    expect(record).toMatchObject({
      config: { rule: { robustness: 0.5, groupSize: 12 } },
      changes: [
        { epoch: 3, option: 'rule.groupSize', from: 4, to: 12 },
        { epoch: 3, option: 'rule.robustness', from: 0.25, to: 0.5 },
      ],
    });
    // One group of twelve: each trigger moves one neuron, not three.
    expect(run.learner).toMatchObject({ groupSizes: [12, 12] });
  });

  it('is undisturbed by a change that is taken back, or comes too late', async () => {
    const run = liveRun((live, batch) => {
      if (batch === 2) live.change('robustness', 0.9);
      if (batch === 4) live.change('robustness', 0.25);
      if (batch === 28) live.change('reinforcement', 0);
    });
    const { record } = await run.run();
    const expected = await train(OPTIONS, { dataset });
    expect(comparable(record)).toEqual(comparable(expected.record));
  });

  it('refuses a wrong value with the words of the command line, and goes on', async () => {
    const messages: string[] = [];
    const run = liveRun((live, batch) => {
      if (batch !== 2) return;
      for (const [option, value] of [
        ['groupSize', 5],
        ['robustness', 2],
      ] as const) {
        try {
          live.change(option, value);
        } catch (error) {
          messages.push((error as Error).message);
        }
      }
    });
    const { record } = await run.run();
    expect(messages).toEqual([
      "rule.groupSize: expected a divisor of the layer's 12 neurons, got 5",
      'rule.robustness: expected a number of at most 1, got 2',
    ]);
    expect(record).not.toHaveProperty('changes');
  });

  it('stops when it is told to, also while it waits', async () => {
    const run = liveRun((live, batch) => {
      if (batch !== 4) return;
      live.pause();
      setTimeout(() => live.stop(), 5);
    });
    await expect(run.run()).rejects.toThrow(InterruptedError);
  });
});

describe('an onlooker', () => {
  it('counts what has flipped between two looks, and how deep weights lie', async () => {
    const onlooker = new Onlooker();
    const counted = [0, 0];
    const run = liveRun((live) => {
      const view = live.learner && onlooker.look(live.learner, 1);
      view?.flips.forEach((flips, l) => {
        counted[l] += flips;
      });
    });
    const { record } = await run.run();
    const view = run.learner && onlooker.look(run.learner, 1);
    const recorded = record.epochs.map(({ layers = [] }) => layers.map(({ flips }) => flips));
    // A weight that flips twice within a batch is seen as none; what is seen is no more than what is recorded.
    [0, 1].forEach((l) => {
      const sum = recorded.reduce((all, flips) => all + flips[l], 0);
      expect(counted[l]).toBeGreaterThan(0);
      expect(counted[l]).toBeLessThanOrEqual(sum);
    });
    expect(view?.depth).toEqual(record.epochs[4].layers?.map(({ depthHistogram }) => depthHistogram));
    expect(view?.first).toEqual(run.learner?.hiddenWeights?.()[0].values.slice(0, 60));
    expect(view?.inputs).toBe(60);
  });

  it('asks every layer about a sample, as the network predicts', async () => {
    const run = liveRun();
    const { trained } = await run.run();
    const { inputs } = run.prepared.task.test;
    if (!(inputs instanceof BitMatrix)) throw new Error('the rule is shown bits');
    const predictions = await trained.predict(dataset.test.features);
    for (let row = 0; row < 10; row++) {
      const { prediction, layers } = await askLearner(trained.learner, inputs.rowRange(row, row + 1));
      expect(prediction).toBe(predictions[row]);
      expect(layers.map(({ layer }) => layer)).toEqual([1, 2]);
      expect(layers[1].answer).toBe(prediction);
      // Twelve neurons agree or not: even, within ±12.
      for (const { logits } of layers) {
        expect(logits.every((logit) => Math.abs(logit) <= 12 && logit % 2 === 0)).toBe(true);
      }
    }
  });
});
