import { describe, expect, it } from 'vitest';
import { vector } from '../../../src/core/shape.js';
import { adam, adamConfig, sgd, sgdConfig } from '../../../src/rules/gradient-descent.js';
import { iterative, iterativeConfig } from '../../../src/rules/iterative/iterative.js';
import { qat, qatConfig } from '../../../src/rules/quantized/qat.js';

/** 3·4 + 4·2 = 20 weights with one layer of 4. Float operations of a sample: 2·20 forward, 2·20 for gradients, 2·8 for errors. */
const PROBLEM = { input: vector(3), classes: 2, batchSize: 5, hasValidation: false };
const OF_SAMPLE = 96;

const operations = (floatOperations: number) => ({
  operationsPerSample: { xnorBits: 0, popcountBits: 0, stepBits: 0, floatOperations },
});

describe('what a float rule says of a problem', () => {
  it('sgd: weights, with momentum as many again; activations and errors', () => {
    const described = (options: object) =>
      sgd.describe(sgdConfig.parse({ name: 'sgd', layers: [4], ...options }), PROBLEM);
    const activations = 64 * (4 + 2) * 5;
    expect(described({})).toEqual({
      architecture: '4',
      parameters: 20,
      memoryBits: { model: 32 * 20, activations },
      ...operations(OF_SAMPLE),
    });
    expect(described({ momentum: 0.9 }).memoryBits).toEqual({ model: 64 * 20, activations });
  });

  it('adam: weights with two moments', () => {
    expect(adam.describe(adamConfig.parse({ name: 'adam', layers: [4] }), PROBLEM)).toMatchObject({
      parameters: 20,
      memoryBits: { model: 96 * 20 },
      ...operations(OF_SAMPLE),
    });
  });

  it.each([
    // γ and β of 6 units with their moments, and running statistics without.
    [{}, 20 + 12, 96 * 32 + 64 * 6, OF_SAMPLE + 14 * 6],
    [{ batchNorm: false }, 20, 96 * 20, OF_SAMPLE],
    [{ batchNorm: false, scaleProducts: true }, 20, 96 * 20, OF_SAMPLE + 2 * 6],
  ])('qat: %o', (options, parameters, model, floatOperations) => {
    expect(qat.describe(qatConfig.parse({ name: 'qat', layers: [4], ...options }), PROBLEM)).toMatchObject({
      architecture: '4',
      parameters,
      memoryBits: { model },
      ...operations(floatOperations),
    });
  });

  it('iterative: parameters and memory of the first stage, operations of the one that takes least', () => {
    // Widths 3, 4, 5, 2: 42 weights. In the last stage nothing is trained: 2·42 forward and a scale for each of 11 units.
    for (const order of ['input-first', 'output-first']) {
      const config = iterativeConfig.parse({ name: 'iterative', layers: [4, 5], order });
      expect(iterative.describe(config, PROBLEM)).toEqual({
        architecture: '4,5',
        parameters: 42,
        memoryBits: { model: 96 * 42, activations: 64 * 11 * 5 },
        ...operations(2 * 42 + 11),
      });
    }
  });
});
