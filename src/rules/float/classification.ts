import type { OnnxGraph } from './onnx-graph.js';

/** Names of what training and inference graphs are fed and give back, apart from parameters and scalars. */
export const VALUES = {
  /** Batch of inputs, float32 [B, N]. */
  inputs: 'inputs',
  /** Labels of the batch, int32 [B]. */
  labels: 'labels',
  /** Sum over the batch of −log p(label), float32 scalar. */
  lossSum: 'loss-sum',
  /** Number of samples whose largest logit is at the label, float32 scalar. */
  rightCount: 'right-count',
  /** Index of the largest logit, the lowest on ties, int32 [B]. */
  predictions: 'predictions',
} as const;

/** Size of the axis that may differ from run to run. */
export const BATCH = 'batch';

/** The lowest index of the largest logit of each row, int32 [B]. */
function appendArgMax(graph: OnnxGraph, logits: string, name?: string): string {
  const index = graph.node('ArgMax', [logits], { axis: { int: 1 }, keepdims: { int: 0 } });
  return graph.node('Cast', [index], { to: { int: 6 } }, name);
}

/** Publishes `VALUES.predictions` of logits [B, C]. */
export function appendPredictions(graph: OnnxGraph, logits: string): void {
  appendArgMax(graph, logits, VALUES.predictions);
  graph.output(VALUES.predictions, 'int32', [BATCH]);
}

/** Publishes `VALUES.rightCount` of logits [B, C] and labels [B]. */
export function appendRightCount(graph: OnnxGraph, logits: string, labels: string): void {
  const isRight = graph.node('Equal', [appendArgMax(graph, logits), labels]);
  const ones = graph.node('Cast', [isRight], { to: { int: 1 } });
  graph.node('ReduceSum', [ones], { keepdims: { int: 0 } }, VALUES.rightCount);
  graph.output(VALUES.rightCount, 'float32', []);
}
