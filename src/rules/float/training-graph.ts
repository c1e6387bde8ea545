import { appendLoss, appendPredictions, appendRightCount, BATCH, VALUES } from './classification.js';
import { OnnxGraph } from './onnx-graph.js';
import type { Optimizer } from './optimizer.js';
import { gradientName, nextName } from './parameters.js';

/** Sizes of a fully connected layer. */
export interface LayerSize {
  /** N. */
  readonly inputs: number;
  /** K. */
  readonly neurons: number;
}

/** The layers of a network of `widths` units, inputs first and classes last. */
export function layersOf(widths: readonly number[]): readonly LayerSize[] {
  return widths.slice(1).map((neurons, i) => ({ inputs: widths[i], neurons }));
}

/** Name of the weights of layer `layer`, counted from 0: `layer-1/weights`. */
export function weightsName(layer: number): string {
  return `layer-${layer + 1}/weights`;
}

/**
 * Loss and gradient of a multi-layer perceptron without biases. With the batch A₀ [B, N], labels as one-hot rows
 * Y [B, C] and weights W_l [K_l, K_{l−1}], l = 1 … L:
 *
 *     forward   Z_l = A_{l−1}·W_lᵀ,   A_l = max(0, Z_l) for l < L
 *     loss      −1/B · Σ_b log softmax(Z_L)[b, label_b]
 *     errors    D_L = (softmax(Z_L) − Y)/B,   D_{l−1} = (D_l·W_l) ⊙ [A_{l−1} > 0]
 *     gradient  G_l = D_lᵀ·A_{l−1}
 *
 * where D_l = ∂loss/∂Z_l and G_l = ∂loss/∂W_l; the derivative of max(0, z) at 0 is taken as 0. B is
 * free, so that a smaller last batch needs no other graph.
 *
 * Inputs: `VALUES.inputs`, `VALUES.labels`, weights. Outputs: `VALUES.lossSum`, `VALUES.rightCount`, and for the weights
 * of every layer `gradientName`, or `nextName` where the optimizer is plain gradient descent.
 * @param widths - N, K₁ … K_{L−1}, C
 * @returns the bytes of an ONNX model
 */
export function trainingGraph(widths: readonly number[], { plainRate }: Optimizer): Uint8Array {
  const graph = new OnnxGraph('gradient');
  const labels = graph.input(VALUES.labels, 'int32', [BATCH]);
  const network = appendForward(graph, widths);
  const classes = widths[widths.length - 1];
  appendRightCount(graph, network.logits, labels);
  let errors = appendLoss(graph, network.logits, labels, classes);
  for (let layer = network.weights.length - 1; layer >= 0; layer--) {
    const inputs = network.activations[layer];
    const weights = network.weights[layer];
    const shape = [widths[layer + 1], widths[layer]] as const;
    // The errors below are those of the weights before the step: both read the same input of the graph.
    if (plainRate === undefined) appendWeightGradient(graph, weights, errors, inputs, shape);
    else appendDescent(graph, weights, errors, inputs, shape, plainRate);
    if (layer > 0) errors = appendErrorsBelow(graph, errors, weights, inputs);
  }
  return graph.encode();
}

/**
 * The prediction of the network alone: `VALUES.inputs` and the weights to `VALUES.predictions`.
 * @param widths - N, K₁ … K_{L−1}, C
 * @returns the bytes of an ONNX model
 */
export function inferenceGraph(widths: readonly number[]): Uint8Array {
  const graph = new OnnxGraph('inference');
  const { logits } = appendForward(graph, widths);
  appendPredictions(graph, logits);
  return graph.encode();
}

interface Network {
  /** A₀ … A_{L−1}: what each layer is shown. */
  readonly activations: readonly string[];
  readonly weights: readonly string[];
  /** Z_L. */
  readonly logits: string;
}

function appendForward(graph: OnnxGraph, widths: readonly number[]): Network {
  const activations = [graph.input(VALUES.inputs, 'float32', [BATCH, widths[0]])];
  const weights: string[] = [];
  let preActivations = '';
  layersOf(widths).forEach(({ inputs, neurons }, layer) => {
    if (layer > 0) activations.push(graph.node('Relu', [preActivations]));
    weights.push(graph.input(weightsName(layer), 'float32', [neurons, inputs]));
    preActivations = graph.node('Gemm', [activations[layer], weights[layer]], { transB: { int: 1 } });
  });
  return { activations, weights, logits: preActivations };
}

/** D_{l−1} from D_l. */
function appendErrorsBelow(graph: OnnxGraph, errors: string, weights: string, activations: string): string {
  const zero = graph.constant('float32', 0);
  const isActive = graph.node('Greater', [activations, zero]);
  return graph.node('Where', [isActive, graph.node('Gemm', [errors, weights]), zero]);
}

/**
 * Publishes G = Dᵀ·A, the gradient by the weights `weights`, as `gradientName`.
 * @param errors - name of D = ∂loss/∂Z [B, K]
 * @param inputs - name of what the layer is shown, A [B, N]
 * @param shape - [K, N]
 */
export function appendWeightGradient(
  graph: OnnxGraph,
  weights: string,
  errors: string,
  inputs: string,
  shape: readonly [number, number],
): void {
  const name = graph.node('Gemm', [errors, inputs], { transA: { int: 1 } }, gradientName(weights));
  graph.output(name, 'float32', shape);
}

/**
 * Publishes W − η·Dᵀ·A, the weights after a step of gradient descent, as `nextName`: a single product, so that the
 * gradient is never written down. Arguments are those of `appendWeightGradient`.
 * @param rate - η
 */
function appendDescent(
  graph: OnnxGraph,
  weights: string,
  errors: string,
  inputs: string,
  shape: readonly [number, number],
  rate: number,
): void {
  const attributes = { transA: { int: 1 }, alpha: { float: -rate }, beta: { float: 1 } };
  const name = graph.node('Gemm', [errors, inputs, weights], attributes, nextName(weights));
  graph.output(name, 'float32', shape);
}
