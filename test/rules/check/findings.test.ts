import '../../../src/rules/binary-rules.js';
import '../../../src/rules/float-rules.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { type CheckRuleOptions, checkRule } from '../../../src/rules/check/check-rule.js';
import { configuredRule, registerRule, ruleOptionsSchema } from '../../../src/rules/registry.js';
import type {
  ConfiguredRule,
  EpochObservation,
  EpochPlan,
  Inputs,
  Learner,
  Problem,
  RuleDescription,
} from '../../../src/rules/rule.js';
import type { RuleOptions } from '../../../src/rules/rule-types.js';

/** How a learner differs from a right one; `right` is the learner that it stands for. */
type Wrong = (right: Learner) => Partial<Learner>;

interface Trial extends CheckRuleOptions {
  readonly learner?: Wrong;
  readonly description?: Partial<RuleDescription>;
  /** Comes before a learner is made. */
  readonly make?: (problem: Problem) => void;
  readonly base?: ConfiguredRule;
  readonly options?: z.ZodObject;
}

const configured = (options: RuleOptions): ConfiguredRule =>
  configuredRule(ruleOptionsSchema().parse(options));

const SMALL = configured({ name: 'local-error', layers: [9, 6], groupSize: 3 });
const FLOAT = configured({ name: 'sgd', layers: [4] });

/** What is found about a rule that is right but for one thing. */
async function findings({
  learner: wrong = () => ({}),
  description,
  make,
  base = SMALL,
  options = z.strictObject({}),
  ...tried
}: Trial): Promise<string[]> {
  const rule = registerRule({
    name: 'wrong',
    version: 1,
    options,
    inputForm: () => base.inputForm,
    describe: (_, problem) => ({ ...base.describe(problem), ...description }),
    createLearner: async (_, problem, context) => {
      make?.(problem);
      const right = await base.createLearner(problem, context);
      const changes = wrong(right);
      return new Proxy(right, {
        get: (target, name) => {
          const value = Reflect.get(name in changes ? changes : target, name) as unknown;
          return typeof value === 'function' ? value.bind(name in changes ? changes : target) : value;
        },
      });
    },
  });
  const report = await checkRule(rule(), tried);
  return report.findings.map(({ check, problem }) => `${check}: ${problem}`);
}

/** A learner whose epochs tell something else. */
const telling =
  (change: (told: EpochObservation) => Partial<EpochObservation>): Wrong =>
  (right) => ({
    trainEpoch: async (plan) => {
      const told = await right.trainEpoch(plan);
      return { ...told, ...change(told) };
    },
  });

const tellingOfLayer2 = (change: object): Wrong =>
  telling(({ layers = [] }) => ({ layers: [layers[0], { ...layers[1], ...change }] }));

describe('a rule that is right', () => {
  it('is found to be so, also with other classes, kernels and real inputs', async () => {
    expect(await findings({})).toEqual([]);
    expect(await findings({ classes: 2 })).toEqual([]);
    expect(await findings({ kernels: selectKernels('wasm') })).toEqual([]);
    expect(await findings({ base: FLOAT, onnxRuntime })).toEqual([]);
  });

  it('may tell of every share from 0 to 1, and of any accuracy from 0 to 100', async () => {
    for (const share of [0, 1]) {
      const told = { triggerShare: share, boundShare: share, flips: 0 };
      expect(await findings({ learner: tellingOfLayer2(told) })).toEqual([]);
      expect(await findings({ learner: telling(() => ({ trainAccuracy: 100 * share, loss: 0 })) })).toEqual(
        [],
      );
    }
    const silent: Wrong = (right) => ({
      trainEpoch: async (plan) => {
        const { layers: _, ...told } = await right.trainEpoch(plan);
        return told;
      },
    });
    expect(await findings({ learner: silent })).toEqual([]);
  });

  it('is trained no more than it must be, and has its learners disposed of', async () => {
    let [made, trained, disposed] = [0, 0, 0];
    const counted: Wrong = (right) => {
      made++;
      return {
        trainEpoch: (plan) => {
          trained++;
          return right.trainEpoch(plan);
        },
        dispose: async () => {
          disposed++;
          await right.dispose();
        },
      };
    };
    expect(await findings({ learner: counted })).toEqual([]);
    // In the order of the checks: two of the same seed; one whose state goes to two others; one that predicts; all samples, one
    // sample, and a stop; clean and spoilt; one that tells; one that counts.
    expect([made, disposed]).toEqual([2 + 3 + 1 + 3 + 2 + 1 + 1, made]);
    expect(trained).toBe(2 * 4 + (4 + 2 + (4 + 2)) + 2 + 3 + 2 + 2 + 2);
  });

  it('is shown 37 samples of 41 inputs in three classes, in batches of 8, with validation', async () => {
    const seen = new Set<string>();
    const labels = new Set<number>();
    const problems: Problem[] = [];
    await findings({
      make: (problem) => problems.push(problem),
      learner: (right) => ({
        trainEpoch: (plan) => {
          const { inputs } = plan.data;
          seen.add(`${inputs.rows} ${inputs.columns} ${plan.batchSize} ${inputs instanceof BitMatrix}`);
          for (const label of plan.data.labels) labels.add(label);
          return right.trainEpoch(plan);
        },
      }),
    });
    expect(problems[0]).toEqual({ input: vector(41), classes: 3, batchSize: 8, hasValidation: true });
    expect(new Set(problems).size).toBe(1);
    expect([...seen]).toEqual(['37 41 8 true']);
    expect([...labels].sort()).toEqual([0, 1, 2]);
  });
});

describe('what a rule does wrong is named', () => {
  it.each<[string, Partial<EpochObservation>, string]>([
    [
      'a negative accuracy',
      { trainAccuracy: -100 / 37 },
      'trainAccuracy is -2.7027027027027026, no percentage of 37 samples',
    ],
    [
      'too high an accuracy',
      { trainAccuracy: 3800 / 37 },
      'trainAccuracy is 102.70270270270271, no percentage of 37 samples',
    ],
    [
      'an accuracy between samples',
      { trainAccuracy: 50 },
      'trainAccuracy is 50, no percentage of 37 samples',
    ],
    ['no accuracy', { trainAccuracy: Number.NaN }, 'trainAccuracy is NaN, no percentage of 37 samples'],
    ['a loss that is no number', { loss: Number.NaN }, 'loss is NaN'],
    ['an infinite loss', { loss: Number.POSITIVE_INFINITY }, 'loss is Infinity'],
  ])('%s', async (_name, told, problem) => {
    expect(await findings({ learner: telling(() => told) })).toContainEqual(`observations: ${problem}`);
  });

  it.each([
    [{ triggerShare: -0.1 }, 'triggerShare of layer 2 is -0.1'],
    [{ triggerShare: 1.1 }, 'triggerShare of layer 2 is 1.1'],
    [{ triggerShare: Number.NaN }, 'triggerShare of layer 2 is NaN'],
    [{ boundShare: -0.1 }, 'boundShare of layer 2 is -0.1'],
    [{ boundShare: 1.1 }, 'boundShare of layer 2 is 1.1'],
    [{ flips: 0.5 }, 'flips of layer 2 are 0.5'],
    [{ flips: -1 }, 'flips of layer 2 are -1'],
    [{ depthHistogram: [1] }, 'depthHistogram of layer 2 has 1 entries'],
  ])('of a layer: %o', async (told, problem) => {
    // In both epochs, but once in the list.
    const found = await findings({ learner: tellingOfLayer2(told) });
    expect(found.filter((text) => text.startsWith('observations'))).toEqual([`observations: ${problem}`]);
  });

  it.each<[string, Partial<RuleDescription>, string]>([
    ['no architecture', { architecture: '' }, 'architecture is empty'],
    // 9·41 + 6·9 weights of 16 bits, 3·(9 + 6) of classifiers; 2 bits for each of 15 neurons and 8 samples.
    [
      'memory of the model',
      { memoryBits: { model: 1, activations: 240 } },
      'describe says memoryBits.model 1, the learner 6813',
    ],
    [
      'memory of activations',
      { memoryBits: { model: 6813, activations: 1 } },
      'describe says memoryBits.activations 1, the learner 240',
    ],
  ])('another cost than described: %s', async (_name, description, problem) => {
    expect(await findings({ description })).toEqual([`cost: ${problem}`]);
  });

  it.each(['xnorBits', 'popcountBits', 'stepBits', 'floatOperations'] as const)(
    'fewer %s than described',
    async (kind) => {
      const none = { xnorBits: 0, popcountBits: 0, stepBits: 0, floatOperations: 0 };
      const learner: Wrong = () => ({ operations: () => ({ ...none, [kind]: 73 }) });
      const atLeast = (least: number) =>
        findings({ learner, description: { operationsPerSample: { ...none, [kind]: least } } });
      // Two epochs of 37 samples.
      expect(await atLeast(1)).toContainEqual(
        `cost: ${kind} are 73 after two epochs, and at least 74 by describe`,
      );
      expect((await atLeast(0)).filter((text) => text.startsWith('cost'))).toEqual([]);
      const enough: Wrong = () => ({ operations: () => ({ ...none, [kind]: 74 }) });
      const description = { operationsPerSample: { ...none, [kind]: 1 } };
      expect(
        (await findings({ learner: enough, description })).filter((text) => text.startsWith('cost')),
      ).toEqual([]);
    },
  );

  it('less than two epochs of samples cost', async () => {
    const learner: Wrong = (right) => {
      let shown = 0;
      return {
        trainEpoch: (plan) => {
          shown += plan.order.length;
          return right.trainEpoch(plan);
        },
        operations: () => ({ ...right.operations(), floatOperations: shown }),
      };
    };
    const none = { xnorBits: 0, popcountBits: 0, stepBits: 0 };
    const found = await findings({
      learner,
      description: { operationsPerSample: { ...none, floatOperations: 2 } },
    });
    expect(found).toContain('cost: floatOperations are 74 after two epochs, and at least 148 by describe');
  });

  it('no predictions', async () => {
    const predict = async (inputs: Inputs) =>
      Array.from({ length: inputs.rows }, () => 0) as unknown as Int32Array;
    expect(await findings({ learner: () => ({ predict }) })).toEqual([
      'predictions: predict gives object for 37 rows, not an Int32Array of one class for each',
    ]);
  });

  it('a class below 0', async () => {
    const predict = async (inputs: Inputs) => new Int32Array(inputs.rows).fill(-1);
    expect(await findings({ learner: () => ({ predict }) })).toEqual([
      'predictions: predict gives class -1, of 3 from 0',
    ]);
  });

  it('another class for the last row alone', async () => {
    const predict = async (inputs: Inputs) => {
      const classes = new Int32Array(inputs.rows);
      return inputs.rows === 1 ? classes : classes.fill(2, 36);
    };
    expect(await findings({ learner: () => ({ predict }) })).toEqual([
      'predictions: row 36 is of class 2 among others and 0 alone',
    ]);
  });

  it('a state that a trained learner does not take', async () => {
    const learner: Wrong = (right) => {
      let epochs = 0;
      return {
        trainEpoch: (plan) => {
          epochs++;
          return right.trainEpoch(plan);
        },
        loadState: (state) => {
          if (epochs === 0) right.loadState(state);
        },
      };
    };
    const found = await findings({ learner });
    expect(found[0]).toMatch(
      /^state: a learner that was trained further that has loaded a state saves another: its state /,
    );
    expect(found.join()).not.toContain('a new learner');
  });

  it('what differs between two runs, by name', async () => {
    let learners = 0;
    const learner: Wrong = (right) => {
      const own = Float64Array.of(learners++);
      return { saveState: () => ({ ...right.saveState(), own }) };
    };
    expect((await findings({ learner }))[0]).toBe(
      'determinism: two runs of the same seed differ in its state own: draw from context.streams only',
    );
    const telltale: Wrong = (right) => {
      const loss = learners++;
      return { trainEpoch: async (plan) => ({ ...(await right.trainEpoch(plan)), loss }) };
    };
    expect((await findings({ learner: telltale }))[0]).toBe(
      'determinism: two runs of the same seed differ in what its epochs tell: draw from context.streams only',
    );
  });

  it('all that differs, one name after the other', async () => {
    /** A state with two further arrays. */
    const twice = (right: Learner, own: () => Float64Array): Partial<Learner> => ({
      saveState: () => ({ ...right.saveState(), first: own(), second: own() }),
    });
    let learners = 0;
    const numbered: Wrong = (right) => {
      const own = Float64Array.of(learners++);
      return twice(right, () => own);
    };
    const both = 'its state first, its state second';
    const loaded = 'state: a new learner that has loaded a state';
    expect(await findings({ learner: numbered })).toEqual(
      expect.arrayContaining([
        `determinism: two runs of the same seed differ in ${both}: draw from context.streams only`,
        `${loaded} saves another: ${both}`,
        `${loaded} goes on otherwise than the one that saved it: ${both} differ. ` +
          'What training changes belongs into saveState',
        `data: rows that are not shown change ${both}`,
      ]),
    );
    const asked: Wrong = (right) => {
      let predictions = 0;
      return {
        ...twice(right, () => Float64Array.of(predictions)),
        predict: (inputs) => {
          predictions++;
          return right.predict(inputs);
        },
      };
    };
    expect(await findings({ learner: asked })).toContain(`predictions: predicting changes ${both}`);
    const shared: Wrong = (right) => {
      const epochs = Float64Array.of(0);
      return {
        ...twice(right, () => epochs),
        trainEpoch: (plan) => {
          epochs[0]++;
          return right.trainEpoch(plan);
        },
      };
    };
    expect(await findings({ learner: shared })).toContain(
      `state: training changes ${both} after saveState: copy it out`,
    );
  });

  it('samples that are not counted when there is one', async () => {
    const learner: Wrong = (right) => ({
      trainEpoch: (plan: EpochPlan) =>
        right.trainEpoch(plan.order.length > 1 ? plan : { ...plan, afterBatch: () => undefined }),
    });
    expect(await findings({ learner })).toEqual([
      'batches: of 1 samples in batches of 8, afterBatch is told , not 1',
    ]);
  });

  it('inputs that it changes, of bits and of real numbers', async () => {
    const problem = 'data: training changes the inputs or labels that it is shown';
    const flips: Wrong = (right) => ({
      trainEpoch: async (plan) => {
        const told = await right.trainEpoch(plan);
        const { inputs } = plan.data;
        if (inputs instanceof BitMatrix) inputs.set(36, 40, inputs.get(36, 40) === 1 ? -1 : 1);
        return told;
      },
    });
    expect(await findings({ learner: flips })).toContain(problem);
    const scales: Wrong = (right) => ({
      trainEpoch: async (plan) => {
        const told = await right.trainEpoch(plan);
        const inputs = plan.data.inputs as { copyRow?: unknown };
        inputs.copyRow = (row: number, target: Float32Array, offset: number) =>
          target.fill(row, offset, offset + 41);
        return told;
      },
    });
    expect(await findings({ learner: scales, base: FLOAT, onnxRuntime })).toContain(problem);
  });

  it('inputs that it reads though they are not shown', async () => {
    const learner: Wrong = (right) => {
      let ones = 0;
      return {
        trainEpoch: (plan) => {
          const { inputs } = plan.data;
          if (plan.order.length === 32 && inputs instanceof BitMatrix)
            for (let row = 0; row < inputs.rows; row++) ones += inputs.get(row, 0);
          return right.trainEpoch(plan);
        },
        operations: () => ({ ...right.operations(), floatOperations: ones + 1000 }),
      };
    };
    expect(await findings({ learner })).toEqual([
      'data: rows that are not shown change its count of operations',
    ]);
  });

  it('an error, in every check', async () => {
    const checks = ['determinism', 'state', 'predictions', 'batches', 'data', 'observations', 'cost'];
    const thrown = async (value: unknown) =>
      findings({
        make: () => {
          throw value;
        },
      });
    expect(await thrown(new RangeError('too small'))).toEqual(
      checks.map((check) => `${check}: it throws RangeError: too small`),
    );
    expect(await thrown('a text')).toEqual(checks.map((check) => `${check}: it throws a text`));
  });

  it('options that are not the same when they are read again', async () => {
    const rate = z
      .number()
      .transform((value) => value + 1)
      .prefault(1)
      .describe('Grows.');
    expect((await findings({ options: z.strictObject({ rate }) }))[0]).toBe(
      'options: options with defaults {"name":"wrong","rate":2} become {"name":"wrong","rate":3} when they are read again',
    );
    const count = z.bigint().default(1n).describe('Not of JSON.');
    expect((await findings({ options: z.strictObject({ count }) }))[0]).toMatch(
      /^options: options with defaults cannot be written and read again: TypeError: .*BigInt/,
    );
  });

  it('options that are wrong', async () => {
    await expect(checkRule({ name: 'local-error', layers: [9], groupSize: 0 })).rejects.toThrow(
      'rule.groupSize: expected a number of at least 1, got 0',
    );
  });

  it('no rule', async () => {
    await expect(checkRule({ name: 'nothing' } as unknown as RuleOptions)).rejects.toThrow(
      /^name: expected one of local-error, .*, got 'nothing'$/,
    );
  });
});
