import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';
import { randomProblem } from './problem.js';

const PROBLEM = randomProblem(20, 30, 3, 4);

function learner(classes = 3): LocalErrorLearner {
  const config = localErrorConfig.parse({ name: 'local-error', layers: [9], groupSize: 3 });
  const task = { input: vector(30), classes, batchSize: 8, hasValidation: false };
  return new LocalErrorLearner(config, task, {
    kernels: selectKernels('reference'),
    streams: randomStreams(1),
  });
}

function train(made: LocalErrorLearner, afterBatch: (shown: number) => Promise<void> | undefined) {
  const order = Uint32Array.from({ length: 20 }, (_, i) => i);
  return made.trainEpoch({ data: PROBLEM.data, order, batchSize: 8, afterBatch });
}

describe('an epoch of a binary network', () => {
  it('says after each batch how many samples it has shown, the last batch being shorter', async () => {
    const shown: number[] = [];
    await train(learner(), (samples) => {
      shown.push(samples);
      return undefined;
    });
    expect(shown).toEqual([8, 16, 20]);
  });

  it('waits for what it is asked to wait for before the next batch', async () => {
    const made = learner();
    const events: string[] = [];
    const hidden = () => made.layers[0].weights.hidden.values.join();
    let before = hidden();
    await train(made, async (samples) => {
      const after = hidden();
      events.push(`${samples} shown`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      // Nothing has moved in the meantime.
      expect(hidden()).toBe(after);
      expect(after).not.toBe(before);
      before = after;
      events.push(`${samples} waited`);
    });
    expect(events).toEqual(['8 shown', '8 waited', '16 shown', '16 waited', '20 shown', '20 waited']);
  });

  it('ends with an error that is thrown between batches, and leaves finished epochs as they were', async () => {
    const made = learner();
    const { progress } = made.saveState();
    await expect(
      train(made, (samples) => (samples === 16 ? Promise.reject(new Error('stopped')) : undefined)),
    ).rejects.toThrow('stopped');
    expect(made.saveState().progress).toEqual(progress);
    expect(made.operations().xnorBits).toBe(0);
  });

  it('is the same whether batches of that size were shown before, or the memory for them was given back', async () => {
    const [kept, disposed] = [learner(), learner()];
    for (const made of [kept, disposed]) {
      await train(made, () => undefined);
      if (made === disposed) await made.dispose();
      await train(made, () => undefined);
    }
    expect(disposed.saveState()).toEqual(kept.saveState());
  });

  it('is refused for a task of a single class', () => {
    expect(() => learner(1)).toThrow('classes: expected an integer of at least 2, got 1');
  });
});
