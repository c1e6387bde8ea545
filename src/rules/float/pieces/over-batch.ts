import type { OnnxGraph } from '../onnx-graph.js';

/** Adds the mean of each column of values [B, K]. @returns the name of the means [K] */
export function appendMeanOverBatch(graph: OnnxGraph, values: string): string {
  return graph.node('ReduceMean', [values], { axes: { ints: [0] }, keepdims: { int: 0 } });
}

/** Adds the batch size B as float32 [1], from values [B, …]. @returns its name */
export function appendBatchSize(graph: OnnxGraph, values: string): string {
  const size = graph.node('Shape', [values], { start: { int: 0 }, end: { int: 1 } });
  return graph.node('Cast', [size], { to: { int: 1 } });
}
