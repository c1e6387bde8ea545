import { describe, expect, it } from 'vitest';
import { BATCH, VALUES } from '../../../../src/rules/float/classification.js';
import { OnnxGraph } from '../../../../src/rules/float/onnx-graph.js';
import { adamStep, gradientStep } from '../../../../src/rules/float/optimizer.js';
import { fixed, type Parameter } from '../../../../src/rules/float/parameter.js';
import { batchNorm } from '../../../../src/rules/float/pieces/batch-norm.js';
import { clip } from '../../../../src/rules/float/pieces/clip.js';
import type { Piece } from '../../../../src/rules/float/pieces/piece.js';
import { prelu } from '../../../../src/rules/float/pieces/prelu.js';
import { product } from '../../../../src/rules/float/pieces/product.js';
import { relu } from '../../../../src/rules/float/pieces/relu.js';
import { scaling } from '../../../../src/rules/float/pieces/scaling.js';
import { sign } from '../../../../src/rules/float/pieces/sign.js';
import { appendSoftmaxCrossEntropy } from '../../../../src/rules/float/pieces/softmax-cross-entropy.js';
import { integers, matrix, runGraph } from '../run-graph.js';
import { differences, expectAdjoint, expectClose, type Formula, type Matrix } from './adjoint.js';

const ADAM = adamStep({ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
const SGD = gradientStep(1);
const WEIGHTS: Parameter = { name: 'w', shape: [4, 3], initial: () => new Float32Array(12), optimizer: ADAM };
const FACTOR = { name: 'c', shape: [1], initial: () => Float32Array.of(1) };

const elementwise =
  (f: (x: number) => number): Formula =>
  (x) =>
    x.map((row) => row.map(f));
const rectified = elementwise((x) => Math.max(0, x));
const leaky: Formula = (x, { 'l/slope': slope }) =>
  x.map((row) => row.map((entry, k) => Math.max(0, entry) + slope[k] * Math.min(0, entry)));
const clipped = elementwise((x) => Math.max(-1, Math.min(1, x)));
const signs = elementwise(Math.sign);
const scaled: Formula = (x, { c }) => elementwise((entry) => c[0] * entry)(x, {});
const multiplied: Formula = (x, { w }) =>
  x.map((row) => [0, 1, 2, 3].map((k) => row.reduce((total, entry, n) => total + entry * w[3 * k + n], 0)));

/** γ·(X − mean)/√(variance + 10⁻³) + β by columns. */
function affine(x: Matrix, [mean, variance, scale, shift]: readonly (readonly number[])[]): Matrix {
  return x.map((row) =>
    row.map((entry, k) => (scale[k] * (entry - mean[k])) / Math.sqrt(variance[k] + 1e-3) + shift[k]),
  );
}

const normalized: Formula = (x, values) => {
  const average = (column: readonly number[]): number => column.reduce((a, b) => a + b, 0) / column.length;
  const columns = x[0].map((_, k) => x.map((row) => row[k]));
  const means = columns.map(average);
  const variances = columns.map((column, k) => average(column.map((entry) => (entry - means[k]) ** 2)));
  return affine(x, [means, variances, values['l/scale'], values['l/shift']]);
};

const byRunning: Formula = (x, values) =>
  affine(
    x,
    ['running-mean', 'running-variance', 'scale', 'shift'].map((part) => values[`l/${part}`]),
  );

describe('the adjoint of a piece is the gradient of what it computes', () => {
  it('product', () => expectAdjoint(product(WEIGHTS), 3, multiplied));
  it('product, fixed', () => expectAdjoint(product(fixed(WEIGHTS)), 3, multiplied));
  it('product of signs', () => expectAdjoint(product({ ...WEIGHTS, hasSigns: true }), 3, multiplied));
  it('product, descended', () => expectAdjoint(product({ ...WEIGHTS, optimizer: SGD }), 3, multiplied));
  it('relu', () => expectAdjoint(relu(), 4, rectified));
  it('prelu', () => expectAdjoint(prelu('l', 4, ADAM), 4, leaky));
  it('clip', () => expectAdjoint(clip(1), 4, clipped));
  it('sign', () => expectAdjoint(sign(1), 4, signs, { surrogate: clipped }));
  it('scaling by a number', () => expectAdjoint(scaling(0.3, 4), 4, (x) => scaled(x, { c: [0.3] })));
  it('scaling by a parameter', () => expectAdjoint(scaling(FACTOR, 4), 4, scaled));
  it('batchNorm', () => expectAdjoint(batchNorm('l', 4, ADAM), 4, normalized, { predict: byRunning }));
});

describe('at its corners', () => {
  /** ∂loss/∂X of a piece for D = 1. */
  async function slopes(piece: Piece, x: readonly number[]): Promise<number[]> {
    const graph = new OnnxGraph('corners');
    const pass = piece.forward(graph, graph.input('x', 'float32', [BATCH, x.length]));
    const below = pass.backward(graph.input('d', 'float32', [BATCH, x.length]));
    graph.output(below, 'float32', [BATCH, x.length]);
    return (await runGraph(graph, { x: matrix([x]), d: matrix([x.map(() => 1)]) }))[below];
  }

  it('relu has slope 0', async () => {
    expect(await slopes(relu(), [-1, 0, -0, 1])).toEqual([0, 0, 0, 1]);
  });

  it('clip and sign have slope 1', async () => {
    for (const piece of [clip(0.5), sign(0.5)]) {
      expect(await slopes(piece, [-0.75, -0.5, 0, 0.5, 0.75])).toEqual([0, 1, 1, 1, 0]);
    }
  });
});

describe('softmax cross-entropy', () => {
  it('is the mean over the batch, and its gradient is that of the mean', async () => {
    const logits = [0.5, -1, 2, 0.25, 0.75, -0.5, 3, 1];
    const labels = [2, 3];
    const graph = new OnnxGraph('loss');
    const z = graph.input('z', 'float32', [BATCH, 4]);
    const errors = appendSoftmaxCrossEntropy(graph, z, graph.input('labels', 'int32', [BATCH]), 4);
    graph.output(errors, 'float32', [BATCH, 4]);
    const results = await runGraph(graph, {
      z: matrix([logits.slice(0, 4), logits.slice(4)]),
      labels: integers(labels),
    });
    const lossSum = (entries: readonly number[]): number =>
      labels.reduce((total, label, b) => {
        const row = entries.slice(4 * b, 4 * b + 4);
        return total + Math.log(row.reduce((sum, entry) => sum + Math.exp(entry), 0)) - row[label];
      }, 0);
    expectClose(results[VALUES.lossSum], [lossSum(logits)], 'loss');
    expectClose(
      results[errors],
      differences(logits, (entries) => lossSum(entries) / 2),
      '∂loss/∂Z',
    );
  });
});
