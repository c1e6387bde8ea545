import { VALUES } from '../classification.js';
import type { OnnxGraph } from '../onnx-graph.js';
import { appendBatchSize } from './over-batch.js';

/**
 * Adds the loss of logits Z [B, C], with labels as one-hot rows T [B, C], and its gradient:
 *
 *     loss = −1/B · Σ_b log softmax(Z)[b, label_b],   ∂loss/∂Z = (softmax(Z) − T)/B
 *
 * Publishes B·loss as `VALUES.lossSum`.
 * @param logits - name of Z
 * @param labels - name of the labels, int32 [B]
 * @param classes - C
 * @returns the name of ∂loss/∂Z [B, C]
 */
export function appendSoftmaxCrossEntropy(
  graph: OnnxGraph,
  logits: string,
  labels: string,
  classes: number,
): string {
  const depth = graph.constant('int32', classes);
  const oneHot = graph.node('OneHot', [labels, depth, graph.constant('float32', [0, 1])]);
  const logProbabilities = graph.node('LogSoftmax', [logits], { axis: { int: 1 } });
  const labelTerms = graph.node('Mul', [oneHot, logProbabilities]);
  const logLikelihood = graph.node('ReduceSum', [labelTerms], { keepdims: { int: 0 } });
  graph.node('Neg', [logLikelihood], {}, VALUES.lossSum);
  graph.output(VALUES.lossSum, 'float32', []);
  const probabilities = graph.node('Softmax', [logits], { axis: { int: 1 } });
  const errors = graph.node('Sub', [probabilities, oneHot]);
  return graph.node('Div', [errors, appendBatchSize(graph, labels)]);
}
