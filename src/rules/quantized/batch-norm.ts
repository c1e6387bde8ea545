import type { OnnxGraph } from '../float/onnx-graph.js';
import { gradientName, nextName } from '../float/parameters.js';

/** Share of the running statistics that each batch leaves as it was. */
export const RUNNING_MOMENTUM = 0.9;

/** Added to variances; Keras' default. The products are sums of ±1, so that a variance of use is far above. */
export const VARIANCE_EPSILON = 1e-3;

/** Names of what batch normalization of one layer reads: four arrays [K]. */
export interface BatchNormNames {
  /** γ, trained. */
  readonly scale: string;
  /** β, trained. */
  readonly shift: string;
  readonly runningMean: string;
  readonly runningVariance: string;
}

/** Names of the batch normalization of layer `layer`, counted from 0: `layer-1/scale`. */
export function batchNormNames(layer: number): BatchNormNames {
  const prefix = `layer-${layer + 1}`;
  return {
    scale: `${prefix}/scale`,
    shift: `${prefix}/shift`,
    runningMean: `${prefix}/running-mean`,
    runningVariance: `${prefix}/running-variance`,
  };
}

/** Names of the values that the backward pass takes over from the forward pass. */
export interface BatchNormPass {
  /** Y [B, K]. */
  readonly outputs: string;
  /** X̂ [B, K]. */
  readonly normalized: string;
  /** σ [K]. */
  readonly deviation: string;
  readonly names: BatchNormNames;
}

/**
 * Adds batch normalization in training (Ioffe and Szegedy, arXiv:1502.03167, algorithm 1), for each unit over the B
 * samples of the batch:
 *
 *     μ = mean_b Z,   σ² = mean_b (Z − μ)² + ε,   X̂ = (Z − μ)/σ,   Y = γ·X̂ + β
 *     running mean ← m·running mean + (1 − m)·μ,   running variance ← m·running variance + (1 − m)·(σ² − ε)
 *
 * m = `RUNNING_MOMENTUM`, ε = `VARIANCE_EPSILON`. The variance is that of the batch, over B and not B − 1, in both
 * places, as in Keras; a batch of one sample is then no exception (X̂ = 0). Declares what it reads as inputs of the
 * graph and publishes the running statistics.
 * @param products - name of Z [B, K]
 * @param units - K
 */
export function appendBatchNorm(
  graph: OnnxGraph,
  products: string,
  names: BatchNormNames,
  units: number,
): BatchNormPass {
  const [scale, shift] = [names.scale, names.shift].map((name) => graph.input(name, 'float32', [units]));
  const mean = meanOverBatch(graph, products);
  const centred = graph.node('Sub', [products, mean]);
  const variance = meanOverBatch(graph, graph.node('Mul', [centred, centred]));
  appendRunning(graph, names.runningMean, mean, units);
  appendRunning(graph, names.runningVariance, variance, units);
  const deviation = appendDeviation(graph, variance);
  const normalized = graph.node('Div', [centred, deviation]);
  const outputs = graph.node('Add', [graph.node('Mul', [normalized, scale]), shift]);
  return { outputs, normalized, deviation, names };
}

/**
 * Adds the gradients of batch normalization. With D = ∂loss/∂Y:
 *
 *     ∂loss/∂β = Σ_b D,   ∂loss/∂γ = Σ_b D⊙X̂
 *     ∂loss/∂Z = γ/σ ⊙ (D − mean_b D − X̂ ⊙ mean_b (D⊙X̂))
 *
 * Publishes the gradients by γ and β as `gradientName`.
 * @param errors - name of D [B, K]
 * @param batchSize - name of B, float32 [1]
 * @param units - K
 * @returns the name of ∂loss/∂Z [B, K]
 */
export function appendBatchNormGradients(
  graph: OnnxGraph,
  { normalized, deviation, names }: BatchNormPass,
  errors: string,
  batchSize: string,
  units: number,
): string {
  const meanError = meanOverBatch(graph, errors);
  const meanSlope = meanOverBatch(graph, graph.node('Mul', [errors, normalized]));
  const slope = graph.node('Mul', [normalized, meanSlope]);
  const free = graph.node('Sub', [graph.node('Sub', [errors, meanError]), slope]);
  const factor = graph.node('Div', [names.scale, deviation]);
  for (const [name, mean] of [
    [names.scale, meanSlope],
    [names.shift, meanError],
  ]) {
    graph.node('Mul', [mean, batchSize], {}, gradientName(name));
    graph.output(gradientName(name), 'float32', [units]);
  }
  return graph.node('Mul', [free, factor]);
}

/**
 * Adds batch normalization at inference: (Z − running mean)/√(running variance + ε)·γ + β. Declares what it reads as
 * inputs of the graph.
 * @param products - name of Z [B, K]
 * @param units - K
 * @returns the name of the result [B, K]
 */
export function appendFixedNorm(
  graph: OnnxGraph,
  products: string,
  names: BatchNormNames,
  units: number,
): string {
  const declare = (name: string): string => graph.input(name, 'float32', [units]);
  const centred = graph.node('Sub', [products, declare(names.runningMean)]);
  const deviation = appendDeviation(graph, declare(names.runningVariance));
  const normalized = graph.node('Div', [centred, deviation]);
  const scaled = graph.node('Mul', [normalized, declare(names.scale)]);
  return graph.node('Add', [scaled, declare(names.shift)]);
}

function meanOverBatch(graph: OnnxGraph, values: string): string {
  return graph.node('ReduceMean', [values], { axes: { ints: [0] }, keepdims: { int: 0 } });
}

function appendDeviation(graph: OnnxGraph, variance: string): string {
  return graph.node('Sqrt', [graph.node('Add', [variance, graph.constant('float32', VARIANCE_EPSILON)])]);
}

function appendRunning(graph: OnnxGraph, name: string, ofBatch: string, units: number): void {
  const kept = graph.node('Mul', [
    graph.input(name, 'float32', [units]),
    graph.constant('float32', RUNNING_MOMENTUM),
  ]);
  const added = graph.node('Mul', [ofBatch, graph.constant('float32', 1 - RUNNING_MOMENTUM)]);
  graph.node('Add', [kept, added], {}, nextName(name));
  graph.output(nextName(name), 'float32', [units]);
}
