import { EnvironmentError } from '../core/errors.js';
import { checkNetwork, type NetworkSize } from '../layers/check-network.js';
import type { FloatNetwork } from '../layers/network.js';
import { BatchBuffer, rowsOf } from '../rules/float/batches.js';
import { VALUES } from '../rules/float/classification.js';
import { scaleName, weightsName } from '../rules/float/parameter.js';
import { type OnnxRuntime, type OnnxSession, type OnnxTensors, openSession } from '../rules/float/runtime.js';
import type { Inputs } from '../rules/rule.js';
import { floatGraph } from './float-graph.js';

/** Rows at once: as many as a learner takes, so that no sum is added up in another order. */
const CHUNK_ROWS = 1000;

/** The graph, ready to run, and what it is fed besides inputs. */
interface Opened {
  readonly tensorOf: OnnxRuntime['Tensor'];
  readonly session: OnnxSession;
  readonly parameters: OnnxTensors;
}

/** A network of floats on ONNX Runtime, which is loaded at the first prediction. */
export class FloatPredictor {
  readonly size: NetworkSize;
  readonly #network: FloatNetwork;
  readonly #runtime: () => Promise<OnnxRuntime>;
  #opened: Promise<Opened> | undefined;

  /**
   * @param onnxRuntime - loads it; absent on a host that has none
   * @throws ArgumentError for a network whose parts do not fit each other, EnvironmentError on a host without ONNX Runtime
   */
  constructor(network: FloatNetwork, onnxRuntime: (() => Promise<OnnxRuntime>) | undefined) {
    this.size = checkNetwork(network);
    if (!onnxRuntime) {
      throw new EnvironmentError(
        'a network of floats needs ONNX Runtime, which is not provided here',
        'Provide it as onnxRuntime, or use a network of bits, which does not need it.',
      );
    }
    this.#network = network;
    this.#runtime = onnxRuntime;
  }

  /**
   * Predicted class of every row.
   * @throws ArgumentError for inputs of another form or width, EnvironmentError when ONNX Runtime does not load
   */
  async predict(inputs: Inputs): Promise<Int32Array> {
    const rows = rowsOf(inputs, this.#network.inputForm, this.size.inputs);
    this.#opened ??= open(this.#network, await this.#runtime());
    const { session, parameters, tensorOf } = await this.#opened;
    const order = Uint32Array.from({ length: rows.rows }, (_, row) => row);
    const buffer = new BatchBuffer(Math.min(CHUNK_ROWS, rows.rows), rows.columns, tensorOf);
    const predictions = new Int32Array(rows.rows);
    for (let start = 0; start < rows.rows; start += CHUNK_ROWS) {
      const chunk = buffer.gatherInputs(rows, order.subarray(start, start + CHUNK_ROWS));
      const results = await session.run({ ...parameters, [VALUES.inputs]: chunk });
      predictions.set(results[VALUES.predictions].data as Int32Array, start);
    }
    return predictions;
  }

  async dispose(): Promise<void> {
    const opened = await this.#opened;
    this.#opened = undefined;
    await opened?.session.release();
  }
}

async function open(network: FloatNetwork, runtime: OnnxRuntime): Promise<Opened> {
  const session = await openSession(runtime, floatGraph(network));
  const parameters: OnnxTensors = {};
  network.layers.forEach(({ weights, scale }, layer) => {
    const { rows, columns, values } = weights;
    parameters[weightsName(layer)] = new runtime.Tensor('float32', values, [rows, columns]);
    if (scale !== undefined) {
      parameters[scaleName(layer)] = new runtime.Tensor('float32', Float32Array.of(scale), [1]);
    }
  });
  return { tensorOf: runtime.Tensor, session, parameters };
}
