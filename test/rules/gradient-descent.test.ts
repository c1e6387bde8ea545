import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomStreams } from '../../src/core/random.js';
import { vector } from '../../src/core/shape.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { adam, adamConfig, sgd, sgdConfig } from '../../src/rules/gradient-descent.js';
import { inOrder, labelled, makeLearner, realRows } from './float/helpers.js';

const TASK = { input: vector(2), classes: 3, batchSize: 10, hasValidation: false };

/** Three clouds of radius below 1 around corners of a triangle of side above 6. */
function clouds(samples: number): { inputs: number[][]; labels: number[] } {
  const stream = randomStreams(11).stream('clouds');
  const labels = Array.from({ length: samples }, (_, i) => i % 3);
  const inputs = labels.map((label) => {
    const angle = (2 * Math.PI * label) / 3;
    const [x, y] = [stream.uniform() - 0.5, stream.uniform() - 0.5];
    return [4 * Math.cos(angle) + x, 4 * Math.sin(angle) + y];
  });
  return { inputs, labels };
}

/** In a process of its own, as others may have loaded it here. */
const WHEN_LOADED = `
  const isLoaded = () => Object.keys(require.cache).some((file) => file.includes('onnxruntime-node'));
  require('./dist/index.js');
  const { onnxRuntime } = require('./dist/node/onnx-runtime.js');
  const before = isLoaded();
  onnxRuntime().then(() => console.log(JSON.stringify([before, isLoaded()])));
`;

describe('gradient-descent', () => {
  it('loads ONNX Runtime only when a learner is made', () => {
    const printed = execFileSync(process.execPath, ['-e', WHEN_LOADED], {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
    });
    expect(JSON.parse(printed)).toEqual([false, true]);
  });

  it.each([
    { name: 'sgd', layers: [12], learningRate: 0.1 },
    { name: 'sgd', layers: [12, 8], learningRate: 0.02, momentum: 0.9 },
    { name: 'adam', layers: [12, 8], learningRate: 0.01 },
  ])('learns separable clouds to 100 %: %o', async (config) => {
    const batch = clouds(63);
    const learner = await makeLearner(config, TASK);
    const plan = inOrder(labelled(batch), TASK.batchSize);
    const first = await learner.trainEpoch(plan);
    for (let epoch = 0; epoch < 30; epoch++) await learner.trainEpoch(plan);
    const last = await learner.trainEpoch(plan);
    expect(last.trainAccuracy).toBe(100);
    expect(last.loss).toBeLessThan(Number(first.loss) / 10);
    expect([...(await learner.predict(realRows(batch.inputs)))]).toEqual(batch.labels);
    await learner.dispose();
  });

  it('draws the weights of a layer from a stream of its own', async () => {
    const narrow = await makeLearner({ name: 'sgd', layers: [4, 3] }, TASK);
    const wide = await makeLearner({ name: 'sgd', layers: [4, 6] }, TASK);
    const other = await makeLearner({ name: 'adam', layers: [4, 3] }, TASK);
    const weights = narrow.saveState()['layer-1/weights'];
    expect(wide.saveState()['layer-1/weights']).toEqual(weights);
    expect(other.saveState()['layer-1/weights']).not.toEqual(weights);
    for (const learner of [narrow, wide, other]) await learner.dispose();
  });

  it('fills in defaults', () => {
    expect(sgdConfig.parse({ name: 'sgd', layers: [3] })).toEqual({
      name: 'sgd',
      layers: [3],
      learningRate: 0.01,
      momentum: 0,
      inputs: 'full-precision',
    });
    expect(adamConfig.parse({ name: 'adam', layers: [3] })).toEqual({
      name: 'adam',
      layers: [3],
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      inputs: 'full-precision',
    });
  });

  it('asks for the inputs that it is configured for', () => {
    const config = sgdConfig.parse({ name: 'sgd', layers: [3], inputs: 'binarized' });
    expect(sgd.inputForm(config)).toBe('binarized');
    expect(adam.inputForm(adamConfig.parse({ name: 'adam', layers: [3] }))).toBe('full-precision');
  });

  it('describes every option', () => {
    for (const schema of [sgdConfig, adamConfig]) {
      const { name: _, ...options } = schema.shape;
      for (const [option, { description }] of Object.entries(options))
        expect(description, option).toBeTruthy();
    }
  });

  it('composes into a union on the name', () => {
    const union = z.discriminatedUnion('name', [sgdConfig, adamConfig]);
    expect(union.parse({ name: 'adam', layers: [3] }).name).toBe('adam');
  });
});

describe('a bad configuration', () => {
  it.each([
    [{ layers: [] }, '✖ Too small: expected array to have >=1 items\n  → at layers'],
    [{ layers: [5, 0] }, '✖ Too small: expected number to be >=1\n  → at layers[1]'],
    [{ layers: [2.5] }, '✖ Invalid input: expected int, received number\n  → at layers[0]'],
    [{ layers: undefined }, '✖ Invalid input: expected array, received undefined\n  → at layers'],
    [{ learningRate: 0 }, '✖ Too small: expected number to be >0\n  → at learningRate'],
    [{ learningRate: Number.POSITIVE_INFINITY }, 'expected number, received Infinity\n  → at learningRate'],
    [{ momentum: 1 }, '✖ Too big: expected number to be <1\n  → at momentum'],
    [{ momentum: -0.1 }, '✖ Too small: expected number to be >=0\n  → at momentum'],
    [{ inputs: 'grey' }, 'expected one of "full-precision"|"binarized"\n  → at inputs'],
    [{ name: 'adam' }, '✖ Invalid input: expected "sgd"\n  → at name'],
    [{ learningrate: 0.1 }, '✖ Unrecognized key: "learningrate"'],
  ])('of sgd is refused: %o', (change, message) => {
    const result = sgdConfig.safeParse({ name: 'sgd', layers: [5], ...change });
    expect(result.error && z.prettifyError(result.error)).toContain(message);
  });

  it.each([
    [{ beta1: 1 }, '✖ Too big: expected number to be <1\n  → at beta1'],
    [{ beta2: -0.5 }, '✖ Too small: expected number to be >=0\n  → at beta2'],
    [{ epsilon: 0 }, '✖ Too small: expected number to be >=1e-30\n  → at epsilon'],
    [{ momentum: 0.9 }, '✖ Unrecognized key: "momentum"'],
  ])('of adam is refused: %o', (change, message) => {
    const result = adamConfig.safeParse({ name: 'adam', layers: [5], ...change });
    expect(result.error && z.prettifyError(result.error)).toContain(message);
  });
});
