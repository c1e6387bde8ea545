import { afterEach, describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { sizeOf, vector } from '../../../src/core/shape.js';
import type { Kernels } from '../../../src/kernels/kernels.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { DivergedError } from '../../../src/rules/float/diverged-error.js';
import { sgd, sgdConfig } from '../../../src/rules/gradient-descent.js';
import type { EpochObservation, Learner } from '../../../src/rules/rule.js';
import { inOrder, labelled, makeLearner, randomBatch, realRows, weightsOf } from './helpers.js';
import { predictClass } from './mlp-oracle.js';

const TASK = { input: vector(6), classes: 3, batchSize: 4, hasValidation: false };
const CONFIGS = [
  { name: 'sgd', layers: [8, 5], learningRate: 0.05 },
  { name: 'sgd', layers: [8, 5], learningRate: 0.05, momentum: 0.9 },
  { name: 'adam', layers: [8, 5], learningRate: 0.01 },
];
const BATCH = randomBatch(11, sizeOf(TASK.input), TASK.classes, 'learner');
const PLAN = inOrder(labelled(BATCH), TASK.batchSize);

const made: Learner[] = [];

async function make(config: Record<string, unknown>, task = TASK, seed = 1): Promise<Learner> {
  const learner = await makeLearner(config, task, seed);
  made.push(learner);
  return learner;
}

afterEach(async () => {
  for (const learner of made.splice(0)) await learner.dispose();
});

async function train(learner: Learner, epochs: number): Promise<EpochObservation[]> {
  const observations: EpochObservation[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) observations.push(await learner.trainEpoch(PLAN));
  return observations;
}

describe.each(CONFIGS)('a learner of $name with momentum $momentum', (config) => {
  it('repeats a seed exactly', async () => {
    const [a, b] = [await make(config), await make(config)];
    expect(await train(a, 5)).toEqual(await train(b, 5));
    expect(a.saveState()).toEqual(b.saveState());
  });

  it('starts elsewhere for another seed', async () => {
    const [a, b] = [await make(config), await make(config, TASK, 2)];
    expect(a.saveState()['layer-1/weights']).not.toEqual(b.saveState()['layer-1/weights']);
  });

  it('continues from a saved state as if it had never stopped', async () => {
    const uninterrupted = await make(config);
    const first = await make(config);
    await train(first, 3);
    const resumed = await make(config, TASK, 99);
    resumed.loadState(first.saveState());
    const expected = await train(uninterrupted, 6);
    expect(await train(resumed, 3)).toEqual(expected.slice(3));
    expect(resumed.saveState()).toEqual(uninterrupted.saveState());
    expect(resumed.operations()).toEqual(uninterrupted.operations());
  });

  it('hands out copies of its state', async () => {
    const learner = await make(config);
    const before = learner.saveState();
    const copy = structuredClone(before);
    await train(learner, 2);
    expect(before).toEqual(copy);
  });

  it('changes nothing when it predicts', async () => {
    const learner = await make(config);
    await train(learner, 1);
    const before = [learner.saveState(), learner.operations()];
    await learner.predict(PLAN.data.inputs);
    expect([learner.saveState(), learner.operations()]).toEqual(before);
  });
});

describe('predict', () => {
  it('gives the class of the largest logit for every row of several chunks', async () => {
    const learner = await make(CONFIGS[0]);
    const { inputs } = randomBatch(2345, sizeOf(TASK.input), TASK.classes, 'predict');
    const weights = weightsOf(learner.saveState(), [6, 8, 5, 3]);
    const predictions = await learner.predict(realRows(inputs));
    expect([...predictions]).toEqual(inputs.map((row) => predictClass(weights, row)));
  });

  it('gives nothing for no rows', async () => {
    const learner = await make(CONFIGS[0]);
    expect(await learner.predict({ rows: 0, columns: 6, copyRow: () => undefined })).toEqual(
      new Int32Array(0),
    );
  });
});

describe('binarized inputs', () => {
  const config = { ...CONFIGS[0], inputs: 'binarized' };
  const task = { ...TASK, input: vector(70) };
  const bits = randomStreams(3).stream('bits').signs(9, 70);
  const labels = Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2);
  const rows = Array.from({ length: 9 }, (_, row) => [...bits.signs(row)]);

  it('train and predict like rows of ±1', async () => {
    const packed = await make(config, task);
    const real = await make(CONFIGS[0], task);
    const packedPlan = inOrder({ inputs: bits, labels }, 4);
    const realPlan = inOrder({ inputs: realRows(rows), labels }, 4);
    expect(await packed.trainEpoch(packedPlan)).toEqual(await real.trainEpoch(realPlan));
    expect(packed.saveState()).toEqual(real.saveState());
    expect(await packed.predict(bits)).toEqual(await real.predict(realRows(rows)));
  });

  it('are refused in the other form', async () => {
    const packed = await make(config, task);
    const real = await make(CONFIGS[0], task);
    await expect(packed.predict(realRows(rows))).rejects.toThrow(
      "inputs: expected packed ±1 (a BitMatrix), as the rule's inputs are 'binarized', got 'full-precision rows'",
    );
    await expect(real.trainEpoch(inOrder({ inputs: bits, labels }, 4))).rejects.toThrow(
      "inputs: expected full-precision rows, as the rule's inputs are 'full-precision', got 'packed ±1 (a BitMatrix)'",
    );
  });
});

describe('trainEpoch', () => {
  it('shows the rows in the order of the plan', async () => {
    const [ordered, permuted] = [await make(CONFIGS[0]), await make(CONFIGS[0])];
    const order = Uint32Array.of(10, 3, 5, 0, 1, 2, 9, 8, 7, 6, 4);
    const inputs = Array.from(order, (row) => BATCH.inputs[row]);
    const labels = Array.from(order, (row) => BATCH.labels[row]);
    await permuted.trainEpoch({ ...PLAN, order });
    await ordered.trainEpoch(inOrder(labelled({ inputs, labels }), 4));
    expect(permuted.saveState()).toEqual(ordered.saveState());
  });

  it('waits for what afterBatch returns before the next batch', async () => {
    const learner = await make(CONFIGS[0]);
    const events: string[] = [];
    const afterBatch = async (shown: number): Promise<void> => {
      events.push(`${shown} shown`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      events.push(`${shown} awaited`);
    };
    await learner.trainEpoch({ ...PLAN, afterBatch });
    expect(events).toEqual(['4', '8', '11'].flatMap((shown) => [`${shown} shown`, `${shown} awaited`]));
  });

  it('ends when afterBatch throws', async () => {
    const learner = await make(CONFIGS[0]);
    const afterBatch = (): undefined => {
      throw new Error('enough');
    };
    await expect(learner.trainEpoch({ ...PLAN, afterBatch })).rejects.toThrow('enough');
    expect(learner.saveState().progress).toEqual(Float64Array.of(0, 1, 4));
  });

  it.each([
    [{ batchSize: 5 }, 'batchSize: expected an integer in [1, 4], got 5'],
    [{ order: new Uint32Array(0) }, 'order: expected at least one row index, got Uint32Array(0) []'],
    [{ order: Uint32Array.of(0, 11) }, 'order[1]: expected an integer in [0, 10], got 11'],
    [
      { data: { ...PLAN.data, labels: Int32Array.of(0, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0) } },
      'labels[2]: expected an integer in [0, 2], got 3',
    ],
    [
      { data: { ...PLAN.data, labels: new Int32Array(11).fill(-1) } },
      'labels[0]: expected an integer in [0, 2], got -1',
    ],
    [{ data: { ...PLAN.data, labels: new Int32Array(3) } }, 'labels: expected 11 entries, got 3'],
    [
      { data: { inputs: realRows([[1, 2]]), labels: new Int32Array(1) } },
      'inputs: expected 6 columns, got 2',
    ],
  ])('refuses a plan with %o', async (change, message) => {
    const learner = await make(CONFIGS[0]);
    const before = learner.saveState();
    await expect(learner.trainEpoch({ ...PLAN, ...change })).rejects.toThrow(message);
    expect(learner.saveState()).toEqual(before);
  });
});

describe('a run that diverges', () => {
  it('stops with rule, epoch, step and advice', async () => {
    const learner = await make({ ...CONFIGS[0], learningRate: 1e6 });
    const error = await train(learner, 50).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DivergedError);
    expect((error as Error).message).toMatch(
      /^sgd diverged in epoch \d+, step \d+: (the loss is (NaN|Infinity)|a weight is not finite); lower learningRate \(1000000\)$/,
    );
  });

  it('keeps the state from before the step whose loss is no number', async () => {
    const learner = await make(CONFIGS[0]);
    learner.loadState({ ...learner.saveState(), 'layer-3/weights': new Float32Array(15).fill(3e38) });
    const before = learner.saveState();
    await expect(train(learner, 1)).rejects.toThrow(
      /^sgd diverged in epoch 1, step 1: the loss is NaN; lower/,
    );
    expect(learner.saveState()).toEqual(before);
  });

  it('is noticed by the weights where the loss stays finite', async () => {
    const learner = await make(
      { ...CONFIGS[0], layers: [1] },
      { input: vector(1), classes: 2, batchSize: 1, hasValidation: false },
    );
    const weights = {
      'layer-1/weights': Float32Array.of(-Infinity),
      'layer-2/weights': Float32Array.of(1, 1),
    };
    learner.loadState({ ...learner.saveState(), ...weights });
    const data = { inputs: realRows([[1]]), labels: Int32Array.of(0) };
    await expect(learner.trainEpoch(inOrder(data, 1))).rejects.toThrow(
      'sgd diverged in epoch 1, step 1: a weight is not finite; lower learningRate (0.05)',
    );
  });

  it('blames the data where the data is to blame', async () => {
    const learner = await make(CONFIGS[0]);
    const inputs = BATCH.inputs.map((row, b) => (b === 6 ? [0, 0, Number.NaN, 0, 0, 0] : row));
    const plan = inOrder(labelled({ ...BATCH, inputs }), 4);
    await expect(learner.trainEpoch(plan)).rejects.toThrow('inputs[6][2]: expected a finite number, got NaN');
  });
});

describe('loadState', () => {
  it('refuses a state of another network and keeps its own', async () => {
    const learner = await make(CONFIGS[0]);
    const other = await make({ ...CONFIGS[0], layers: [8, 6] });
    const before = learner.saveState();
    expect(() => learner.loadState(other.saveState())).toThrow(
      "state['layer-2/weights']: expected a Float32Array of 40 entries, got 'Float32Array of 48'",
    );
    expect(learner.saveState()).toEqual(before);
  });

  it('refuses a state of another optimizer', async () => {
    const [plain, withMomentum] = [await make(CONFIGS[0]), await make(CONFIGS[1])];
    expect(() => withMomentum.loadState(plain.saveState())).toThrow(
      "state['layer-1/weights/velocity']: expected a Float32Array of 48 entries, got undefined",
    );
  });

  it('refuses a state without progress', async () => {
    const learner = await make(CONFIGS[0]);
    const { progress: _, ...state } = learner.saveState();
    expect(() => learner.loadState(state)).toThrow(
      "state['progress']: expected a Float64Array of 3 entries, got undefined",
    );
  });
});

describe('dispose', () => {
  it('may be repeated and ends training and prediction', async () => {
    const learner = await make(CONFIGS[0]);
    await learner.dispose();
    await learner.dispose();
    const message = "learner: expected one that has not been disposed, got 'a disposed sgd'";
    await expect(learner.trainEpoch(PLAN)).rejects.toThrow(message);
    await expect(learner.predict(PLAN.data.inputs)).rejects.toThrow(message);
  });
});

describe('the graphs of a learner', () => {
  it('are given back to the runtime', async () => {
    let [opened, released] = [0, 0];
    const counting = async () => {
      const runtime = await onnxRuntime();
      const create = async (...given: Parameters<typeof runtime.InferenceSession.create>) => {
        const session = await runtime.InferenceSession.create(...given);
        const { release } = session;
        opened++;
        session.release = async () => {
          released++;
          await release.call(session);
        };
        return session;
      };
      return { Tensor: runtime.Tensor, InferenceSession: { create } } as unknown as typeof runtime;
    };
    const config = sgdConfig.parse({ name: 'sgd', layers: [3] });
    const context = { kernels: {} as Kernels, streams: randomStreams(1), onnxRuntime: counting };
    const learner = await sgd.createLearner(config, TASK, context);
    expect([opened, released]).toEqual([2, 0]);
    await learner.dispose();
    await learner.dispose();
    expect([opened, released]).toEqual([2, 2]);
  });
});

describe('the size of the task', () => {
  it.each([
    [{ ...TASK, input: vector(0) }, 'input.size: expected an integer of at least 1, got 0'],
    [{ ...TASK, classes: 1 }, 'classes: expected an integer of at least 2, got 1'],
    [{ ...TASK, batchSize: 0 }, 'batchSize: expected an integer of at least 1, got 0'],
  ])('is checked: %o', async (task, message) => {
    await expect(make(CONFIGS[0], task)).rejects.toThrow(message);
  });
});
