import {
  appendBatchSize,
  appendLoss,
  appendPredictions,
  appendRightCount,
  BATCH,
  VALUES,
} from '../float-mlp/classification.js';
import { OnnxGraph } from '../float-mlp/onnx-graph.js';
import { type AdamConstants, adamStep } from '../float-mlp/optimizer.js';
import { layersOf, weightsName } from '../float-mlp/training-graph.js';
import {
  appendBatchNorm,
  appendBatchNormGradients,
  appendFixedNorm,
  type BatchNormPass,
  batchNormNames,
} from './batch-norm.js';
import { appendSign, appendStraightThrough } from './sign.js';
import { parameterUpdate, type Update } from './update.js';

/** Up to which |x| the gradient passes through sign(x), and where latent weights are clipped. */
const PASS_BOUND = 1;

/** What stands between products and signs. */
export type Normalization = 'batch-norm' | 'scaled' | 'none';

/** What the graphs depend on. */
export interface QuantizedShape {
  /** N, K₁ … K_{L−1}, C. */
  readonly widths: readonly number[];
  readonly normalization: Normalization;
}

/** Names of what one layer computes in a training step. */
interface LayerPass {
  /** A_{l−1} [B, N], ±1. */
  readonly inputs: string;
  /** W_l [K, N]. */
  readonly latent: string;
  /** S_l = sign(W_l) [K, N]. */
  readonly weights: string;
  /** Y_l [B, K]. */
  readonly outputs: string;
  readonly norm?: BatchNormPass;
}

/**
 * One training step of a network of signs by the straight-through estimator; qat.ts has the equations.
 *
 * Inputs: `VALUES.inputs`, `VALUES.labels`, all parameters (parameters.ts) and the scalars of `adamStep`. Outputs:
 * `VALUES.lossSum` and `VALUES.rightCount`, both from before the update, `nextName` of every parameter.
 * @returns the bytes of an ONNX model
 */
export function quantizedTrainingGraph(shape: QuantizedShape, constants: AdamConstants): Uint8Array {
  const graph = new OnnxGraph('quantized-training-step');
  const labels = graph.input(VALUES.labels, 'int32', [BATCH]);
  const passes = appendTrainingForward(graph, shape);
  const logits = passes[passes.length - 1].outputs;
  appendRightCount(graph, logits, labels);
  let errors = appendLoss(graph, logits, labels, shape.widths[shape.widths.length - 1]);
  const scalars = adamStep(constants).scalars.map((name) => graph.input(name, 'float32', []));
  const update = parameterUpdate(graph, constants, scalars);
  const batchSize = appendBatchSize(graph, labels);
  for (let layer = passes.length - 1; layer >= 0; layer--) {
    const pass = passes[layer];
    errors = appendProductErrors(graph, shape, layer, pass, errors, batchSize, update);
    const gradient = graph.node('Gemm', [errors, pass.inputs], { transA: { int: 1 } });
    const masked = appendStraightThrough(graph, gradient, pass.latent, PASS_BOUND);
    update(pass.latent, [shape.widths[layer + 1], shape.widths[layer]], masked, PASS_BOUND);
    if (layer > 0) {
      const byActivation = graph.node('Gemm', [errors, pass.weights]);
      errors = appendStraightThrough(graph, byActivation, passes[layer - 1].outputs, PASS_BOUND);
    }
  }
  return graph.encode();
}

/**
 * The prediction of the network alone: `VALUES.inputs` and the parameters that it depends on to
 * `VALUES.predictions`. Batch normalization uses the running statistics; scaling would change nothing.
 * @returns the bytes of an ONNX model
 */
export function quantizedInferenceGraph({ widths, normalization }: QuantizedShape): Uint8Array {
  const graph = new OnnxGraph('quantized-inference');
  let activations = graph.input(VALUES.inputs, 'float32', [BATCH, widths[0]]);
  let outputs = '';
  layersOf(widths).forEach(({ inputs, neurons }, layer) => {
    if (layer > 0) activations = appendSign(graph, outputs);
    const latent = graph.input(weightsName(layer), 'float32', [neurons, inputs]);
    outputs = appendProduct(graph, activations, appendSign(graph, latent));
    if (normalization === 'batch-norm') {
      outputs = appendFixedNorm(graph, outputs, batchNormNames(layer), neurons);
    }
  });
  appendPredictions(graph, outputs);
  return graph.encode();
}

function appendTrainingForward(graph: OnnxGraph, { widths, normalization }: QuantizedShape): LayerPass[] {
  const passes: LayerPass[] = [];
  let inputs = graph.input(VALUES.inputs, 'float32', [BATCH, widths[0]]);
  layersOf(widths).forEach((size, layer) => {
    if (layer > 0) inputs = appendSign(graph, passes[layer - 1].outputs);
    const latent = graph.input(weightsName(layer), 'float32', [size.neurons, size.inputs]);
    const weights = appendSign(graph, latent);
    const products = appendProduct(graph, inputs, weights);
    if (normalization === 'batch-norm') {
      const norm = appendBatchNorm(graph, products, batchNormNames(layer), size.neurons);
      passes.push({ inputs, latent, weights, outputs: norm.outputs, norm });
    } else {
      const outputs = normalization === 'scaled' ? appendScaled(graph, products, size.inputs) : products;
      passes.push({ inputs, latent, weights, outputs });
    }
  });
  return passes;
}

/** ∂loss/∂Z_l from ∂loss/∂Y_l = `errors`; updates what lies between. */
function appendProductErrors(
  graph: OnnxGraph,
  { widths, normalization }: QuantizedShape,
  layer: number,
  { norm }: LayerPass,
  errors: string,
  batchSize: string,
  update: Update,
): string {
  if (normalization === 'scaled') return appendScaled(graph, errors, widths[layer]);
  if (!norm) return errors;
  const gradients = appendBatchNormGradients(graph, norm, errors, batchSize);
  update(norm.names.scale, [widths[layer + 1]], gradients.scale);
  update(norm.names.shift, [widths[layer + 1]], gradients.shift);
  return gradients.errors;
}

/** A·Sᵀ. */
function appendProduct(graph: OnnxGraph, activations: string, weights: string): string {
  return graph.node('Gemm', [activations, weights], { transB: { int: 1 } });
}

/** Values of a layer of N inputs, times 1/√N. */
function appendScaled(graph: OnnxGraph, values: string, inputs: number): string {
  return graph.node('Mul', [values, graph.constant('float32', 1 / Math.sqrt(inputs))]);
}
