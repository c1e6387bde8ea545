import type { OnnxGraph } from '../onnx-graph.js';
import type { Optimizer } from '../optimizer.js';
import { type FixedParameter, nextName, type Parameter } from '../parameter.js';
import { appendBatchSize, appendMeanOverBatch } from './over-batch.js';
import { appendGradient, type Piece } from './piece.js';

/** Share of the running statistics that each batch leaves as it was. */
export const RUNNING_MOMENTUM = 0.9;

/** Added to variances; Keras' default. The products are sums of ±1, so that a variance of use is far above. */
export const VARIANCE_EPSILON = 1e-3;

/** Y from X, with μ and σ². */
const FORWARD_OPERATIONS = 7;

/** ∂loss/∂X from ∂loss/∂Y, with the sums for γ and β. */
const BACKWARD_OPERATIONS = 7;

/** μ, σ², ε, √: 4; running statistics: 6; γ/σ and the sums over the batch: 5. */
const BATCH_OPERATIONS = 15;

/** Names of the parameters of a batch normalization. @param layer - their prefix: `layer-1` */
export function batchNormNames(layer: string): Readonly<Record<keyof BatchNormParameters, string>> {
  return {
    scale: `${layer}/scale`,
    shift: `${layer}/shift`,
    runningMean: `${layer}/running-mean`,
    runningVariance: `${layer}/running-variance`,
  };
}

/** Four arrays [K]. */
interface BatchNormParameters {
  /** γ, 1 at first. */
  readonly scale: Parameter;
  /** β, 0 at first. */
  readonly shift: Parameter;
  /** 0 at first. */
  readonly runningMean: FixedParameter;
  /** 1 at first. */
  readonly runningVariance: FixedParameter;
}

/**
 * Batch normalization (Ioffe and Szegedy, arXiv:1502.03167, algorithm 1). In training, for each unit over the B samples
 * of the batch:
 *
 *     μ = mean_b X,   σ² = mean_b (X − μ)² + ε,   X̂ = (X − μ)/σ,   Y = γ·X̂ + β
 *     running mean ← m·running mean + (1 − m)·μ,   running variance ← m·running variance + (1 − m)·(σ² − ε)
 *     ∂loss/∂β = Σ_b D,   ∂loss/∂γ = Σ_b D⊙X̂
 *     ∂loss/∂X = γ/σ ⊙ (D − mean_b D − X̂ ⊙ mean_b (D⊙X̂))
 *
 * and in prediction Y = γ·(X − running mean)/√(running variance + ε) + β, with m = `RUNNING_MOMENTUM` and
 * ε = `VARIANCE_EPSILON`. The variance is that of the batch, over B and not B − 1, in both places, as in Keras; a batch of
 * one sample is then no exception (X̂ = 0).
 * @param layer - prefix of the names of its parameters: `layer-1` for `layer-1/scale`
 * @param units - K, columns of X
 * @param optimizer - of γ and β
 */
export function batchNorm(layer: string, units: number, optimizer: Optimizer): Piece {
  const names = batchNormNames(layer);
  const filled = (part: keyof typeof names, value: number): FixedParameter => ({
    name: names[part],
    shape: [units],
    initial: () => new Float32Array(units).fill(value),
  });
  const parameters: BatchNormParameters = {
    scale: { ...filled('scale', 1), optimizer },
    shift: { ...filled('shift', 0), optimizer },
    runningMean: filled('runningMean', 0),
    runningVariance: filled('runningVariance', 1),
  };
  return {
    parameters: Object.values(parameters),
    cost: {
      forward: FORWARD_OPERATIONS * units,
      backward: BACKWARD_OPERATIONS * units,
      batch: BATCH_OPERATIONS * units,
    },
    forward: (graph, inputs) => {
      const normalized = appendNormalized(graph, inputs, parameters);
      return {
        outputs: appendAffine(graph, normalized.values, parameters),
        backward: (errors) => appendBackward(graph, errors, normalized, parameters),
      };
    },
    predict(graph, inputs) {
      const { runningMean, runningVariance } = parameters;
      const centred = graph.node('Sub', [inputs, declare(graph, runningMean)]);
      const deviation = appendDeviation(graph, declare(graph, runningVariance));
      return appendAffine(graph, graph.node('Div', [centred, deviation]), parameters);
    },
  };
}

/** Names of what the adjoint takes over. */
interface Normalized {
  /** X̂ [B, K]. */
  readonly values: string;
  /** σ [K]. */
  readonly deviation: string;
}

/** Adds X̂, and publishes the running statistics. */
function appendNormalized(
  graph: OnnxGraph,
  inputs: string,
  { runningMean, runningVariance }: BatchNormParameters,
): Normalized {
  const mean = appendMeanOverBatch(graph, inputs);
  const centred = graph.node('Sub', [inputs, mean]);
  const variance = appendMeanOverBatch(graph, graph.node('Mul', [centred, centred]));
  appendRunning(graph, runningMean, mean);
  appendRunning(graph, runningVariance, variance);
  const deviation = appendDeviation(graph, variance);
  return { values: graph.node('Div', [centred, deviation]), deviation };
}

/** γ·X̂ + β. */
function appendAffine(graph: OnnxGraph, normalized: string, { scale, shift }: BatchNormParameters): string {
  const scaled = graph.node('Mul', [normalized, declare(graph, scale)]);
  return graph.node('Add', [scaled, declare(graph, shift)]);
}

function appendBackward(
  graph: OnnxGraph,
  errors: string,
  { values, deviation }: Normalized,
  { scale, shift }: BatchNormParameters,
): string {
  const meanError = appendMeanOverBatch(graph, errors);
  const meanSlope = appendMeanOverBatch(graph, graph.node('Mul', [errors, values]));
  const slope = graph.node('Mul', [values, meanSlope]);
  const free = graph.node('Sub', [graph.node('Sub', [errors, meanError]), slope]);
  const batchSize = appendBatchSize(graph, errors);
  appendGradient(graph, scale, 'Mul', [meanSlope, batchSize]);
  appendGradient(graph, shift, 'Mul', [meanError, batchSize]);
  return graph.node('Mul', [free, graph.node('Div', [scale.name, deviation])]);
}

function declare(graph: OnnxGraph, { name, shape }: Parameter): string {
  return graph.input(name, 'float32', shape);
}

function appendDeviation(graph: OnnxGraph, variance: string): string {
  return graph.node('Sqrt', [graph.node('Add', [variance, graph.constant('float32', VARIANCE_EPSILON)])]);
}

function appendRunning(graph: OnnxGraph, running: FixedParameter, ofBatch: string): void {
  const kept = graph.node('Mul', [declare(graph, running), graph.constant('float32', RUNNING_MOMENTUM)]);
  const added = graph.node('Mul', [ofBatch, graph.constant('float32', 1 - RUNNING_MOMENTUM)]);
  const next = graph.node('Add', [kept, added], {}, nextName(running.name));
  graph.output(next, 'float32', running.shape);
}
