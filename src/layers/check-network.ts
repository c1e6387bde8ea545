import type { BitMatrix } from '../core/bit-matrix.js';
import { checkChoice, checkInteger, checkLength } from '../core/check.js';
import { ArgumentError } from '../core/errors.js';
import { featuresOf, windowsOf } from './convolution.js';
import type {
  BinaryNetwork,
  ConvolutionalNetwork,
  FloatNetwork,
  Network,
  RecurrentNetwork,
} from './network.js';
import { START_STATES } from './recurrent-layer.js';

/** The sizes of what a network is shown and of what it answers. */
export interface NetworkSize {
  /** N. */
  readonly inputs: number;
  /** C. */
  readonly classes: number;
}

/**
 * Checks that the parts of a network fit each other.
 * @returns its size
 * @throws ArgumentError naming the first part that does not fit
 */
export function checkNetwork(network: Network): NetworkSize {
  if (network.kind === 'recurrent') return checkRecurrent(network);
  if (network.kind === 'convolutional') return checkConvolutional(network);
  checkInteger('network.layers.length', network.layers.length, 1);
  return network.kind === 'binary' ? checkBinary(network) : checkFloat(network);
}

function checkBinary({ layers, readOut, logitNorm }: BinaryNetwork): NetworkSize {
  const { classifier } = layers[layers.length - 1];
  const last = `network.layers[${layers.length - 1}]`;
  if (!classifier) throw new ArgumentError(`${last}.classifier`, 'a matrix of ±1', classifier);
  const classes = classifier.rows;
  checkInteger(`${last}.classifier.rows`, classes, 2);
  let inputs = layers[0].weights.columns;
  layers.forEach((layer, l) => {
    const name = `network.layers[${l}]`;
    const { rows } = layer.weights;
    const { thresholds, voters = 1 } = layer;
    checkInteger(`${name}.weights.columns`, layer.weights.columns, inputs, inputs);
    checkInteger(`${name}.weights.rows`, rows, 1);
    if (thresholds) checkLength(`${name}.thresholds`, thresholds, rows);
    checkInteger(`${name}.voters`, voters, 1, rows);
    if (rows % voters !== 0) throw new ArgumentError(`${name}.voters`, `a divisor of ${rows}`, voters);
    inputs = rows / voters;
    if (!layer.classifier) return;
    checkInteger(`${name}.classifier.columns`, layer.classifier.columns, inputs, inputs);
    checkInteger(`${name}.classifier.rows`, layer.classifier.rows, classes, classes);
  });
  if (readOut !== 'last' && readOut !== 'summed') {
    throw new ArgumentError('network.readOut', 'last or summed', readOut);
  }
  for (const [part, values] of Object.entries(logitNorm ?? {})) {
    checkLength(`network.logitNorm.${part}`, values, classes);
  }
  return { inputs: layers[0].weights.columns, classes };
}

function checkConvolutional({ convolution, behind }: ConvolutionalNetwork): NetworkSize {
  const name = 'network.convolution';
  const { input, size, filters, thresholds, fields, padding } = convolution;
  const patchSize = size * size * input.channels;
  checkInteger(`${name}.filters.rows`, filters.rows, 1);
  checkInteger(`${name}.filters.columns`, filters.columns, patchSize, patchSize);
  checkLength(`${name}.thresholds`, thresholds, filters.rows);
  checkInteger(`${name}.votes`, convolution.votes, 1);
  if (fields) {
    checkLength(`${name}.fields`, fields, filters.rows);
    checkInteger(`${name}.padding`, padding, 0, 0);
    const { count } = windowsOf(convolution);
    fields.forEach((field, f) => {
      checkInteger(`${name}.fields[${f}]`, field, 0, count - 1);
    });
  }
  const columns = featuresOf({ ...convolution, filterCount: filters.rows, isShared: !fields });
  const { inputs, classes } = checkNetwork(behind);
  checkInteger('network.behind.inputs', inputs, columns, columns);
  return { inputs: windowsOf(convolution).mapSize, classes };
}

function checkRecurrent({
  steps,
  startState,
  expansion,
  ofInputs,
  ofState,
  outputs,
  classifier,
}: RecurrentNetwork): NetworkSize {
  checkInteger('network.steps', steps, 1);
  checkChoice('network.startState', startState, START_STATES);
  const checkColumns = (name: string, { columns }: BitMatrix, expected: number): void =>
    checkInteger(`network.${name}.columns`, columns, expected, expected);
  if (expansion) checkColumns('ofInputs', ofInputs, expansion.rows);
  const neurons = ofInputs.rows;
  checkColumns('ofState', ofState, neurons);
  checkInteger('network.ofState.rows', ofState.rows, neurons, neurons);
  let below = neurons;
  outputs.forEach((weights, l) => {
    checkColumns(`outputs[${l}]`, weights, below);
    below = weights.rows;
  });
  checkColumns('classifier', classifier, below);
  checkInteger('network.classifier.rows', classifier.rows, 2);
  return { inputs: steps * (expansion ?? ofInputs).columns, classes: classifier.rows };
}

function checkFloat({ layers }: FloatNetwork): NetworkSize {
  const inputs = layers[0].weights.columns;
  let columns = inputs;
  layers.forEach(({ weights }, l) => {
    checkInteger(`network.layers[${l}].weights.columns`, weights.columns, columns, columns);
    checkInteger(`network.layers[${l}].weights.rows`, weights.rows, 1);
    columns = weights.rows;
  });
  checkInteger(`network.layers[${layers.length - 1}].weights.rows`, columns, 2);
  return { inputs, classes: columns };
}
