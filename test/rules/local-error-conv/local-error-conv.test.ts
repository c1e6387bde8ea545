import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import type { ImageShape } from '../../../src/core/shape.js';
import { vector } from '../../../src/core/shape.js';
import { joinNetwork, splitNetwork } from '../../../src/models/network-arrays.js';
import { createPredictor } from '../../../src/models/predictor.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { LocalErrorLearner } from '../../../src/rules/local-error/local-error.js';
import { layersBehind, localErrorConvConfig } from '../../../src/rules/local-error-conv/config.js';
import {
  LocalErrorConvLearner,
  localErrorConv,
} from '../../../src/rules/local-error-conv/local-error-conv.js';
import type { EpochPlan, Problem } from '../../../src/rules/rule.js';
import { PRESENT_BACKENDS } from '../binary/problem.js';

const input: ImageShape = { kind: 'image', channels: 2, height: 8, width: 8, interleaved: 2 };
const problem: Problem = { input, classes: 3, batchSize: 20, hasValidation: false };
const OPTIONS = {
  name: 'local-error-conv',
  layers: [15, 12],
  groupSize: 3,
  filters: 9,
  windowSize: 3,
} as const;
const SAMPLES = 120;

function parsed(options: object): z.output<typeof localErrorConvConfig> {
  return localErrorConvConfig.parse({ ...OPTIONS, ...options });
}

function context(kernels = selectKernels('reference'), seed = 1) {
  return { kernels, streams: randomStreams(seed) };
}

const images = randomStreams(3).stream('images').signs(SAMPLES, 128);
const labels = Int32Array.from({ length: SAMPLES }, (_, row) => (images.get(row, 0) === 1 ? row % 2 : 2));

function plan(inputs: BitMatrix = images): EpochPlan {
  const order = Uint32Array.from({ length: SAMPLES }, (_, row) => row);
  return { data: { inputs, labels }, order, batchSize: 20, afterBatch: () => undefined };
}

describe('local errors behind filters', () => {
  it.each([
    ['exemplar', { frontEnd: 'exemplar' }],
    ['random', { frontEnd: 'random', readOut: 'summed' }],
    ['competitive', { frontEnd: 'competitive', competitiveWindows: 200 }],
    ['local receptive fields', { shared: false }],
    ['majority', { pooling: 'majority', pool: 3 }],
    ['a perceptron', { perceptronReadOut: {}, keepInputs: false }],
  ])('give the same on every backend, and their network predicts what they do: %s', async (_, options) => {
    const states = [];
    for (const kernels of PRESENT_BACKENDS.map((name) => selectKernels(name))) {
      const learner = new LocalErrorConvLearner(parsed(options), problem, context(kernels));
      for (let epoch = 0; epoch < 3; epoch++) await learner.trainEpoch(plan());
      const { outline, arrays } = splitNetwork(learner.network());
      const predictor = createPredictor(joinNetwork(outline, arrays), { kernels, onnxRuntime });
      const predictions = await learner.predict(images);
      expect(await predictor.predict(images)).toEqual(predictions);
      await expect(predictor.predict(new BitMatrix(1, 127))).rejects.toThrow(
        'inputs: expected 128 columns, got 127',
      );
      states.push({ ...learner.saveState(), predictions });
      await predictor.dispose();
    }
    for (const state of states) expect(state).toEqual(states[0]);
  });

  it('are `local-error` on what the filters find', async () => {
    const config = parsed({});
    const conv = new LocalErrorConvLearner(config, problem, context());
    await conv.trainEpoch(plan());
    const features = conv.filters.features(images);
    const plain = new LocalErrorLearner(
      layersBehind(config),
      { ...problem, input: vector(features.columns) },
      context(),
    );
    await plain.trainEpoch(plan(features));
    expect(conv.behind.saveState()).toEqual(plain.saveState());
  });

  it('keep filters that are windows of training images, fitted in the first epoch', async () => {
    const learner = new LocalErrorConvLearner(parsed({ padding: 0, filters: 30 }), problem, context());
    const before = learner.filters.convolution();
    await learner.trainEpoch(plan());
    const { filters } = learner.filters.convolution();
    expect(filters.words).not.toEqual(before.filters.words);
    const windows = new Set<string>();
    for (let row = 0; row < SAMPLES; row++) {
      const image = images.signs(row);
      for (let y = 0; y < 6; y++) {
        for (let x = 0; x < 6; x++) {
          const lines = [0, 1, 2].map((v) => image.slice(((y + v) * 8 + x) * 2, ((y + v) * 8 + x + 3) * 2));
          windows.add(lines.map((line) => line.join()).join());
        }
      }
    }
    for (let f = 0; f < 30; f++) expect(windows.has(filters.signs(f).join())).toBe(true);
    await learner.trainEpoch(plan());
    expect(learner.filters.convolution().filters.words).toEqual(filters.words);
  });

  it('go on from a state', async () => {
    const [one, other] = [1, 1].map(() => new LocalErrorConvLearner(parsed({}), problem, context()));
    await one.trainEpoch(plan());
    const saved = one.saveState();
    await one.trainEpoch(plan());
    other.loadState(saved);
    await other.trainEpoch(plan());
    expect(other.saveState()).toEqual(one.saveState());
    expect(await other.predict(images)).toEqual(await one.predict(images));
    expect(other.operations()).toEqual(one.operations());
  });

  it('say what they take', () => {
    // 64 windows of 9 pixels, 18 bits; 2 × 2 squares; 4 · 9 features and 128 inputs.
    const described = localErrorConv.describe(parsed({}), problem);
    expect(described).toEqual({
      architecture: '9@3×3,15,12',
      parameters: 164 * 15 + 15 * 12,
      memoryBits: {
        model: (164 * 15 + 15 * 12) * 16 + 27 * 3 + 9 * (18 + 32),
        activations: 20 * (2 * 27 + 164),
      },
      operationsPerSample: {
        xnorBits: 164 * 15 + 15 * 12 + 27 * 3 + 64 * 9 * 18,
        popcountBits: 164 * 15 + 15 * 12 + 27 * 3 + 64 * 9 * 19,
        stepBits: 0,
        floatOperations: 0,
      },
    });
    const fields = localErrorConv.describe(parsed({ shared: false, keepInputs: false }), problem);
    expect(fields.architecture).toBe('9×3×3,15,12');
    expect(fields.operationsPerSample.xnorBits).toBe(9 * 15 + 15 * 12 + 27 * 3 + 9 * 18);
  });
});

describe('options of local-error-conv', () => {
  const refused: readonly [object, string][] = [
    [
      { shared: false, frontEnd: 'competitive' },
      'shared: Invalid input: expected shared filters that compete',
    ],
    [{ shared: false, padding: 1 }, 'padding: Invalid input: expected none with filters that are not shared'],
    [{ filters: 0 }, 'filters: Too small'],
    [
      { perceptronReadOut: {}, readOut: 'summed' },
      'perceptronReadOut: Invalid input: expected none with readOut summed',
    ],
    [{ frontEnd: 'trained' }, 'frontEnd: Invalid option'],
  ];
  it.each(refused)('are refused: %o', (options, message) => {
    const { error } = localErrorConvConfig.safeParse({ ...OPTIONS, ...options });
    const texts = error?.issues.map(({ path, message: text }) => `${path.join('.')}: ${text}`) ?? [];
    expect(texts.join('\n')).toContain(message);
  });

  it('have windows no larger than the padded image', () => {
    const config = parsed({ windowSize: 9, padding: 0 });
    expect(() => localErrorConv.describe(config, problem)).toThrow(
      'windowSize: expected at most 8, the side of the padded image, got 9',
    );
  });
});
