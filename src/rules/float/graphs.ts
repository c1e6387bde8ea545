import { appendPredictions, appendRightCount, BATCH, VALUES } from './classification.js';
import { appendAttention, appendDistillation, type Guide } from './guide.js';
import { OnnxGraph } from './onnx-graph.js';
import { chain, forwardPasses } from './pieces/chain.js';
import type { Piece } from './pieces/piece.js';
import { appendSoftmaxCrossEntropy } from './pieces/softmax-cross-entropy.js';

/**
 * Loss and gradient of a network of pieces f₁ … f_P, with the batch X₀ [B, N] and its labels:
 *
 *     forward    X_p = f_p(X_{p−1})
 *     loss       softmax cross-entropy of X_P [B, C]
 *     backward   D_P = ∂loss/∂X_P,   D_{p−1} = adjoint of f_p applied to D_p
 *
 * and for the parameters of f_p what its adjoint gives for them. With a guide, what its losses give is added to D of the logits and of
 * the maps that are compared. B is free, so that a smaller last batch needs no other graph.
 *
 * Inputs: `VALUES.inputs`, `VALUES.labels`, parameters or their signs. Outputs: `VALUES.lossSum`, `VALUES.rightCount`, and
 * `gradientName` or `nextName` of the parameters that a step changes.
 * @param pieces - input side first
 * @param inputs - N
 * @param classes - C
 * @returns the bytes of an ONNX model
 */
export function trainingGraph(
  pieces: readonly Piece[],
  inputs: number,
  classes: number,
  guide?: Guide,
): Uint8Array {
  const graph = new OnnxGraph('training');
  const labels = graph.input(VALUES.labels, 'int32', [BATCH]);
  const shown = graph.input(VALUES.inputs, 'float32', [BATCH, inputs]);
  const passes = forwardPasses(graph, pieces, shown);
  const values = passes[passes.length - 1].outputs;
  appendRightCount(graph, values, labels);
  const byLabels = appendSoftmaxCrossEntropy(graph, values, labels, classes);
  if (!guide) {
    passes.reduceRight((above, pass) => pass.backward(above), byLabels);
    return graph.encode();
  }
  const guiding = guidingValues(graph, guide, shown);
  const errors = appendDistillation(graph, guide, [values, guiding[guiding.length - 1]], byLabels);
  passes.reduceRight((above, pass, p) => {
    const map = guide.maps.find(({ piece }) => piece === p);
    return pass.backward(map ? appendAttention(graph, guide, map, [pass.outputs, guiding[p]], above) : above);
  }, errors);
  return graph.encode();
}

/** What each piece of a guide gives. */
function guidingValues(graph: OnnxGraph, { pieces }: Guide, shown: string): string[] {
  const outputs: string[] = [];
  for (const piece of pieces) outputs.push(piece.predict(graph, outputs.at(-1) ?? shown));
  return outputs;
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
