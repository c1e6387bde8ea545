import '../../../src/rules/binary-rules.js';
import '../../../src/rules/float-rules.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { RandomStream } from '../../../src/core/random.js';
import { sizeOf } from '../../../src/core/shape.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { checkRule } from '../../../src/rules/check/check-rule.js';
import { RuleError } from '../../../src/rules/check/report.js';
import { findRule, registerRule, ruleNames } from '../../../src/rules/registry.js';
import type {
  EpochObservation,
  EpochPlan,
  Inputs,
  Learner,
  LearnerState,
  Problem,
  RuleContext,
} from '../../../src/rules/rule.js';
import type { RuleOptions } from '../../../src/rules/rule-types.js';

const LAYERS = { layers: [15, 12], groupSize: 3 };
/** Options that are worth trying besides the defaults, by rule. */
const OURS: Readonly<Record<string, readonly RuleOptions[]>> = {
  'local-error': [
    { name: 'local-error', ...LAYERS },
    { name: 'local-error', ...LAYERS, readOut: 'summed', inputFlipProbability: 0.1, flipThreshold: 2 },
    { name: 'local-error', ...LAYERS, majorityAfterEpochs: 1, trainClassifier: true, freezeFirstLayer: true },
    { name: 'local-error', ...LAYERS, greedy: { epochsPerLayer: 1 } },
    { name: 'local-error', ...LAYERS, freezeLayers: 'all', perceptronReadOut: {} },
    { name: 'local-error', ...LAYERS, perceptronReadOut: { margin: 3 } },
    { name: 'local-error', ...LAYERS, groupSchedule: { patience: 1 } },
  ],
  bep: [
    { name: 'bep', ...LAYERS },
    { name: 'bep', ...LAYERS, inputFlipProbability: 0.1, groupSchedule: { patience: 1 } },
  ],
  committee: [
    { name: 'committee', layers: [15, 5] },
    { name: 'committee', layers: '15-5', secondary: { probability: 0.3, threshold: 5 } },
  ],
  'bep-tt': [
    { name: 'bep-tt', ...LAYERS, expansion: 20 },
    { name: 'bep-tt', ...LAYERS, expansion: 0, inputFlipProbability: 0.1, groupSchedule: { patience: 1 } },
  ],
  'local-error-conv': [
    { name: 'local-error-conv', ...LAYERS, filters: 20 },
    { name: 'local-error-conv', ...LAYERS, filters: 20, frontEnd: 'random', groupSchedule: { patience: 1 } },
    { name: 'local-error-conv', ...LAYERS, filters: 20, frontEnd: 'competitive', competitiveWindows: 1200 },
    { name: 'local-error-conv', ...LAYERS, filters: 20, shared: false, windowSize: 1, perceptronReadOut: {} },
  ],
  sgd: [
    { name: 'sgd', layers: [9] },
    { name: 'sgd', layers: [9, 5], momentum: 0.9, inputs: 'binarized' },
  ],
  adam: [{ name: 'adam', layers: [9] }],
  qat: [
    { name: 'qat', layers: [9] },
    { name: 'qat', layers: [9], batchNorm: false, scaleProducts: true },
  ],
  iterative: [
    { name: 'iterative', layers: [9, 5], epochsPerStage: 1 },
    { name: 'iterative', layers: [9], epochsPerStage: 1, order: 'output-first' },
  ],
  'float-conv': [
    { name: 'float-conv', blocks: [3, 4] },
    { name: 'float-conv', blocks: [4], optimizer: 'sgd', skip: false, stemStride: 1, stemPool: true },
  ],
  'qat-conv': [
    { name: 'qat-conv', blocks: [3, 4] },
    { name: 'qat-conv', blocks: [4], batchNorm: false, scaleProducts: true, stemStride: 1, stemPool: true },
  ],
  'real-to-binary': [
    { name: 'real-to-binary', blocks: [3, 4], epochsPerStage: 1 },
    { name: 'real-to-binary', blocks: [3, 4], epochsPerStage: 2, schedule: 'two-stage', scaling: 'learned' },
    { name: 'real-to-binary', blocks: [4], schedule: 'direct', teacher: false, skip: false, scaling: 'none' },
  ],
};

/** What rules for images are shown. */
const IMAGE = { kind: 'image', channels: 1, height: 6, width: 7 } as const;

describe('every rule of ours', () => {
  const builtIn = ruleNames().filter((name) => findRule(name)?.isBuiltIn);

  it('is tried', () => {
    expect(Object.keys(OURS)).toEqual(builtIn);
  });

  it.each(Object.values(OURS).flat())('$name keeps to what xnorlab relies on: %o', async (options) => {
    const input = 'blocks' in options ? IMAGE : undefined;
    const report = await checkRule(options, { onnxRuntime, input });
    expect(report.findings).toEqual([]);
    expect(String(report)).toMatch(/^\S+, version \d+\n(✓ .*\n?){8}$/);
  });

  it('on samples of a shape, which has to be one', async () => {
    const rule = { name: 'float-conv' as const, blocks: [3] };
    const { findings } = await checkRule(rule, { onnxRuntime });
    expect(findings[0].problem).toContain(
      "input: expected images, on which a convolutional network works, got '41'",
    );
    const input = { kind: 'image', channels: 1, height: 0, width: 3 } as const;
    await expect(checkRule(rule, { input })).rejects.toThrow('input.height: expected');
  });

  it('also with two classes and a single unit', async () => {
    const options = { name: 'local-error', ...LAYERS, output: 'single-unit' } as const;
    (await checkRule(options, { classes: 2 })).throwIfWrong();
    const { findings } = await checkRule(options);
    expect(findings[0]).toMatchObject({
      check: 'determinism',
      problem: expect.stringContaining('output: expected one-per-class'),
    });
  });
});

/** What is wrong with a rule. */
type Mistake =
  | 'none'
  | 'too few predictions'
  | 'a class that is none'
  | 'draws elsewhere'
  | 'forgets its stream'
  | 'forgets validation'
  | 'gives its own array away'
  | 'learns from predicting'
  | 'predicts by neighbours'
  | 'full batches only'
  | 'does not await'
  | 'swallows the stop'
  | 'reads all labels'
  | 'changes labels'
  | 'accuracy as a share'
  | 'costs more'
  | 'counts too little';

/** Votes of inputs for classes, trained by random corrections: small, and right unless it is to make a mistake. */
class Votes implements Learner {
  readonly parameters: number;
  readonly memoryBits = { model: 0, activations: 0 };
  #votes: Float64Array;
  #stream: RandomStream;
  #shown = 0;
  #best = 0;

  constructor(
    readonly mistake: Mistake,
    readonly problem: Problem,
    { streams }: RuleContext,
  ) {
    this.parameters = sizeOf(problem.input) * problem.classes + (mistake === 'costs more' ? 1 : 0);
    this.#votes = new Float64Array(sizeOf(problem.input) * problem.classes);
    this.#stream = streams.stream('votes');
  }

  async trainEpoch({ data, order, batchSize, afterBatch }: EpochPlan): Promise<EpochObservation> {
    const { mistake } = this;
    let right = 0;
    const end = mistake === 'full batches only' ? order.length - (order.length % batchSize) : order.length;
    if (mistake === 'changes labels') data.labels[order[0]] = 0;
    if (mistake === 'reads all labels') this.#votes[0] += data.labels.reduce((sum, label) => sum + label, 0);
    for (let start = 0; start < end; start += batchSize) {
      for (const row of order.subarray(start, Math.min(start + batchSize, end))) {
        const found = this.#classOf(data.inputs, row);
        if (found === data.labels[row]) right++;
        else this.#learn(data.inputs, row, data.labels[row]);
      }
      const shown = Math.min(start + batchSize, end);
      if (mistake === 'swallows the stop') {
        try {
          await afterBatch(shown);
        } catch {}
      } else if (mistake === 'does not await') void afterBatch(shown);
      else await afterBatch(shown);
    }
    this.#shown += order.length;
    return { trainAccuracy: ((mistake === 'accuracy as a share' ? 0.001 : 100) * right) / order.length };
  }

  afterValidation(accuracy: number): void {
    if (accuracy <= this.#best) this.#votes[1] += 1;
    this.#best = Math.max(this.#best, accuracy);
  }

  async predict(inputs: Inputs): Promise<Int32Array> {
    const predictions = Int32Array.from({ length: inputs.rows }, (_, row) => this.#classOf(inputs, row));
    if (this.mistake === 'learns from predicting') this.#votes[0]++;
    if (this.mistake === 'predicts by neighbours') return predictions.fill(inputs.rows === 1 ? 0 : 1);
    if (this.mistake === 'a class that is none') return predictions.fill(this.problem.classes);
    return this.mistake === 'too few predictions' ? predictions.slice(1) : predictions;
  }

  operations() {
    const bits = this.mistake === 'counts too little' ? 1 : this.#shown * this.parameters;
    return { xnorBits: bits, popcountBits: 0, stepBits: 0, floatOperations: 0 };
  }

  saveState(): LearnerState {
    const { mistake } = this;
    return {
      votes: mistake === 'gives its own array away' ? this.#votes : this.#votes.slice(),
      shown: Float64Array.of(this.#shown),
      ...(mistake !== 'forgets validation' && { best: Float64Array.of(this.#best) }),
      ...(mistake !== 'forgets its stream' && { stream: Uint32Array.from(this.#stream.state()) }),
    };
  }

  loadState(state: LearnerState): void {
    this.#votes = Float64Array.from(state.votes);
    [this.#shown] = state.shown;
    if (state.best) [this.#best] = state.best;
    if (state.stream) this.#stream = RandomStream.fromState(Array.from(state.stream, (word) => word | 0));
  }

  async dispose(): Promise<void> {}

  #classOf(inputs: Inputs, row: number): number {
    const { classes } = this.problem;
    const votes = Array.from({ length: classes }, (_, c) => this.#sum(inputs, row, c));
    return votes.indexOf(Math.max(...votes));
  }

  #sum(inputs: Inputs, row: number, c: number): number {
    if (!(inputs instanceof BitMatrix)) throw new TypeError('bits');
    let sum = 0;
    for (let i = 0; i < inputs.columns; i++) sum += this.#votes[c * inputs.columns + i] * inputs.get(row, i);
    return sum;
  }

  #learn(inputs: Inputs, row: number, label: number): void {
    if (!(inputs instanceof BitMatrix)) throw new TypeError('bits');
    for (let n = 0; n < 20; n++) {
      const draw = this.mistake === 'draws elsewhere' ? Math.random() : this.#stream.uniform();
      const i = Math.floor(draw * inputs.columns);
      this.#votes[label * inputs.columns + i] += inputs.get(row, i);
    }
  }
}

async function findings(mistake: Mistake): Promise<string[]> {
  const votes = registerRule({
    name: 'votes',
    version: 1,
    options: z.strictObject({ rate: z.int().default(1).describe('Nothing.') }),
    inputForm: () => 'binarized',
    describe: (_, { input, classes }) => ({
      architecture: 'none',
      parameters: sizeOf(input) * classes,
      memoryBits: { model: 0, activations: 0 },
      operationsPerSample: {
        xnorBits: sizeOf(input) * classes,
        popcountBits: 0,
        stepBits: 0,
        floatOperations: 0,
      },
    }),
    createLearner: async (_, problem, context) => new Votes(mistake, problem, context),
  });
  const report = await checkRule(votes());
  return report.findings.map(({ check, problem }) => `${check}: ${problem}`);
}

describe('a rule with a mistake', () => {
  it('is not found where there is none', async () => {
    expect(await findings('none')).toEqual([]);
  });

  it.each<[Mistake, string]>([
    ['too few predictions', 'predictions: predict gives 36 entries for 37 rows'],
    ['a class that is none', 'predictions: predict gives class 3, of 3 from 0'],
    ['draws elsewhere', 'determinism: two runs of the same seed differ in'],
    ['forgets its stream', 'state: a new learner that has loaded a state goes on otherwise'],
    ['forgets validation', 'state: a new learner that has loaded a state goes on otherwise'],
    ['gives its own array away', 'state: training changes its state votes after saveState: copy it out'],
    ['learns from predicting', 'predictions: predicting changes its state votes'],
    ['predicts by neighbours', 'predictions: row 0 is of class 1 among others and 0 alone'],
    [
      'full batches only',
      'batches: of 37 samples in batches of 8, afterBatch is told 8, 16, 24, 32, not 8, 16, 24, 32, 37',
    ],
    ['does not await', 'batches: it goes on before the promise of afterBatch is kept'],
    ['swallows the stop', 'batches: what afterBatch throws does not end the epoch'],
    ['reads all labels', 'data: rows that are not shown change its state votes'],
    ['changes labels', 'data: training changes the inputs or labels that it is shown'],
    ['accuracy as a share', 'observations: trainAccuracy is'],
    ['costs more', 'cost: describe says parameters 123, the learner 124'],
    ['counts too little', 'cost: xnorBits are 1 after two epochs, and at least 9102 by describe'],
  ])('that %s is found and named', async (mistake, message) => {
    expect(await findings(mistake)).toContainEqual(expect.stringContaining(message));
  });

  it('is an error for tests, and a list for people', async () => {
    await findings('costs more');
    const report = await checkRule({ name: 'votes' } as unknown as RuleOptions);
    expect(String(report)).toContain(
      '✗ cost: parameters, memory and operations are those of `describe`\n    describe',
    );
    expect(() => report.throwIfWrong()).toThrow(RuleError);
    expect(() => report.throwIfWrong()).toThrow('votes: cost: describe says parameters 123, the learner 124');
  });
});
