import type { FloatLayer, FloatNetwork } from '../layers/network.js';
import { appendPredictions, BATCH, VALUES } from '../rules/float-mlp/classification.js';
import { OnnxGraph } from '../rules/float-mlp/onnx-graph.js';
import { weightsName } from '../rules/float-mlp/training-graph.js';
import { scaleName } from '../rules/iterative/stages.js';
import { appendSign } from '../rules/quantized/sign.js';

/**
 * A network of floats as a graph: `VALUES.inputs`, weights and scales to `VALUES.predictions`. Node for node what its learner
 * predicts with, weights fed and not built in, so that sums are rounded alike.
 * @returns the bytes of an ONNX model
 */
export function floatGraph({ layers }: FloatNetwork): Uint8Array {
  const graph = new OnnxGraph('network');
  let activations = graph.input(VALUES.inputs, 'float32', [BATCH, layers[0].weights.columns]);
  layers.forEach(({ weights: { rows, columns }, scale, activation }, layer) => {
    const weights = graph.input(weightsName(layer), 'float32', [rows, columns]);
    let products = graph.node('Gemm', [activations, weights], { transB: { int: 1 } });
    if (scale !== undefined) {
      products = graph.node('Mul', [products, graph.input(scaleName(layer), 'float32', [1])]);
    }
    activations = appendActivation(graph, products, activation);
  });
  appendPredictions(graph, activations);
  return graph.encode();
}

function appendActivation(graph: OnnxGraph, values: string, activation: FloatLayer['activation']): string {
  switch (activation) {
    case 'relu':
      return graph.node('Relu', [values]);
    case 'clip':
      return graph.node('Clip', [values, graph.constant('float32', -1), graph.constant('float32', 1)]);
    case 'sign':
      return appendSign(graph, values);
    case 'identity':
      return values;
  }
}
