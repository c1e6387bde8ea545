import type { Kernels } from '../kernels/kernels.js';
import type { Network } from '../layers/network.js';
import type { OnnxRuntime } from '../rules/float/runtime.js';
import type { Inputs } from '../rules/rule.js';
import { BinaryPredictor } from './binary-predictor.js';
import { ConvolutionalPredictor } from './convolutional-predictor.js';
import { FloatPredictor } from './float-predictor.js';
import { RecurrentPredictor } from './recurrent-predictor.js';

/** What classifies inputs. A learner is one, too. */
export interface Predictor {
  /**
   * Predicted class of every row. Changes nothing.
   * @throws ArgumentError for inputs of another form or width than the network's
   */
  predict(inputs: Inputs): Promise<Int32Array>;
  /** Frees what is held outside the garbage collector's reach. */
  dispose(): Promise<void>;
}

/** What a network is computed with. */
export interface PredictorHost {
  readonly kernels: Kernels;
  /** Loads what runs networks of floats, at their first prediction. Absent on a host that has none. */
  readonly onnxRuntime?: (() => Promise<OnnxRuntime>) | undefined;
}

/**
 * Makes a network ready to use: one of bits on the kernels, exact on every backend; one of floats on ONNX Runtime, by the graph
 * that its learner predicts with.
 * @throws ArgumentError for a network whose parts do not fit each other, EnvironmentError for one of floats on a host without ONNX Runtime
 */
export function createPredictor(network: Network, host: PredictorHost): Predictor {
  const { kernels, onnxRuntime } = host;
  switch (network.kind) {
    case 'binary':
      return new BinaryPredictor(network, kernels);
    case 'recurrent':
      return new RecurrentPredictor(network, kernels);
    case 'convolutional':
      return new ConvolutionalPredictor(network, kernels, createPredictor(network.behind, host));
    case 'float':
      return new FloatPredictor(network, onnxRuntime);
  }
}
