import type { BitMatrix } from '../core/bit-matrix.js';
import type { Kernels } from '../kernels/kernels.js';
import { checkNetwork, type NetworkSize } from '../layers/check-network.js';
import { ConvolutionUnits } from '../layers/convolution.js';
import type { ConvolutionalNetwork } from '../layers/network.js';
import { packedInputs } from '../rules/packed-inputs.js';
import type { Inputs } from '../rules/rule.js';

/** What classifies features: a predictor of another kind of network. */
interface Behind {
  predict(features: BitMatrix): Promise<Int32Array>;
  dispose(): Promise<void>;
}

/** Filters on windows of images on the kernels, in front of what predicts from what they find. */
export class ConvolutionalPredictor {
  readonly size: NetworkSize;
  readonly #units: ConvolutionUnits;
  readonly #behind: Behind;

  /**
   * @param behind - of the network behind the filters
   * @throws ArgumentError for a network whose parts do not fit each other
   */
  constructor(network: ConvolutionalNetwork, kernels: Kernels, behind: Behind) {
    this.size = checkNetwork(network);
    this.#units = new ConvolutionUnits(network.convolution, kernels);
    this.#behind = behind;
  }

  /** Predicted class of every row. @throws ArgumentError for inputs that are no bits, or of another width */
  async predict(inputs: Inputs): Promise<Int32Array> {
    return this.#behind.predict(this.#units.features(packedInputs(inputs, this.size.inputs)));
  }

  dispose(): Promise<void> {
    return this.#behind.dispose();
  }
}
