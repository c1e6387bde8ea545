import { appendPredictions, appendRightCount, BATCH, VALUES } from './classification.js';
import { OnnxGraph } from './onnx-graph.js';
import { chain } from './pieces/chain.js';
import type { Piece } from './pieces/piece.js';
import { appendSoftmaxCrossEntropy } from './pieces/softmax-cross-entropy.js';

/**
 * Loss and gradient of a network of pieces f₁ … f_P, with the batch X₀ [B, N] and its labels:
 *
 *     forward    X_p = f_p(X_{p−1})
 *     loss       softmax cross-entropy of X_P [B, C]
 *     backward   D_P = ∂loss/∂X_P,   D_{p−1} = adjoint of f_p applied to D_p
 *
 * and for the parameters of f_p what its adjoint gives for them. B is free, so that a smaller last batch needs no other
 * graph.
 *
 * Inputs: `VALUES.inputs`, `VALUES.labels`, parameters or their signs. Outputs: `VALUES.lossSum`, `VALUES.rightCount`, and
 * `gradientName` or `nextName` of the parameters that a step changes.
 * @param pieces - input side first
 * @param inputs - N
 * @param classes - C
 * @returns the bytes of an ONNX model
 */
export function trainingGraph(pieces: readonly Piece[], inputs: number, classes: number): Uint8Array {
  const graph = new OnnxGraph('training');
  const labels = graph.input(VALUES.labels, 'int32', [BATCH]);
  const pass = chain(pieces).forward(graph, graph.input(VALUES.inputs, 'float32', [BATCH, inputs]));
  appendRightCount(graph, pass.outputs, labels);
  pass.backward(appendSoftmaxCrossEntropy(graph, pass.outputs, labels, classes));
  return graph.encode();
}

/**
 * The prediction of a network alone: `VALUES.inputs` and the parameters to `VALUES.predictions`.
 * @param pieces - input side first
 * @param inputs - N
 * @returns the bytes of an ONNX model
 */
export function inferenceGraph(pieces: readonly Piece[], inputs: number): Uint8Array {
  const graph = new OnnxGraph('inference');
  const shown = graph.input(VALUES.inputs, 'float32', [BATCH, inputs]);
  appendPredictions(graph, chain(pieces).predict(graph, shown));
  return graph.encode();
}
