import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { parse } from '../../../src/core/parse.js';
import { type RandomStream, randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { ZERO_PLACES, type ZeroPlace } from '../../../src/layers/zeros.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { CommitteeLearner, committee } from '../../../src/rules/committee/committee.js';
import { type CommitteeConfig, committeeConfig } from '../../../src/rules/committee/config.js';
import {
  expectToResume,
  PRESENT_BACKENDS,
  problemOf,
  randomProblem,
  refusal,
  stateHash,
  trainEpochs,
} from '../binary/problem.js';

/*
 * Four perceptrons on 2 inputs, two units of γ = 2, 2 classes; one batch of three samples, all of which trigger; margin ⌊0.5·2⌋ = 1; zeros
 * among the weights, the activations of perceptrons and units, and the classifier; worked out by hand. A dot is 0.
 *
 *   unit 0  H = [ 2  1]  W = [+ +]    unit 1  H = [0 −3]  W = [· −]    P = [+ −] (class 0)
 *               [−2  0]      [− ·]                [1 −1]      [+ −]        [· +] (class 1)
 *
 *   x0 = + +, label 1:  z = 2 −1 | −1 0   a = + − | − ·   u = · −   ŷ = 1 −1   wrong; u* = · +
 *      nothing is desired of unit 0; unit 1 is wrong: s = −1 0: 2 towards +
 *   x1 = + −, label 0:  z = 0 −1 | 1 2    a = · − | + +   u = − +   ŷ = −2 1   wrong; u* = + −
 *      unit 0 is wrong: s = 0 −1: 1 towards +;  unit 1 is wrong: s = −1 −2: 2 towards −
 *   x2 = − −, label 0:  z = −2 1 | 1 0    a = − + | + ·   u = · +   ŷ = −1 1   wrong; u* = + −
 *      unit 0 is split: not wrong, although s = −2 1;  unit 1 is wrong: s = −1 0: 2 towards −
 *
 *   h1 += 2·x1: −2 0 → 0 −2, two change;  h2 += 2·(x0 − x1 − x2) = (2 6): 0 −3 → 2 3, two change
 */
const SAMPLES = BitMatrix.fromSigns([
  [1, 1],
  [1, -1],
  [-1, -1],
]);
const LABELS = Int32Array.of(1, 0, 0);

function learner(): CommitteeLearner {
  const config = committeeConfig.parse({
    name: 'committee',
    layers: '4-2',
    robustness: 0.5,
    reinforcement: 0,
    hiddenBits: 4,
    zeros: 'published',
  });
  const task = { input: vector(2), classes: 2, batchSize: 3, hasValidation: false };
  const context = { kernels: selectKernels('reference'), streams: randomStreams(7) };
  const made = new CommitteeLearner(config, task, context);
  const classifier = BitMatrix.fromSigns([
    [1, -1],
    [1, 1],
  ]);
  const zeros = BitMatrix.fromSigns([
    [-1, -1],
    [1, -1],
  ]);
  made.loadState({
    ...made.saveState(),
    'perceptrons/hidden': Int16Array.of(2, 1, -2, 0, 0, -3, 1, -1),
    classifier: classifier.words,
    'classifier-zeros': zeros.words,
  });
  return made;
}

describe('one batch of the committee with zeros, worked out by hand', () => {
  it('corrects perceptrons of units that are wrong, not of those that are split or of which nothing is desired', async () => {
    const made = learner();
    const { trainAccuracy, layers } = await made.trainEpoch({
      data: { inputs: SAMPLES, labels: LABELS },
      order: Uint32Array.of(0, 1, 2),
      batchSize: 3,
      afterBatch: () => undefined,
    });
    expect([...made.layer.weights.hidden.values]).toEqual([2, 1, 0, -2, 2, 3, 1, -1]);
    expect(trainAccuracy).toBe(0);
    expect(layers).toMatchObject([{ triggerShare: 1, flips: 4 }]);
  });

  it('predicts with them', async () => {
    expect([...(await learner().predict(SAMPLES))]).toEqual([0, 1, 1]);
  });
});

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);
const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** The committee a second time: numbers in arrays, one sample and one weight after the other, no kernels. */
class CommitteeOracle {
  readonly hidden: number[][];
  readonly #classifier: number[][];
  readonly #reinforcement: RandomStream;
  readonly #groupSize: number;
  #accuracy = 0;

  constructor(
    readonly config: CommitteeConfig,
    inputs: number,
    classes: number,
    seed: number,
  ) {
    const [perceptrons, units] = config.layers;
    const stream = (name: string) => randomStreams(seed).stream(`committee${name}`);
    this.#groupSize = perceptrons / units;
    this.hidden = this.#draw('weights', stream('/signs'), stream('/depth'), perceptrons, inputs);
    this.#classifier = this.#draw(
      'classifier',
      stream('/classifier'),
      stream('/classifier-depth'),
      classes,
      units,
    ).map((row) => row.map((h) => this.#sign('classifier', h)));
    this.#reinforcement = stream('/reinforcement');
  }

  #draw(place: ZeroPlace, signs: RandomStream, depths: RandomStream, rows: number, columns: number) {
    const drawn = signs.signs(rows, columns);
    return Array.from({ length: rows }, (_, r) =>
      [...drawn.signs(r)].map((sign) => {
        const x = this.config.initialDepth * depths.normal();
        const isTernary = this.config.zeros?.includes(place);
        return sign * Math.abs(isTernary ? Math.trunc(x) : 2 * Math.floor(x / 2) + 1) + 0;
      }),
    );
  }

  #sign(place: ZeroPlace, x: number): number {
    if (x === 0) return this.config.zeros?.includes(place) ? 0 : 1;
    return x < 0 ? -1 : 1;
  }

  #forward(x: number[]) {
    const z = this.hidden.map((row) =>
      dot(
        row.map((h) => this.#sign('weights', h)),
        x,
      ),
    );
    const a = z.map((sum) => this.#sign('activations', sum));
    const units = Array.from({ length: z.length / this.#groupSize }, (_, j) => {
      const votes = a.slice(j * this.#groupSize, (j + 1) * this.#groupSize);
      return this.#sign(
        'activations',
        votes.reduce((sum, vote) => sum + vote, 0),
      );
    });
    return { z, units, logits: this.#classifier.map((row) => dot(row, units)) };
  }

  predict(samples: number[][]): number[] {
    return samples.map((x) => argmax(this.#forward(x).logits));
  }

  trainEpoch(samples: number[][], labels: ArrayLike<number>, batchSize: number): void {
    const margin = Math.floor(this.config.robustness * this.config.layers[1]);
    const { hidden } = this;
    let wrong = 0;
    for (let start = 0; start < samples.length; start += batchSize) {
      const changes = hidden.map((row) => row.map(() => 0));
      let triggers = 0;
      samples.slice(start, start + batchSize).forEach((x, b) => {
        const label = labels[start + b];
        const { z, units, logits } = this.#forward(x);
        const [largest, second] = [...logits].sort((p, q) => q - p);
        if (argmax(logits) !== label) wrong++;
        else if (largest - second >= margin) return;
        triggers++;
        units.forEach((unit, j) => {
          const wanted = this.#classifier[label][j];
          if (unit * wanted >= 0) return;
          let best = -1;
          for (let k = j * this.#groupSize; k < (j + 1) * this.#groupSize; k++) {
            const isNearer = best < 0 || Math.abs(z[k]) < Math.abs(z[best]);
            if (z[k] * wanted < 0 && isNearer) best = k;
          }
          // All that agree with a unit of ±1 may be perceptrons with z = 0.
          if (best < 0) return;
          x.forEach((entry, n) => {
            changes[best][n] += 2 * wanted * entry;
          });
        });
      });
      if (triggers === 0) continue;
      changes.forEach((row, k) => {
        row.forEach((change, n) => {
          hidden[k][n] += change;
        });
      });
      this.#reinforce();
    }
    this.#accuracy = 1 - wrong / samples.length;
  }

  #reinforce(): void {
    const columns = this.hidden[0].length;
    const scale = this.config.reinforcement * Math.sqrt(1 - this.#accuracy);
    const probability = scale * Math.sqrt(2 / (Math.PI * columns));
    if (probability === 0) return;
    for (let position = 0; position < this.hidden.length * columns; position++) {
      const draw = this.#reinforcement.uint32() / 2 ** 32;
      position += Math.floor(Math.log(1 - draw) / Math.log(1 - probability));
      if (position >= this.hidden.length * columns) return;
      const row = this.hidden[Math.floor(position / columns)];
      row[position % columns] += 2 * this.#sign('weights', row[position % columns]);
    }
  }
}

const OPTIONS = fc.record({
  zeros: fc.subarray([...ZERO_PLACES], { minLength: 1 }),
  layers: fc.constantFrom([4, 2], [6, 3], [6, 1], [12, 3], [9, 3], [70, 35]),
  robustness: fc.constantFrom(0, 0.5, 1),
  reinforcement: fc.constantFrom(0, 0.5, 1),
  initialDepth: fc.constantFrom(1, 3, 8),
});
const SHAPE = fc.record({
  inputs: fc.integer({ min: 1, max: 40 }),
  samples: fc.integer({ min: 1, max: 20 }),
  classes: fc.integer({ min: 2, max: 4 }),
  batchSize: fc.integer({ min: 1, max: 7 }),
  seed: fc.nat(1000),
});

describe('the committee with zeros and a second implementation without kernels', () => {
  it('are the same in every weight and prediction', async () => {
    const compare = async (
      { inputs, samples, classes, batchSize, seed }: typeof SHAPE extends fc.Arbitrary<infer S> ? S : never,
      options: object,
    ): Promise<void> => {
      const config = committeeConfig.parse({ name: 'committee', ...options });
      const problem = randomProblem(samples, inputs, classes, seed);
      const rows = Array.from({ length: samples }, (_, b) => [...problem.data.inputs.signs(b)]);
      const made = new CommitteeLearner(config, problemOf(problem), {
        kernels: selectKernels('reference'),
        streams: randomStreams(seed),
      });
      const oracle = new CommitteeOracle(config, inputs, classes, seed);
      for (let epoch = 0; epoch < 4; epoch++) {
        expect([...made.layer.weights.hidden.values]).toEqual(oracle.hidden.flat());
        expect([...(await made.predict(problem.data.inputs))]).toEqual(oracle.predict(rows));
        await trainEpochs(made, problem, 1, batchSize);
        oracle.trainEpoch(rows, problem.data.labels, batchSize);
      }
    };
    await fc.assert(fc.asyncProperty(SHAPE, OPTIONS, compare), { numRuns: 120, seed: 5 });
  });
});

describe('a committee with zeros', () => {
  const PROBLEM = randomProblem(60, 100, 4, 9);
  const make = (seed: number, backend = 'reference', options: object = { zeros: 'published' }) => {
    const config = committeeConfig.parse({ name: 'committee', layers: '36-12', initialDepth: 5, ...options });
    const context = { kernels: selectKernels(backend), streams: randomStreams(seed) };
    return new CommitteeLearner(config, problemOf(PROBLEM), context);
  };

  it('continues from a saved state as if it had never stopped', async () => {
    const { whole, resumed } = await expectToResume((seed) => make(seed), PROBLEM);
    expect(resumed.network()).toEqual(whole.network());
  });

  it('ends in the same state on every backend', async () => {
    const hashes = PRESENT_BACKENDS.map(async (backend) => {
      const made = make(1, backend);
      await trainEpochs(made, PROBLEM, 4);
      return stateHash(made.saveState());
    });
    const [first, ...others] = await Promise.all(hashes);
    for (const other of others) expect(other).toBe(first);
  });

  it('takes two bits and two counts where there may be zeros', () => {
    const costOf = (zeros?: string | string[]) => {
      const config = committeeConfig.parse({ name: 'committee', layers: '6-3', hiddenBits: 10, zeros });
      const problem = { input: vector(7), classes: 2, batchSize: 8, hasValidation: false };
      const { memoryBits, operationsPerSample } = committee.describe(config, problem);
      return [memoryBits.model, memoryBits.activations, operationsPerSample.popcountBits];
    };
    // 42 weights of 10 bits, 6 entries of the classifier; 6 perceptrons, 3 units and what is desired of these
    expect(costOf()).toEqual([426, 12 * 8, 42 + 6 + 6]);
    expect(costOf('published')).toEqual([432, 24 * 8, 2 * 54]);
    expect(costOf(['weights'])).toEqual([426, 12 * 8, 84 + 6 + 6]);
    expect(costOf(['activations'])).toEqual([426, 21 * 8, 42 + 12 + 12]);
    expect(costOf(['classifier'])).toEqual([432, 15 * 8, 42 + 6 + 12]);
  });

  it('has no secondary step', () => {
    const secondary = { probability: 0.5, threshold: 3 };
    const message = refusal(() =>
      parse(committeeConfig, { name: 'committee', zeros: 'published', secondary }, 'rule'),
    );
    expect(message).toMatch(
      /^rule\.zeros: expected none with a secondary step: a weight of 0 is on neither side/,
    );
  });
});
