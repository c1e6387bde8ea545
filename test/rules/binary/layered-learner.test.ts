import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import type { Int32Matrix } from '../../../src/core/int-matrix.js';
import { type RandomStream, randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import type { StepList } from '../../../src/kernels/lists.js';
import type { LayerOutput } from '../../../src/layers/binary-layer.js';
import { randomClassifier } from '../../../src/layers/classifier.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { describeLayers, withInputNoise } from '../../../src/rules/binary/description.js';
import { LayeredLearner } from '../../../src/rules/binary/layered-learner.js';
import type { RuleDescription } from '../../../src/rules/rule.js';
import { randomProblem, trainEpochs } from './problem.js';

const OPTIONS = { layers: [4, 3], hiddenBits: 4, reinforcement: 0, inputFlipProbability: 0, initialDepth: 1 };
const PROBLEM = { input: vector(5), classes: 2, batchSize: 4, hasValidation: false };
const DESCRIPTION: RuleDescription = {
  ...describeLayers(OPTIONS, PROBLEM),
  operationsPerSample: { xnorBits: 2, popcountBits: 3, stepBits: 5, floatOperations: 7 },
};

interface Batch {
  readonly outputs: readonly LayerOutput[];
  readonly logits: Int32Matrix;
  readonly steps: StepList;
}

/** In every batch a neuron of the first layer, drawn anew, steps towards the first sample, and the second layer is reinforced. */
class OneStep extends LayeredLearner<Batch> {
  readonly allocations: number[] = [];

  constructor({ streams = ['neuron'], options = OPTIONS } = {}) {
    const context = { kernels: selectKernels('reference'), streams: randomStreams(7) };
    super('one-step', options, PROBLEM, context, DESCRIPTION, streams);
  }

  streamOf(name: string): RandomStream {
    return this.stream(name);
  }

  classifier(layer: number): BitMatrix {
    return this.classifierOn(layer);
  }

  protected override allocate(rows: number): Batch {
    this.allocations.push(rows);
    return {
      outputs: this.layers.map((layer) => layer.allocateOutput(rows)),
      logits: this.kernels.int32Matrix(rows, 2),
      steps: this.kernels.stepList(1),
    };
  }

  protected override logits(inputs: BitMatrix, { outputs, logits }: Batch): Int32Matrix {
    this.layers[0].forward(inputs, outputs[0]);
    this.layers[1].forward(outputs[0].activations, outputs[1]);
    this.kernels.product(outputs[1].activations, this.classifierOn(1), logits);
    return logits;
  }

  protected override trainBatch(inputs: BitMatrix, _labels: Int32Array, { steps }: Batch): number {
    this.countTriggers(0, 2);
    this.countTriggers(1, 1);
    steps.count = 0;
    steps.push(0, this.stream('neuron').below(4), 1);
    this.layers[0].step(inputs, steps);
    this.layers[1].reinforce();
    return 1;
  }
}

const DATA = randomProblem(10, 5, 2, 3);

describe('a network of binary layers', () => {
  it('is described by its sizes', () => {
    // 5·4 + 4·3 = 32 weights, 7 neurons, 14 weights of classifiers.
    expect(describeLayers(OPTIONS, PROBLEM)).toEqual({
      architecture: '4,3',
      parameters: 32,
      memoryBits: { model: 32 * 4 + 14, activations: 2 * 7 * 4 },
      operationsPerSample: { xnorBits: 46, popcountBits: 46, stepBits: 0, floatOperations: 0 },
    });
  });

  it('with noise holds a batch of inputs, and compares each of them once more', () => {
    const noisy = withInputNoise(DESCRIPTION, { inputFlipProbability: 0.1 }, PROBLEM);
    expect(noisy).toEqual({
      ...DESCRIPTION,
      memoryBits: { model: 142, activations: 56 + 4 * 5 },
      operationsPerSample: { xnorBits: 2 + 5, popcountBits: 3, stepBits: 5, floatOperations: 7 },
    });
    expect(withInputNoise(DESCRIPTION, { inputFlipProbability: 0 }, PROBLEM)).toBe(DESCRIPTION);
    expect(new OneStep({ options: { ...OPTIONS, inputFlipProbability: 0.1 } }).memoryBits).toEqual(
      noisy.memoryBits,
    );
  });

  it('draws layers and classifiers from streams of their own', () => {
    const learner = new OneStep();
    const signs = (layer: number, neurons: number, inputs: number) =>
      randomStreams(7).stream(`one-step/layer-${layer}/signs`).signs(neurons, inputs);
    expect(learner.layers.map(({ weights }) => weights.visible)).toEqual([signs(1, 4, 5), signs(2, 3, 4)]);
    for (const [l, neurons] of [4, 3].entries()) {
      const drawn = randomClassifier(
        2,
        neurons,
        randomStreams(7).stream(`one-step/layer-${l + 1}/classifier`),
      );
      expect(learner.classifier(l)).toEqual(drawn);
    }
    expect(learner.streamOf('neuron').uint32()).toBe(randomStreams(7).stream('one-step/neuron').uint32());
  });

  it('knows no stream that was not named', () => {
    expect(() => new OneStep({ streams: ['a', 'b'] }).streamOf('c')).toThrow(
      "name: expected one of the streams a, b, got 'c'",
    );
  });

  it('observes the share of samples that trigger a layer, epoch by epoch', async () => {
    // Three batches of 10 samples: 2 and 1 triggers in each.
    for (const { layers } of await trainEpochs(new OneStep(), DATA, 2, 4))
      expect(layers?.map(({ triggerShare }) => triggerShare)).toEqual([0.6, 0.3]);
  });

  it('counts what showing takes, and the steps', async () => {
    const learner = new OneStep();
    await trainEpochs(learner, DATA, 2, 4);
    // 20 samples; 6 steps of 5 weights of 4 bits.
    expect(learner.operations()).toEqual({
      xnorBits: 40,
      popcountBits: 60,
      stepBits: 20 * 5 + 6 * 5 * 4,
      floatOperations: 140,
    });
  });

  it('reinforces with the probability of the epoch', async () => {
    const learner = new OneStep({ options: { ...OPTIONS, reinforcement: 1 } });
    const before = [...learner.layers[1].weights.hidden.values];
    await trainEpochs(learner, DATA, 1, 4);
    const { 'layer-1/counts': first, 'layer-2/counts': second } = learner.saveState();
    const after = [...learner.layers[1].weights.hidden.values];
    const deepened = after.reduce((sum, h, i) => sum + (Math.abs(h) - Math.abs(before[i])) / 2, 0);
    expect([...first]).toEqual([3, 0, first[2]]);
    expect([...second]).toEqual([0, deepened, 0]);
    expect(deepened).toBeGreaterThan(0);
    expect(learner.operations().stepBits).toBe(10 * 5 + (3 * 5 + deepened) * 4);
  });

  it('saves its layers and streams, and goes on from them', async () => {
    const whole = new OneStep();
    await trainEpochs(whole, DATA, 2, 4);
    const state = whole.saveState();
    expect(Object.keys(state).sort()).toEqual(
      ['counts', 'gaps', 'hidden']
        .flatMap((part) => [`layer-1/${part}`, `layer-2/${part}`])
        .concat('progress', 'stream/neuron')
        .sort(),
    );
    const predictions = await whole.predict(DATA.data.inputs);
    // Classifiers are not saved: they come from the seed.
    const other = new OneStep();
    other.loadState(state);
    expect(await other.predict(DATA.data.inputs)).toEqual(predictions);
    await trainEpochs(whole, DATA, 2, 4);
    await trainEpochs(other, DATA, 2, 4);
    expect(other.saveState()).toEqual(whole.saveState());
    expect(other.saveState()).not.toEqual(state);
    expect(other.operations()).toEqual(whole.operations());
  });

  it('without streams saves none', () => {
    class NoStreams extends LayeredLearner<never> {
      constructor() {
        const context = { kernels: selectKernels('reference'), streams: randomStreams(1) };
        super('none', OPTIONS, PROBLEM, context, DESCRIPTION);
      }
      protected override allocate(): never {
        throw new Error('not called');
      }
      protected override trainBatch(): number {
        return 0;
      }
      protected override logits(): Int32Matrix {
        throw new Error('not called');
      }
    }
    expect(Object.keys(new NoStreams().saveState()).filter((key) => key.startsWith('stream'))).toEqual([]);
  });

  it('has memory for a batch once for each size, until it is disposed of', async () => {
    const learner = new OneStep();
    await trainEpochs(learner, DATA, 2, 4);
    expect(learner.allocations).toEqual([4, 2]);
    await learner.predict(DATA.data.inputs.rowRange(0, 4));
    expect(learner.allocations).toEqual([4, 2]);
    // 500 rows at once, and no empty batch after them.
    for (const rows of [500, 1000, 1001])
      expect(await learner.predict(new BitMatrix(rows, 5))).toHaveLength(rows);
    expect(learner.allocations).toEqual([4, 2, 500, 1]);
    await learner.dispose();
    await trainEpochs(learner, DATA, 1, 4);
    expect(learner.allocations).toEqual([4, 2, 500, 1, 4, 2]);
  });
});
