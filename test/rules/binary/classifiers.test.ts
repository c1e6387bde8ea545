import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { equiangularClassifier, randomClassifier } from '../../../src/layers/classifier.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { BepLearner } from '../../../src/rules/bep/bep.js';
import { bepConfig } from '../../../src/rules/bep/config.js';
import { CommitteeLearner } from '../../../src/rules/committee/committee.js';
import { committeeConfig } from '../../../src/rules/committee/config.js';

const PROBLEM = { input: vector(5), classes: 4, batchSize: 2, hasValidation: false };

function bepLearner(seed: number, options = {}): BepLearner {
  const config = bepConfig.parse({ name: 'bep', layers: [6, 9], groupSize: 3, ...options });
  return new BepLearner(config, PROBLEM, {
    kernels: selectKernels('reference'),
    streams: randomStreams(seed),
  });
}

function committeeLearner(seed: number): CommitteeLearner {
  const config = committeeConfig.parse({ name: 'committee', layers: '27-9' });
  const context = { kernels: selectKernels('reference'), streams: randomStreams(seed) };
  return new CommitteeLearner(config, PROBLEM, context);
}

describe('the fixed classifier of a network', () => {
  it.each(['random', 'equiangular'])('is %s in BEP if that is asked for, on the last layer', (classifier) => {
    const make = classifier === 'random' ? randomClassifier : equiangularClassifier;
    const drawn = make(4, 9, randomStreams(3).stream('bep/classifier'));
    expect(bepLearner(3, { classifier }).classifier).toEqual(drawn);
  });

  it('is random in a committee, on its units', () => {
    const drawn = randomClassifier(4, 9, randomStreams(3).stream('committee/classifier'));
    expect(committeeLearner(3).layers[0].classifier).toEqual(drawn);
  });

  it.each([
    ['BEP', bepLearner],
    ['a committee', committeeLearner],
  ])('is copied out of %s: a saved state stays what it was when another is loaded', (_, make) => {
    const learner = make(3);
    const saved = learner.saveState();
    const before = saved.classifier.slice();
    learner.loadState(make(4).saveState());
    expect(learner.saveState().classifier).not.toEqual(before);
    expect(saved.classifier).toEqual(before);
  });
});
