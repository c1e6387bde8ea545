import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { BepLearner } from '../../../src/rules/bep/bep.js';
import { bepConfig } from '../../../src/rules/bep/config.js';
import { CommitteeLearner } from '../../../src/rules/committee/committee.js';
import { committeeConfig } from '../../../src/rules/committee/config.js';
import { localErrorConfig } from '../../../src/rules/local-error/config.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';
import type { Learner, LearnerState, Problem } from '../../../src/rules/rule.js';

const INPUTS = 100;
const TASK: Problem = { input: vector(INPUTS), classes: 2, batchSize: 8, hasValidation: false };
const LAYERS = { layers: [300, 60], groupSize: [300, 60] };

const context = () => ({ kernels: selectKernels('reference'), streams: randomStreams(3) });

/** The rules on hidden weights, their layers' N, and how a learner is made. */
const RULES: readonly [name: string, fanIns: number[], make: (reinforcement: number) => Learner][] = [
  [
    'local-error',
    [INPUTS, 300],
    (reinforcement) => {
      const config = localErrorConfig.parse({ name: 'local-error', ...LAYERS, robustness: 1, reinforcement });
      return new LocalErrorLearner(config, TASK, context());
    },
  ],
  [
    'bep',
    [INPUTS, 300],
    (reinforcement) => {
      const config = bepConfig.parse({ name: 'bep', ...LAYERS, robustness: 1, reinforcement });
      return new BepLearner(config, TASK, context());
    },
  ],
  [
    'committee',
    [INPUTS],
    (reinforcement) => {
      const config = committeeConfig.parse({
        name: 'committee',
        layers: '300-20',
        robustness: 1,
        reinforcement,
      });
      return new CommitteeLearner(config, TASK, context());
    },
  ],
];

/** Of each layer. */
function reinforcements(state: LearnerState): number[] {
  return Object.keys(state)
    .filter((name) => name.endsWith('/counts'))
    .map((name) => state[name][1]);
}

/** Shows eight samples in one batch, two of them labelled wrongly, after an epoch of accuracy `accuracy`. */
async function trainAfter(learner: Learner, accuracy: number) {
  const inputs = randomStreams(3).stream('test/samples').signs(8, INPUTS);
  const right = await learner.predict(inputs);
  learner.loadState({ ...learner.saveState(), progress: Float64Array.of(0, accuracy) });
  return learner.trainEpoch({
    data: { inputs, labels: right.map((label, i) => (i < 2 ? 1 - label : label)) },
    order: Uint32Array.from(right, (_, i) => i),
    batchSize: 8,
    afterBatch: () => undefined,
  });
}

describe.each(RULES)('reinforcement in %s', (_, fanIns, make) => {
  it.each([
    // p_r·√(1 − acc); before the first epoch acc is 0
    { reinforcement: 1, accuracy: 0, scale: 1 },
    { reinforcement: 0.5, accuracy: 0, scale: 0.5 },
    { reinforcement: 1, accuracy: 0.75, scale: 0.5 },
    { reinforcement: 1, accuracy: 0.91, scale: 0.3 },
    { reinforcement: 0.8, accuracy: 0.36, scale: 0.64 },
  ])('hits $scale·√(2/(πN)) of the weights with p_r = $reinforcement and acc = $accuracy', async (of) => {
    const learner = make(of.reinforcement);
    await trainAfter(learner, of.accuracy);
    const counted = reinforcements(learner.saveState());
    expect(counted).toHaveLength(fanIns.length);
    counted.forEach((count, l) => {
      const weights = [300 * INPUTS, 60 * 300][l];
      const expected = of.scale * Math.sqrt(2 / (Math.PI * fanIns[l])) * weights;
      // A hit is rare, so their number varies as its square root.
      expect(Math.abs(count - expected)).toBeLessThan(4 * Math.sqrt(expected));
    });
  });

  it('counts as a step of each weight that it deepens', async () => {
    const learner = make(1);
    await trainAfter(learner, 0);
    const state = learner.saveState();
    const steps = Object.keys(state)
      .filter((name) => name.endsWith('/counts'))
      .map((name, l) => state[name][0] * fanIns[l] + state[name][1]);
    // 16 bits of each weight that moved
    expect(learner.operations().stepBits).toBe(16 * steps.reduce((sum, ofLayer) => sum + ofLayer, 0));
    expect(Math.min(...reinforcements(state))).toBeGreaterThan(0);
  });

  it.each([
    [0, 0],
    [1, 1],
  ])('neither happens nor draws with p_r = %d and acc = %d', async (reinforcement, accuracy) => {
    const learner = make(reinforcement);
    const draws = () => Object.entries(learner.saveState()).filter(([name]) => name.endsWith('/gaps'));
    const before = draws();
    await trainAfter(learner, accuracy);
    expect(draws()).toEqual(before);
    expect(reinforcements(learner.saveState())).toEqual(fanIns.map(() => 0));
  });

  it('takes for acc the share of samples that were classified rightly before their update', async () => {
    const learner = make(1);
    expect((await trainAfter(learner, 0)).trainAccuracy).toBe(75);
    expect(learner.saveState().progress).toEqual(Float64Array.of(8, 0.75));
  });
});
