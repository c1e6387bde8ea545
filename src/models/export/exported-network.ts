import { type BitMatrix, WORD_BITS } from '../../core/bit-matrix.js';
import { zerosOf } from '../../core/ternary-matrix.js';
import type { FittedTransformation } from '../../data/transformation.js';
import type { BinaryNetwork, FloatNetwork, RecurrentNetwork } from '../../layers/network.js';
import { architectureOf } from '../../records/architecture.js';
import type { ModelParts } from '../model.js';
import {
  type ExportableNetwork,
  type ExportedInputs,
  inputsOf,
  inputThresholds,
  networkOf,
} from './exported-inputs.js';
import type { GoldenVectors } from './golden.js';
import { recurrentMatrices } from './recurrent-matrices.js';

/** Raised when a reader of an exported file would have to know more than before: 2 is of networks with zeros alone. */
export const LAYOUT_VERSIONS = { withoutZeros: 1, withZeros: 2 } as const;

/** An array of an exported file, row after row. */
export interface ExportedArray {
  /** Sizes of its axes. */
  readonly shape: readonly number[];
  readonly values: Uint8Array | Int32Array | Float32Array | Float64Array;
}

/** What a network is written as in every format: words and sizes as JSON, numbers as arrays by name. See docs/export.md. */
export interface ExportedNetwork {
  readonly description: ExportDescription;
  readonly arrays: Readonly<Record<string, ExportedArray>>;
}

/** The JSON of an exported file. */
export interface ExportDescription {
  readonly format: 'xnorlab network';
  readonly version: 1 | 2;
  readonly kind: ExportableNetwork['kind'];
  readonly inputs: ExportedInputs;
  /** Input side first. */
  readonly layers: readonly object[];
  /** Of a network of bits: whether the logits of the last layer decide, or the sum of those of all. */
  readonly readOut?: BinaryNetwork['readOut'];
  /** Of a recurrent network: how many steps the inputs are cut into, one after the other, and what stands before the first. */
  readonly steps?: number;
  readonly startState?: RecurrentNetwork['startState'];
  readonly classes: readonly string[];
  readonly featureNames?: readonly string[];
  /** Where it comes from, for people. */
  readonly training: object;
}

/**
 * The parts of a model, named and packed alike for all formats.
 * @throws ArgumentError for a network that its learner does not describe
 */
export function exportedNetwork(parts: ModelParts, golden: GoldenVectors): ExportedNetwork {
  const { transformation, classes, featureNames, record } = parts;
  const network = networkOf(parts);
  const inputs = inputsOf(transformation);
  return {
    description: {
      format: 'xnorlab network',
      version: networkHasZeros(network) ? LAYOUT_VERSIONS.withZeros : LAYOUT_VERSIONS.withoutZeros,
      kind: network.kind,
      inputs,
      ...outlineOf(network),
      classes,
      ...(featureNames && { featureNames }),
      training: {
        rule: record.rule.name,
        dataset: record.dataset.name,
        hiddenLayers: architectureOf(record),
        seed: record.seed,
        testAccuracy: record.testAccuracy,
        xnorlab: record.software.xnorlab,
      },
    },
    arrays: {
      ...inputArrays(transformation, inputs),
      ...arraysOf(network),
      ...goldenArrays(golden),
    },
  };
}

/** Whether weights, activations or classifiers of a network may be 0. */
export function networkHasZeros(network: ExportableNetwork): boolean {
  if (network.kind !== 'binary') return false;
  return network.layers.some(({ weights, classifier, givesZeros }) => {
    return givesZeros || zerosOf(weights) !== undefined || (classifier && zerosOf(classifier)) !== undefined;
  });
}

/** Rows of bits as bytes: column c is bit c mod 8, from the least significant, of byte ⌊c/8⌋. */
export function packedRows({ rows, columns, rowWords, words }: BitMatrix): ExportedArray {
  const rowBytes = Math.ceil(columns / 8);
  const values = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    for (let byte = 0; byte < rowBytes; byte++) {
      const word = words[row * rowWords + Math.floor((8 * byte) / WORD_BITS)];
      values[row * rowBytes + byte] = word >>> ((8 * byte) % WORD_BITS);
    }
  }
  return { shape: [rows, rowBytes], values };
}

function inputArrays(fitted: FittedTransformation, { features, levels }: ExportedInputs): Arrays {
  const thresholds = inputThresholds(fitted);
  if (thresholds) return { 'inputs.thresholds': { shape: [features, levels], values: thresholds } };
  if (fitted.inputForm !== 'full-precision' || !fitted.moments) return {};
  const { mean, scale } = fitted.moments;
  return {
    'inputs.mean': { shape: [features], values: mean },
    'inputs.scale': { shape: [features], values: scale },
  };
}

type Arrays = ExportedNetwork['arrays'];

type NetworkOutline = Pick<ExportDescription, 'layers' | 'readOut' | 'steps' | 'startState'>;

function outlineOf(network: ExportableNetwork): NetworkOutline {
  switch (network.kind) {
    case 'binary':
      return binaryOutline(network);
    case 'recurrent':
      return recurrentOutline(network);
    case 'float':
      return floatOutline(network);
  }
}

function arraysOf(network: ExportableNetwork): Arrays {
  switch (network.kind) {
    case 'binary':
      return binaryArrays(network);
    case 'recurrent':
      return Object.fromEntries(recurrentMatrices(network).map(([name, bits]) => [name, packedRows(bits)]));
    case 'float':
      return floatArrays(network);
  }
}

function recurrentOutline(network: RecurrentNetwork): NetworkOutline {
  const { steps, startState } = network;
  const layers = recurrentMatrices(network).map(([name, { rows, columns }]) => {
    return { name, inputs: columns, neurons: rows };
  });
  return { steps, startState, layers };
}

function binaryOutline({ layers, readOut }: BinaryNetwork): Pick<ExportDescription, 'layers' | 'readOut'> {
  return {
    readOut,
    layers: layers.map(({ weights, voters = 1, givesZeros, classifier }) => ({
      inputs: weights.columns,
      neurons: weights.rows,
      voters,
      hasClassifier: classifier !== undefined,
      ...(givesZeros && { givesZeros }),
    })),
  };
}

function binaryArrays({ layers, logitNorm }: BinaryNetwork): Arrays {
  const arrays: Record<string, ExportedArray> = {};
  layers.forEach(({ weights, thresholds, classifier }, l) => {
    Object.assign(arrays, matrixArrays(`layer${l + 1}.weights`, weights));
    const values = thresholds ?? new Int32Array(weights.rows);
    arrays[`layer${l + 1}.thresholds`] = { shape: [weights.rows], values };
    if (classifier) Object.assign(arrays, matrixArrays(`layer${l + 1}.classifier`, classifier));
  });
  for (const [part, values] of Object.entries(logitNorm ?? {})) {
    arrays[`logit_norm.${part}`] = { shape: [values.length], values };
  }
  return arrays;
}

/** Signs, and where there are zeros a second array whose bits say where. */
function matrixArrays(name: string, matrix: BitMatrix): Arrays {
  const zeros = zerosOf(matrix);
  return { [name]: packedRows(matrix), ...(zeros && { [`${name}_zeros`]: packedRows(zeros) }) };
}

function floatOutline({ layers }: FloatNetwork): Pick<ExportDescription, 'layers'> {
  return {
    layers: layers.map(({ weights, scale = 1, activation }) => ({
      inputs: weights.columns,
      neurons: weights.rows,
      scale,
      activation,
    })),
  };
}

function floatArrays({ layers }: FloatNetwork): Arrays {
  return Object.fromEntries(
    layers.map(({ weights: { rows, columns, values } }, l) => [
      `layer${l + 1}.weights`,
      { shape: [rows, columns], values },
    ]),
  );
}

function goldenArrays({ features, classes, logits }: GoldenVectors): Arrays {
  return {
    'golden.features': { shape: [features.rows, features.columns], values: features.values },
    'golden.logits': { shape: [logits.rows, logits.columns], values: logits.values },
    'golden.classes': { shape: [classes.length], values: classes },
  };
}
