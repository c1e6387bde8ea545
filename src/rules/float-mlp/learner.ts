import type { TensorConstructor } from 'onnxruntime-node';
import { checkInteger } from '../../bits/check.js';
import { ArgumentError } from '../../bits/errors.js';
import type { OperationCounts } from '../cost.js';
import type {
  EpochObservation,
  EpochPlan,
  InputForm,
  Inputs,
  Learner,
  LearnerState,
  MemoryBits,
  RealRows,
  RuleContext,
  TaskShape,
} from '../rule.js';
import { BatchBuffer, checkFiniteRows, checkPlan, rowsOf } from './batches.js';
import { trainingMemory, trainingOperations, weightCount } from './cost.js';
import { DivergedError } from './diverged-error.js';
import { initialParameters } from './initial-weights.js';
import type { Optimizer } from './optimizer.js';
import { ParameterStore } from './parameters.js';
import { loadRuntime, openSession, type Session, type Tensors } from './runtime.js';
import { inferenceGraph, layersOf, trainingGraph, VALUES, weightsName } from './training-graph.js';

/** Rows that prediction takes at once. */
const PREDICTION_ROWS = 1000;

/** What distinguishes one rule on this network from another. */
export interface FloatMlpOptions {
  /** Name of the rule, for streams and messages. */
  readonly rule: string;
  /** Widths of the hidden layers, input side first. */
  readonly hidden: readonly number[];
  readonly inputs: InputForm;
  readonly optimizer: Optimizer;
  /** For the message of a run that diverges. */
  readonly learningRate: number;
}

/**
 * Makes a full-precision multi-layer perceptron: ReLU, no biases, softmax cross-entropy (training-graph.ts),
 * started from He-uniform weights drawn from the streams `RULE/layer-1/weights`, `RULE/layer-2/weights`, ….
 * @throws ArgumentError when a size of the task is out of range
 * @throws EnvironmentError when ONNX Runtime does not load
 */
export async function createFloatMlp(
  options: FloatMlpOptions,
  task: TaskShape,
  context: RuleContext,
): Promise<Learner> {
  checkInteger('inputs', task.inputs, 1);
  checkInteger('classes', task.classes, 2);
  checkInteger('batchSize', task.batchSize, 1);
  const widths = [task.inputs, ...options.hidden, task.classes];
  const { rule, optimizer } = options;
  const parameters = initialParameters(widths, optimizer, (name) =>
    context.streams.stream(`${rule}/${name}`),
  );
  const runtime = await loadRuntime();
  const training = await openSession(runtime, trainingGraph(widths, optimizer));
  const inference = await openSession(runtime, inferenceGraph(widths));
  const store = new ParameterStore(parameters, runtime.Tensor);
  return new FloatMlp(options, task, widths, store, { training, inference }, runtime.Tensor);
}

interface Sessions {
  readonly training: Session;
  readonly inference: Session;
}

/** How far training has come. */
interface Progress {
  epochs: number;
  steps: number;
  samples: number;
}

/** The network in training. A step whose loss is no number leaves it as it was before the step. */
class FloatMlp implements Learner {
  readonly parameters: number;
  readonly memoryBits: MemoryBits;
  readonly #options: FloatMlpOptions;
  readonly #task: TaskShape;
  readonly #widths: readonly number[];
  readonly #store: ParameterStore;
  readonly #tensorOf: TensorConstructor;
  readonly #batch: BatchBuffer;
  /** Scalars of the optimizer, overwritten before each step. */
  readonly #scalars: Tensors;
  /** Loss and right predictions of the last step. */
  readonly #results: Tensors;
  #sessions: Sessions | undefined;
  #progress: Progress = { epochs: 0, steps: 0, samples: 0 };

  constructor(
    options: FloatMlpOptions,
    task: TaskShape,
    widths: readonly number[],
    store: ParameterStore,
    sessions: Sessions,
    tensorOf: TensorConstructor,
  ) {
    this.parameters = weightCount(widths);
    this.memoryBits = trainingMemory(widths, options.optimizer, task.batchSize);
    this.#options = options;
    this.#task = task;
    this.#widths = widths;
    this.#store = store;
    this.#sessions = sessions;
    this.#tensorOf = tensorOf;
    this.#batch = new BatchBuffer(task.batchSize, task.inputs, tensorOf);
    this.#scalars = scalarTensors(options.optimizer.scalars, tensorOf);
    this.#results = scalarTensors([VALUES.lossSum, VALUES.rightCount], tensorOf);
  }

  async trainEpoch(plan: EpochPlan): Promise<EpochObservation> {
    const { training } = this.#openSessions();
    const rows = rowsOf(plan.data.inputs, this.#options.inputs, this.#task.inputs);
    checkPlan(plan, this.#task);
    const { order, batchSize } = plan;
    let lossSum = 0;
    let rightCount = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.subarray(start, start + batchSize);
      await this.#trainBatch(training, rows, plan.data.labels, batch);
      lossSum += scalarOf(this.#results, VALUES.lossSum);
      rightCount += scalarOf(this.#results, VALUES.rightCount);
      const pause = plan.afterBatch(start + batch.length);
      if (pause) await pause;
    }
    // A ReLU may turn NaN into 0, so that the loss alone does not show it.
    if (!this.#store.areFinite()) this.#fail('a weight is not finite', this.#progress.steps, rows, order);
    this.#progress.epochs++;
    return { trainAccuracy: (100 * rightCount) / order.length, loss: lossSum / order.length };
  }

  /** One step; leaves the loss and the right predictions of the batch in `#results`. */
  async #trainBatch(session: Session, rows: RealRows, labels: Int32Array, batch: Uint32Array): Promise<void> {
    const { optimizer } = this.#options;
    const values = optimizer.scalarsAt(this.#progress.steps + 1);
    optimizer.scalars.forEach((name, i) => {
      (this.#scalars[name].data as Float32Array)[0] = values[i];
    });
    const feeds = {
      ...this.#store.current,
      ...this.#scalars,
      [VALUES.inputs]: this.#batch.gatherInputs(rows, batch),
      [VALUES.labels]: this.#batch.gatherLabels(labels, batch),
    };
    await session.run(feeds, { ...this.#store.next, ...this.#results });
    const lossSum = scalarOf(this.#results, VALUES.lossSum);
    if (!Number.isFinite(lossSum))
      this.#fail(`the loss is ${lossSum}`, this.#progress.steps + 1, rows, batch);
    this.#store.swap();
    this.#progress.steps++;
    this.#progress.samples += batch.length;
  }

  /** @throws ArgumentError when the data is to blame, DivergedError otherwise */
  #fail(problem: string, step: number, rows: RealRows, order: Uint32Array): never {
    checkFiniteRows(rows, order);
    const { rule, learningRate } = this.#options;
    throw new DivergedError(rule, this.#progress.epochs + 1, step, problem, learningRate);
  }

  async predict(inputs: Inputs): Promise<Int32Array> {
    const { inference } = this.#openSessions();
    const rows = rowsOf(inputs, this.#options.inputs, this.#task.inputs);
    const order = Uint32Array.from({ length: rows.rows }, (_, row) => row);
    const chunkRows = Math.min(PREDICTION_ROWS, rows.rows);
    const buffer = new BatchBuffer(chunkRows, rows.columns, this.#tensorOf);
    const predictions = new Int32Array(rows.rows);
    for (let start = 0; start < rows.rows; start += PREDICTION_ROWS) {
      const chunk = buffer.gatherInputs(rows, order.subarray(start, start + PREDICTION_ROWS));
      const results = await inference.run(this.#inferenceFeeds(chunk));
      predictions.set(results[VALUES.predictions].data as Int32Array, start);
    }
    return predictions;
  }

  #inferenceFeeds(inputs: Tensors[string]): Tensors {
    const weights = layersOf(this.#widths).map((_, layer) => weightsName(layer));
    const feeds = Object.fromEntries(weights.map((name) => [name, this.#store.current[name]]));
    return { ...feeds, [VALUES.inputs]: inputs };
  }

  operations(): OperationCounts {
    const { samples, steps } = this.#progress;
    const floatOperations = trainingOperations(this.#widths, this.#options.optimizer, samples, steps);
    return { xnorBits: 0, popcountBits: 0, stepBits: 0, floatOperations };
  }

  saveState(): LearnerState {
    const { epochs, steps, samples } = this.#progress;
    return { ...this.#store.save(), progress: Float64Array.of(epochs, steps, samples) };
  }

  loadState(state: LearnerState): void {
    const progress = state.progress;
    if (!(progress instanceof Float64Array) || progress.length !== 3) {
      throw new ArgumentError("state['progress']", 'a Float64Array of 3 entries', progress);
    }
    this.#store.load(state);
    const [epochs, steps, samples] = progress;
    this.#progress = { epochs, steps, samples };
  }

  async dispose(): Promise<void> {
    const sessions = this.#sessions;
    this.#sessions = undefined;
    await sessions?.training.release();
    await sessions?.inference.release();
  }

  #openSessions(): Sessions {
    if (this.#sessions) return this.#sessions;
    throw new ArgumentError('learner', 'one that has not been disposed', `a disposed ${this.#options.rule}`);
  }
}

function scalarTensors(names: readonly string[], TensorOf: TensorConstructor): Tensors {
  return Object.fromEntries(names.map((name) => [name, new TensorOf('float32', new Float32Array(1), [])]));
}

function scalarOf(tensors: Tensors, name: string): number {
  return (tensors[name].data as Float32Array)[0];
}
