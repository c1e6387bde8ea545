import { appendLoss, appendPredictions, appendRightCount, BATCH, VALUES } from '../float/classification.js';
import { OnnxGraph } from '../float/onnx-graph.js';
import { appendWeightGradient, layersOf, weightsName } from '../float/training-graph.js';
import { appendSign, appendStraightThrough } from '../quantized/sign.js';
import { lowestFloatLayer, type StageShape, scaleName } from './stages.js';

/** Where clip(z, −1, 1) stops following z. */
const BOUND = 1;

/** Names of what one layer computes. */
interface LayerPass {
  /** A_{l−1} [B, N]. */
  readonly inputs: string;
  /** W_l [K, N], ±1 where the layer is binary. */
  readonly weights: string;
  /** Z_l [B, K]. */
  readonly preActivations: string;
}

/**
 * Loss and gradient of a network some layers of which are binary; iterative.ts has the equations.
 *
 * Inputs: `VALUES.inputs`, `VALUES.labels`, weights, scales of binary layers. Outputs: `VALUES.lossSum`,
 * `VALUES.rightCount`, `gradientName` of the weights of the layers that are not binary.
 * @returns the bytes of an ONNX model
 */
export function stageTrainingGraph(shape: StageShape): Uint8Array {
  const { widths, isBinary } = shape;
  const graph = new OnnxGraph('iterative-gradient');
  const labels = graph.input(VALUES.labels, 'int32', [BATCH]);
  const passes = appendForward(graph, shape);
  const logits = passes[passes.length - 1].preActivations;
  appendRightCount(graph, logits, labels);
  let errors = appendLoss(graph, logits, labels, widths[widths.length - 1]);
  const lowest = lowestFloatLayer(shape);
  for (let layer = passes.length - 1; layer >= lowest; layer--) {
    const { inputs, weights } = passes[layer];
    if (!isBinary[layer]) {
      const size = [widths[layer + 1], widths[layer]] as const;
      appendWeightGradient(graph, weights, errors, inputs, size);
    }
    if (layer > lowest) {
      const byProduct = isBinary[layer] ? appendScaled(graph, errors, layer) : errors;
      const byActivation = graph.node('Gemm', [byProduct, weights]);
      errors = appendStraightThrough(graph, byActivation, passes[layer - 1].preActivations, BOUND);
    }
  }
  return graph.encode();
}

/**
 * The prediction of the network alone: `VALUES.inputs`, weights and scales of binary layers to
 * `VALUES.predictions`.
 * @returns the bytes of an ONNX model
 */
export function stageInferenceGraph(shape: StageShape): Uint8Array {
  const graph = new OnnxGraph('iterative-inference');
  const passes = appendForward(graph, shape);
  appendPredictions(graph, passes[passes.length - 1].preActivations);
  return graph.encode();
}

function appendForward(graph: OnnxGraph, { widths, isBinary }: StageShape): LayerPass[] {
  const passes: LayerPass[] = [];
  let inputs = graph.input(VALUES.inputs, 'float32', [BATCH, widths[0]]);
  layersOf(widths).forEach((size, layer) => {
    if (layer > 0) inputs = appendActivation(graph, passes[layer - 1].preActivations, isBinary[layer - 1]);
    const weights = graph.input(weightsName(layer), 'float32', [size.neurons, size.inputs]);
    let preActivations = graph.node('Gemm', [inputs, weights], { transB: { int: 1 } });
    if (isBinary[layer]) {
      graph.input(scaleName(layer), 'float32', [1]);
      // Not in the weights: sums of ±1 are exact, so that a product of 0 stays 0 and its sign +1.
      preActivations = appendScaled(graph, preActivations, layer);
    }
    passes.push({ inputs, weights, preActivations });
  });
  return passes;
}

function appendActivation(graph: OnnxGraph, preActivations: string, isBinary: boolean): string {
  if (isBinary) return appendSign(graph, preActivations);
  const limits = [-BOUND, BOUND].map((limit) => graph.constant('float32', limit));
  return graph.node('Clip', [preActivations, ...limits]);
}

function appendScaled(graph: OnnxGraph, values: string, layer: number): string {
  return graph.node('Mul', [values, scaleName(layer)]);
}
