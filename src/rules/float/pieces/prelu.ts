import type { OnnxGraph } from '../onnx-graph.js';
import type { Optimizer } from '../optimizer.js';
import type { Parameter } from '../parameter.js';
import { appendBatchSize, appendMeanOverBatch } from './over-batch.js';
import { appendGradient, type Piece } from './piece.js';

/** What training starts from in the paper. */
const INITIAL_SLOPE = 0.25;

/**
 * The parametric rectified linear unit (He, Zhang, Ren, Sun, arXiv:1502.01852, equation 1): the identity above 0, and
 * below it a slope α that is trained, one for each column:
 *
 *     Y = max(0, X) + α ⊙ min(0, X)
 *     ∂loss/∂X = D where X > 0, α ⊙ D elsewhere,   ∂loss/∂α = Σ_b D ⊙ min(0, X)
 *
 * Without weight decay, and α may be negative, as in the paper. Comparisons are not counted as operations.
 * @param layer - prefix of the name of α: `layer-1` for `layer-1/slope`
 * @param units - K, columns of X
 * @param optimizer - of α
 */
export function prelu(layer: string, units: number, optimizer: Optimizer): Piece {
  const initial = (): Float32Array => new Float32Array(units).fill(INITIAL_SLOPE);
  const slope: Parameter = { name: `${layer}/slope`, shape: [units], initial, optimizer };
  const declare = (graph: OnnxGraph): string => graph.input(slope.name, 'float32', slope.shape);
  return {
    parameters: [slope],
    // The sum over the batch is its mean times B.
    cost: { forward: units, backward: units, gradient: 2 * units, batch: 2 * units },
    forward: (graph, inputs) => ({
      outputs: graph.node('PRelu', [inputs, declare(graph)]),
      backward(errors) {
        const zero = graph.constant('float32', 0);
        const below = graph.node('Mul', [errors, graph.node('Min', [inputs, zero])]);
        const mean = appendMeanOverBatch(graph, below);
        appendGradient(graph, slope, 'Mul', [mean, appendBatchSize(graph, errors)]);
        const isAbove = graph.node('Greater', [inputs, zero]);
        return graph.node('Where', [isAbove, errors, graph.node('Mul', [errors, slope.name])]);
      },
    }),
    predict: (graph, inputs) => graph.node('PRelu', [inputs, declare(graph)]),
  };
}
