/** Binary layers and networks as plain data. */
export { BinaryLayer, type LayerOutput } from './binary-layer.js';
export { equiangularClassifier, randomClassifier } from './classifier.js';
export { type ConsolidationOptions, consolidationTable } from './consolidation.js';
export type { Convolution, MapShape } from './convolution.js';
export type { HiddenWeightOptions, HiddenWeights } from './hidden-weights.js';
export type { LayerContext } from './layer.js';
export type {
  BinaryNetwork,
  ConvolutionalNetwork,
  FixedNorm,
  FloatLayer,
  FloatNetwork,
  Network,
  RecurrentNetwork,
  SignLayer,
} from './network.js';
export type { StartState } from './recurrent-layer.js';
export type { ZeroPlace } from './zeros.js';
