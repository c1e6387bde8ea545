import type { OnnxGraph } from '../onnx-graph.js';
import { nextName, type Parameter, signsName } from '../parameter.js';
import { appendGradient, type Piece } from './piece.js';

/**
 * A fully connected layer without biases. With weights W [K, N], of which the signs are used where W has signs:
 *
 *     Y = X·Wᵀ                       [B, K] from [B, N]
 *     ∂loss/∂X = D·W,   ∂loss/∂W = Dᵀ·X
 *
 * With signs, the gradient published for W is that by sign(W): the straight-through estimator (sign.ts), whose bound
 * is a matter of the optimizer. It costs 2·N·K operations each way, signs counted like floats, which emulate them. Held
 * are Y and D.
 */
export function product(weights: Parameter): Piece {
  const { name, shape, hasSigns } = weights;
  const [neurons, inputs] = shape;
  const operations = 2 * inputs * neurons;
  const used = hasSigns ? signsName(name) : name;
  const multiply = (graph: OnnxGraph, activations: string): string =>
    graph.node('Gemm', [activations, graph.input(used, 'float32', shape)], { transB: { int: 1 } });
  return {
    parameters: [weights],
    cost: { forward: operations, backward: operations, gradient: operations, held: 2 * neurons },
    forward: (graph, activations) => ({
      outputs: multiply(graph, activations),
      backward(errors) {
        // The errors below are those of the weights before the step: both read the same input of the graph.
        appendStep(graph, weights, errors, activations);
        return graph.node('Gemm', [errors, used]);
      },
    }),
    predict: multiply,
  };
}

/**
 * Publishes Dᵀ·X; for plain gradient descent W − η·Dᵀ·X instead, the weights after the step, as `nextName`: a single
 * product, so that the gradient is never written down.
 */
function appendStep(graph: OnnxGraph, weights: Parameter, errors: string, inputs: string): void {
  const { name, shape, optimizer, hasSigns } = weights;
  if (optimizer?.plainRate === undefined || hasSigns) {
    appendGradient(graph, weights, 'Gemm', [errors, inputs], { transA: { int: 1 } });
    return;
  }
  const attributes = { transA: { int: 1 }, alpha: { float: -optimizer.plainRate }, beta: { float: 1 } };
  graph.node('Gemm', [errors, inputs, name], attributes, nextName(name));
  graph.output(nextName(name), 'float32', shape);
}
