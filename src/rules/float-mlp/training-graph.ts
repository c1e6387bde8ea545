import { appendLoss, appendPredictions, appendRightCount, BATCH, VALUES } from './classification.js';
import { OnnxGraph } from './onnx-graph.js';
import type { Optimizer, UpdateTerms } from './optimizer.js';

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

/** Names of the optimizer's moments of layer `layer`, counted from 0. */
export function momentNames(layer: number, optimizer: Optimizer): readonly string[] {
  return optimizer.moments.map((moment) => `layer-${layer + 1}/${moment}`);
}

/** Name of the parameter `name` after the step. */
export function nextName(name: string): string {
  return `${name}/next`;
}

/**
 * One training step of a multi-layer perceptron without biases. With the batch A₀ [B, N], labels as one-hot rows
 * Y [B, C] and weights W_l [K_l, K_{l−1}], l = 1 … L:
 *
 *     forward   Z_l = A_{l−1}·W_lᵀ,   A_l = max(0, Z_l) for l < L
 *     loss      −1/B · Σ_b log softmax(Z_L)[b, label_b]
 *     errors    D_L = (softmax(Z_L) − Y)/B,   D_{l−1} = (D_l·W_l) ⊙ [A_{l−1} > 0]
 *     gradient  G_l = D_lᵀ·A_{l−1}
 *
 * where D_l = ∂loss/∂Z_l and G_l = ∂loss/∂W_l; the derivative of max(0, z) at 0 is taken as 0. All updates use the
 * weights before the step. B is free, so that a smaller last batch needs no other graph.
 *
 * Inputs: `VALUES.inputs`, `VALUES.labels`, weights, moments and scalars of the optimizer. Outputs:
 * `VALUES.lossSum` (before the update), `VALUES.rightCount` (before the update), `nextName` of every parameter.
 * @param widths - N, K₁ … K_{L−1}, C
 * @returns the bytes of an ONNX model
 */
export function trainingGraph(widths: readonly number[], optimizer: Optimizer): Uint8Array {
  const graph = new OnnxGraph('training-step');
  const labels = graph.input(VALUES.labels, 'int32', [BATCH]);
  const network = appendForward(graph, widths);
  const classes = widths[widths.length - 1];
  appendRightCount(graph, network.logits, labels);
  let errors = appendLoss(graph, network.logits, labels, classes);
  const scalars = optimizer.scalars.map((name) => graph.input(name, 'float32', []));
  for (let layer = network.weights.length - 1; layer >= 0; layer--) {
    const inputs = network.activations[layer];
    const weights = network.weights[layer];
    appendLayerUpdate(graph, optimizer, { errors, inputs, weights, scalars }, layer, [
      widths[layer + 1],
      widths[layer],
    ]);
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

/** What the update of a layer is computed from; see `UpdateTerms`. */
export type StepTerms = Pick<UpdateTerms, 'errors' | 'inputs' | 'weights' | 'scalars'>;

/**
 * Adds the update of layer `layer`, counted from 0: declares its moments and publishes weights and moments after the
 * step.
 * @param shape - [K, N]
 */
export function appendLayerUpdate(
  graph: OnnxGraph,
  optimizer: Optimizer,
  terms: StepTerms,
  layer: number,
  shape: readonly [number, number],
): void {
  const moments = momentNames(layer, optimizer).map((name) => graph.input(name, 'float32', shape));
  const nextWeights = nextName(terms.weights);
  const nextMoments = moments.map(nextName);
  optimizer.appendUpdate(graph, { ...terms, moments, nextWeights, nextMoments });
  for (const name of [nextWeights, ...nextMoments]) graph.output(name, 'float32', shape);
}
