import {
  appendBatchSize,
  appendLoss,
  appendPredictions,
  appendRightCount,
  BATCH,
  VALUES,
} from '../float/classification.js';
import { OnnxGraph } from '../float/onnx-graph.js';
import { signsName } from '../float/parameters.js';
import { appendWeightGradient, layersOf, weightsName } from '../float/training-graph.js';
import {
  appendBatchNorm,
  appendBatchNormGradients,
  appendFixedNorm,
  type BatchNormPass,
  batchNormNames,
} from './batch-norm.js';
import { appendSign, appendStraightThrough } from './sign.js';

/** Up to which |x| the gradient passes through sign(x), and where latent weights are clipped. */
export const PASS_BOUND = 1;

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
  /** S_l = sign(W_l) [K, N]. */
  readonly weights: string;
  /** Y_l [B, K]. */
  readonly outputs: string;
  readonly norm?: BatchNormPass;
}

/**
 * Loss and gradient of a network of signs by the straight-through estimator; qat.ts has the equations. The gradient by
 * weights is that by their signs: where it does not pass, is settled by the optimizer (parameters.ts), together with
 * the clipping to the same bound.
 *
 * Inputs: `VALUES.inputs`, `VALUES.labels`, signs of weights, γ and β, running statistics. Outputs: `VALUES.lossSum`,
 * `VALUES.rightCount`, `gradientName` of weights, γ and β, `nextName` of running statistics.
 * @returns the bytes of an ONNX model
 */
export function quantizedTrainingGraph(shape: QuantizedShape): Uint8Array {
  const graph = new OnnxGraph('quantized-gradient');
  const labels = graph.input(VALUES.labels, 'int32', [BATCH]);
  const passes = appendTrainingForward(graph, shape);
  const logits = passes[passes.length - 1].outputs;
  appendRightCount(graph, logits, labels);
  let errors = appendLoss(graph, logits, labels, shape.widths[shape.widths.length - 1]);
  const batchSize = appendBatchSize(graph, labels);
  for (let layer = passes.length - 1; layer >= 0; layer--) {
    const pass = passes[layer];
    errors = appendProductErrors(graph, shape, layer, pass, errors, batchSize);
    const size = [shape.widths[layer + 1], shape.widths[layer]] as const;
    appendWeightGradient(graph, weightsName(layer), errors, pass.inputs, size);
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
    const weights = graph.input(signsName(weightsName(layer)), 'float32', [neurons, inputs]);
    outputs = appendProduct(graph, activations, weights);
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
    const weights = graph.input(signsName(weightsName(layer)), 'float32', [size.neurons, size.inputs]);
    const products = appendProduct(graph, inputs, weights);
    if (normalization === 'batch-norm') {
      const norm = appendBatchNorm(graph, products, batchNormNames(layer), size.neurons);
      passes.push({ inputs, weights, outputs: norm.outputs, norm });
    } else {
      const outputs = normalization === 'scaled' ? appendScaled(graph, products, size.inputs) : products;
      passes.push({ inputs, weights, outputs });
    }
  });
  return passes;
}

/** ∂loss/∂Z_l from ∂loss/∂Y_l = `errors`; publishes the gradients of what lies between. */
function appendProductErrors(
  graph: OnnxGraph,
  { widths, normalization }: QuantizedShape,
  layer: number,
  { norm }: LayerPass,
  errors: string,
  batchSize: string,
): string {
  if (normalization === 'scaled') return appendScaled(graph, errors, widths[layer]);
  return norm ? appendBatchNormGradients(graph, norm, errors, batchSize, widths[layer + 1]) : errors;
}

/** A·Sᵀ. */
function appendProduct(graph: OnnxGraph, activations: string, weights: string): string {
  return graph.node('Gemm', [activations, weights], { transB: { int: 1 } });
}

/** Values of a layer of N inputs, times 1/√N. */
function appendScaled(graph: OnnxGraph, values: string, inputs: number): string {
  return graph.node('Mul', [values, graph.constant('float32', 1 / Math.sqrt(inputs))]);
}
