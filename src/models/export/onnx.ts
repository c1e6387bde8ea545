import type { BitMatrix } from '../../core/bit-matrix.js';
import { zerosOf } from '../../core/ternary-matrix.js';
import type { FittedTransformation } from '../../data/transformation.js';
import type { BinaryNetwork, FloatNetwork, RecurrentNetwork, SignLayer } from '../../layers/network.js';
import { appendPredictions, BATCH, VALUES } from '../../rules/float/classification.js';
import { elementTypeNumber } from '../../rules/float/onnx-encoding.js';
import { OnnxGraph } from '../../rules/float/onnx-graph.js';
import { scaleName, weightsName } from '../../rules/float/parameter.js';
import { floatPieces } from '../float-graph.js';
import type { ModelParts } from '../model.js';
import { type ExportableNetwork, inputsOf, inputThresholds, networkOf } from './exported-inputs.js';
import { recurrentMatrices } from './recurrent-matrices.js';

/** Names of what the graph is fed and gives back. */
export const ONNX_VALUES = {
  /** Features as they come, bits as ±1: float32 [batch, D]. */
  features: 'features',
  /** float32 [batch, C]. */
  logits: 'logits',
  /** Class numbers, int32 [batch]. */
  predictions: VALUES.predictions,
} as const;

/**
 * A network with what is done to its inputs as an ONNX model, operator set 17, that computes what the network itself would: sums of a
 * network of bits are whole numbers, which floats hold exactly; weights of a network of floats are inputs with a default, so that
 * no runtime packs them and adds them up in another order.
 * @param metadata - texts by name. Default: none
 * @throws ArgumentError for a network that its learner does not describe
 */
export function encodeOnnx(parts: ModelParts, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const network = networkOf(parts);
  const graph = new OnnxGraph('xnorlab');
  const features = graph.input(ONNX_VALUES.features, 'float32', [
    BATCH,
    inputsOf(parts.transformation).features,
  ]);
  const inputs = appendInputs(graph, features, parts.transformation);
  const logits = appendNetwork(graph, inputs, network);
  graph.node('Identity', [logits], {}, ONNX_VALUES.logits);
  graph.output(ONNX_VALUES.logits, 'float32', [BATCH, parts.classes.length]);
  appendPredictions(graph, logits);
  return graph.encode(metadata);
}

/** Adds what the first layer is shown, [batch, N]. */
function appendInputs(graph: OnnxGraph, features: string, fitted: FittedTransformation): string {
  const { form, features: columns, levels } = inputsOf(fitted);
  const thresholds = inputThresholds(fitted);
  if (thresholds) {
    const t = graph.initializer('inputs.thresholds', 'float32', [columns, levels], thresholds);
    const cube = graph.node('Reshape', [features, sizes(graph, [-1, columns, 1])]);
    const signs = appendSigns(graph, graph.node('Greater', [cube, t]));
    return graph.node('Reshape', [signs, sizes(graph, [-1, columns * levels])]);
  }
  if (form === 'own-median')
    return appendSigns(graph, graph.node('Greater', [features, appendMedian(graph, features, columns)]));
  if (fitted.inputForm !== 'full-precision' || !fitted.moments) return features;
  const { mean, scale } = fitted.moments;
  const wide = graph.node('Cast', [features], { to: { int: elementTypeNumber('float64') } });
  const moved = graph.node('Sub', [wide, graph.initializer('inputs.mean', 'float64', [columns], mean)]);
  const scaled = graph.node('Mul', [moved, graph.initializer('inputs.scale', 'float64', [columns], scale)]);
  return graph.node('Cast', [scaled], { to: { int: elementTypeNumber('float32') } });
}

/** The lower median of each row, [batch, 1]: the largest of the lower half. */
function appendMedian(graph: OnnxGraph, features: string, columns: number): string {
  const half = sizes(graph, [Math.floor((columns - 1) / 2) + 1]);
  const attributes = { axis: { int: 1 }, largest: { int: 0 } };
  const lower = graph.node('TopK', [features, half], attributes, 'lower-half', 1);
  return graph.node('ReduceMax', [lower], { axes: { ints: [1] }, keepdims: { int: 1 } });
}

function appendNetwork(graph: OnnxGraph, inputs: string, network: ExportableNetwork): string {
  switch (network.kind) {
    case 'binary':
      return appendBinary(graph, inputs, network);
    case 'recurrent':
      return appendRecurrent(graph, inputs, network);
    case 'float':
      return appendFloat(graph, inputs, network);
  }
}

/** Step after step: the weights are there once. */
function appendRecurrent(graph: OnnxGraph, inputs: string, network: RecurrentNetwork): string {
  const { steps, startState } = network;
  const floats = new Map(
    recurrentMatrices(network).map(([name, bits]) => [name, appendSignFloats(graph, bits, name)]),
  );
  const product = (values: string, name: string): string =>
    graph.node('Gemm', [values, floats.get(name) ?? name], { transB: { int: 1 } });
  const signs = (sums: string): string =>
    appendSigns(graph, graph.node('GreaterOrEqual', [sums, graph.constant('float32', 0)]));
  const shown = (network.expansion ?? network.ofInputs).columns;
  const cube = graph.node('Reshape', [inputs, sizes(graph, [-1, steps, shown])]);
  let state: string | undefined;
  for (let t = 0; t < steps; t++) {
    const step = graph.node('Gather', [cube, sizes(graph, [t])], { axis: { int: 1 } });
    const flat = graph.node('Reshape', [step, sizes(graph, [-1, shown])]);
    const seen = network.expansion ? signs(product(flat, 'expansion.weights')) : flat;
    const ofInputs = product(seen, 'recurrent.input_weights');
    const ofState = state
      ? product(state, 'recurrent.state_weights')
      : startState === 'plus' &&
        graph.initializer('recurrent.start', 'float32', [network.ofState.rows], rowSums(network.ofState));
    state = signs(ofState ? graph.node('Add', [ofInputs, ofState]) : ofInputs);
  }
  const last = network.outputs.reduce(
    (below, _, l) => signs(product(below, `output${l + 1}.weights`)),
    state ?? inputs,
  );
  return product(last, 'classifier');
}

/** What each neuron makes of a state of +1. */
function rowSums(bits: BitMatrix): Float32Array {
  return Float32Array.from({ length: bits.rows }, (_, row) =>
    bits.signs(row).reduce((sum, sign) => sum + sign, 0),
  );
}

function appendBinary(
  graph: OnnxGraph,
  inputs: string,
  { layers, readOut, logitNorm }: BinaryNetwork,
): string {
  let below = inputs;
  const logits: string[] = [];
  layers.forEach((layer, l) => {
    below = appendSignLayer(graph, below, layer, `layer${l + 1}`);
    if (layer.classifier)
      logits.push(appendProduct(graph, below, layer.classifier, `layer${l + 1}.classifier`));
  });
  const counted = readOut === 'summed' ? logits : logits.slice(-1);
  const sum = counted.reduce((total, ofLayer) => graph.node('Add', [total, ofLayer]));
  if (!logitNorm) return sum;
  const part = (name: keyof typeof logitNorm): string =>
    graph.initializer(`logit_norm.${name}`, 'float32', [logitNorm[name].length], logitNorm[name]);
  const moved = graph.node('Sub', [sum, part('mean')]);
  const standardized = graph.node('Div', [moved, part('deviation')]);
  return graph.node('Add', [graph.node('Mul', [standardized, part('scale')]), part('shift')]);
}

function appendSignLayer(
  graph: OnnxGraph,
  inputs: string,
  { weights, thresholds, voters = 1, givesZeros }: SignLayer,
  name: string,
): string {
  const products = appendProduct(graph, inputs, weights, `${name}.weights`);
  const t = thresholds
    ? graph.initializer(`${name}.thresholds`, 'float32', [weights.rows], Float32Array.from(thresholds))
    : graph.constant('float32', 0);
  const signsOf = (sums: string, limit: string): string =>
    givesZeros
      ? graph.node('Sign', [graph.node('Sub', [sums, limit])])
      : appendSigns(graph, graph.node('GreaterOrEqual', [sums, limit]));
  const activations = signsOf(products, t);
  if (voters === 1) return activations;
  const votes = graph.node('Reshape', [activations, sizes(graph, [-1, weights.rows / voters, voters])]);
  const sums = graph.node('ReduceSum', [votes, sizes(graph, [2])], { keepdims: { int: 0 } });
  return signsOf(sums, graph.constant('float32', 0));
}

/** X·Wᵀ of rows of ±1, or of ±1 and 0, which are kept as bytes. */
function appendProduct(graph: OnnxGraph, inputs: string, bits: BitMatrix, name: string): string {
  return graph.node('Gemm', [inputs, appendSignFloats(graph, bits, name)], { transB: { int: 1 } });
}

function appendSignFloats(graph: OnnxGraph, bits: BitMatrix, name: string): string {
  const { rows, columns } = bits;
  const signs = new Int8Array(rows * columns);
  const zeros = zerosOf(bits);
  for (let row = 0; row < rows; row++) {
    signs.set(bits.signs(row), row * columns);
    for (let c = 0; zeros && c < columns; c++) if (zeros.get(row, c) === 1) signs[row * columns + c] = 0;
  }
  const bytes = graph.initializer(name, 'int8', [rows, columns], signs);
  return graph.node('Cast', [bytes], { to: { int: elementTypeNumber('float32') } });
}

function appendSigns(graph: OnnxGraph, isPlus: string): string {
  return graph.node('Where', [isPlus, graph.constant('float32', 1), graph.constant('float32', -1)]);
}

function appendFloat(graph: OnnxGraph, inputs: string, network: FloatNetwork): string {
  network.layers.forEach(({ weights: { rows, columns, values }, scale }, l) => {
    graph.initializer(weightsName(l), 'float32', [rows, columns], values);
    if (scale !== undefined) graph.initializer(scaleName(l), 'float32', [1], Float32Array.of(scale));
  });
  return floatPieces(network).reduce((values, piece) => piece.predict(graph, values), inputs);
}

/** A list of whole numbers for operators that take sizes or axes. */
function sizes(graph: OnnxGraph, list: readonly number[]): string {
  return graph.initializer(
    `sizes ${list.join(' ')}`,
    'int64',
    [list.length],
    BigInt64Array.from(list, BigInt),
  );
}
