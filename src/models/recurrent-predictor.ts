import { argmaxRows } from '../core/argmax-rows.js';
import { BitMatrix } from '../core/bit-matrix.js';
import { Int32Matrix } from '../core/int-matrix.js';
import { nextTurn } from '../core/next-turn.js';
import { stepRows } from '../core/step-rows.js';
import type { Kernels } from '../kernels/kernels.js';
import { inMemoryOf } from '../kernels/ternary-kernels.js';
import { checkNetwork, type NetworkSize } from '../layers/check-network.js';
import type { RecurrentNetwork } from '../layers/network.js';
import { packedInputs } from '../rules/packed-inputs.js';
import type { Inputs } from '../rules/rule.js';

/** Rows times steps at once, about. */
const CHUNK_STEPS = 2000;

/** A recurrent network on the kernels, its weights in memory that these read without copying. */
export class RecurrentPredictor {
  readonly size: NetworkSize;
  readonly #network: RecurrentNetwork;
  readonly #kernels: Kernels;

  /** @throws ArgumentError for a network whose parts do not fit each other */
  constructor(network: RecurrentNetwork, kernels: Kernels) {
    this.size = checkNetwork(network);
    this.#kernels = kernels;
    const { expansion, ofInputs, ofState, outputs, classifier } = network;
    this.#network = {
      ...network,
      ...(expansion && { expansion: inMemoryOf(kernels, expansion) }),
      ofInputs: inMemoryOf(kernels, ofInputs),
      ofState: inMemoryOf(kernels, ofState),
      outputs: outputs.map((weights) => inMemoryOf(kernels, weights)),
      classifier: inMemoryOf(kernels, classifier),
    };
  }

  /** Predicted class of every row. @throws ArgumentError for inputs that are no bits, or of another width */
  async predict(inputs: Inputs): Promise<Int32Array> {
    const bits = packedInputs(inputs, this.size.inputs);
    const predictions = new Int32Array(bits.rows);
    const chunk = Math.max(1, Math.floor(CHUNK_STEPS / this.#network.steps));
    for (let start = 0; start < bits.rows; start += chunk) {
      const rows = bits.rowRange(start, Math.min(start + chunk, bits.rows));
      predictions.set(argmaxRows(this.#readOut(this.#states(rows).last)), start);
      await nextTurn();
    }
    return predictions;
  }

  /** ŷ of every row, [B, C]. @throws ArgumentError as `predict` */
  logits(inputs: Inputs): Int32Matrix {
    return this.#readOut(this.#states(packedInputs(inputs, this.size.inputs)).last);
  }

  /** s_1 … s_T of every row, each [B, K]. @throws ArgumentError as `predict` */
  states(inputs: Inputs): readonly BitMatrix[] {
    return this.#states(packedInputs(inputs, this.size.inputs)).all;
  }

  async dispose(): Promise<void> {}

  #states(inputs: BitMatrix): { readonly all: readonly BitMatrix[]; readonly last: BitMatrix } {
    const { steps, startState, ofInputs, ofState } = this.#network;
    const { rows } = inputs;
    const shown = this.#expanded(inputs);
    const neurons = ofState.rows;
    const fromState = new Int32Matrix(rows, neurons);
    const z = new Int32Matrix(rows, neurons);
    // z of zeros has the signs +1.
    let state = this.#signsOf(z);
    const all = Array.from({ length: steps }, (_, t) => {
      this.#kernels.product(shown.rowRange(t * rows, (t + 1) * rows), ofInputs, z);
      if (t > 0 || startState === 'plus') {
        this.#kernels.product(state, ofState, fromState);
        for (let i = 0; i < z.values.length; i++) z.values[i] += fromState.values[i];
      }
      state = this.#signsOf(z);
      return state;
    });
    return { all, last: state };
  }

  #expanded(inputs: BitMatrix): BitMatrix {
    const { steps, expansion } = this.#network;
    const shown = new BitMatrix(steps * inputs.rows, inputs.columns / steps);
    stepRows(inputs, shown);
    return expansion ? this.#layer(shown, expansion) : shown;
  }

  #readOut(state: BitMatrix): Int32Matrix {
    const { outputs, classifier } = this.#network;
    const last = outputs.reduce((below, weights) => this.#layer(below, weights), state);
    const logits = new Int32Matrix(last.rows, classifier.rows);
    this.#kernels.product(last, classifier, logits);
    return logits;
  }

  #layer(inputs: BitMatrix, weights: BitMatrix): BitMatrix {
    const z = new Int32Matrix(inputs.rows, weights.rows);
    this.#kernels.product(inputs, weights, z);
    return this.#signsOf(z);
  }

  #signsOf(z: Int32Matrix): BitMatrix {
    const signs = new BitMatrix(z.rows, z.columns);
    this.#kernels.packSigns(z, signs);
    return signs;
  }
}
