import type { TensorConstructor } from 'onnxruntime-node';
import { checkInteger } from '../../core/check.js';
import { ArgumentError } from '../../core/errors.js';
import { checkShape, sizeOf } from '../../core/shape.js';
import type { OperationCounts } from '../cost.js';
import type {
  EpochObservation,
  EpochPlan,
  Inputs,
  Learner,
  LearnerState,
  MemoryBits,
  Problem,
  RealRows,
} from '../rule.js';
import { BatchBuffer, checkFiniteRows, checkPlan, rowsOf } from './batches.js';
import { VALUES } from './classification.js';
import { DivergedError } from './diverged-error.js';
import type { GraphNetwork } from './graph-network.js';
import { ParameterStore } from './parameters.js';
import { Progress } from './progress.js';
import { loadRuntime, openSession, type Session, type Tensors } from './runtime.js';

/** Rows that prediction takes at once. */
const PREDICTION_ROWS = 1000;

/**
 * Checks what every network here needs of a problem.
 * @throws ArgumentError when a size is out of range
 */
export function checkProblem(problem: Problem): void {
  checkShape('input', problem.input);
  checkInteger('classes', problem.classes, 2);
  checkInteger('batchSize', problem.batchSize, 1);
}

/**
 * Makes a learner of a network that is given as ONNX graphs.
 * @throws EnvironmentError when ONNX Runtime does not load
 */
export async function createGraphLearner(network: GraphNetwork, problem: Problem): Promise<Learner> {
  const runtime = await loadRuntime();
  const sessions: Sessions[] = [];
  for (const { training, inference } of network.stages) {
    sessions.push({
      training: await openSession(runtime, training),
      inference: await openSession(runtime, inference),
    });
  }
  return new GraphLearner(network, problem, sessions, runtime.Tensor);
}

/** The graphs of one stage. */
interface Sessions {
  readonly training: Session;
  readonly inference: Session;
}

/** The network in training. A step whose loss is no number leaves it as it was before the step. */
class GraphLearner implements Learner {
  readonly parameters: number;
  readonly memoryBits: MemoryBits;
  readonly #network: GraphNetwork;
  readonly #problem: Problem;
  readonly #store: ParameterStore;
  readonly #tensorOf: TensorConstructor;
  readonly #batch: BatchBuffer;
  /** One for each stage; undefined after disposal. */
  #sessions: readonly Sessions[] | undefined;
  #progress: Progress;

  constructor(
    network: GraphNetwork,
    problem: Problem,
    sessions: readonly Sessions[],
    tensorOf: TensorConstructor,
  ) {
    this.parameters = network.parameters;
    this.memoryBits = network.memoryBits;
    this.#network = network;
    this.#problem = problem;
    this.#sessions = sessions;
    this.#tensorOf = tensorOf;
    this.#store = new ParameterStore(network.initial, tensorOf);
    this.#batch = new BatchBuffer(problem.batchSize, sizeOf(problem.input), tensorOf);
    this.#progress = new Progress(
      network.stages.length,
      network.schedule?.epochsPerStage ?? Number.POSITIVE_INFINITY,
    );
  }

  async trainEpoch(plan: EpochPlan): Promise<EpochObservation> {
    const { training } = this.#openSessions();
    const rows = rowsOf(plan.data.inputs, this.#network.inputs, sizeOf(this.#problem.input));
    checkPlan(plan, this.#problem);
    const { order, batchSize } = plan;
    let lossSum = 0;
    let rightCount = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.subarray(start, start + batchSize);
      const results = await this.#trainBatch(training, rows, plan.data.labels, batch);
      lossSum += scalarOf(results, VALUES.lossSum);
      rightCount += scalarOf(results, VALUES.rightCount);
      const pause = plan.afterBatch(start + batch.length);
      if (pause) await pause;
    }
    // A ReLU may turn NaN into 0, so that the loss alone does not show it.
    if (!this.#store.areFinite()) this.#fail('a weight is not finite', this.#progress.steps, rows, order);
    this.#endEpoch();
    return { trainAccuracy: (100 * rightCount) / order.length, loss: lossSum / order.length };
  }

  /** One step. @returns the outputs of the graph */
  async #trainBatch(
    session: Session,
    rows: RealRows,
    labels: Int32Array,
    batch: Uint32Array,
  ): Promise<Tensors> {
    const feeds = {
      ...this.#store.feeds,
      [VALUES.inputs]: this.#batch.gatherInputs(rows, batch),
      [VALUES.labels]: this.#batch.gatherLabels(labels, batch),
    };
    // Without tensors to write to: the runtime copies its results to new ones even if it is given some.
    const results = await session.run(pick(feeds, session.inputNames));
    const step = this.#progress.steps + 1;
    const lossSum = scalarOf(results, VALUES.lossSum);
    if (!Number.isFinite(lossSum)) this.#fail(`the loss is ${lossSum}`, step, rows, batch);
    this.#store.update(results, step);
    this.#progress.countBatch(batch.length);
    return results;
  }

  #endEpoch(): void {
    const before = this.#progress.stage;
    this.#progress.epochs++;
    const { stage } = this.#progress;
    const { schedule } = this.#network;
    if (schedule && stage > before) this.#store.load(schedule.enterStage(stage, this.#store.save()));
  }

  /** @throws ArgumentError when the data is to blame, DivergedError otherwise */
  #fail(problem: string, step: number, rows: RealRows, order: Uint32Array): never {
    checkFiniteRows(rows, order);
    const { rule, learningRate } = this.#network;
    throw new DivergedError(rule, this.#progress.epochs + 1, step, problem, learningRate);
  }

  async predict(inputs: Inputs): Promise<Int32Array> {
    const { inference } = this.#openSessions();
    const rows = rowsOf(inputs, this.#network.inputs, sizeOf(this.#problem.input));
    const order = Uint32Array.from({ length: rows.rows }, (_, row) => row);
    const chunkRows = Math.min(PREDICTION_ROWS, rows.rows);
    const buffer = new BatchBuffer(chunkRows, rows.columns, this.#tensorOf);
    const predictions = new Int32Array(rows.rows);
    for (let start = 0; start < rows.rows; start += PREDICTION_ROWS) {
      const chunk = buffer.gatherInputs(rows, order.subarray(start, start + PREDICTION_ROWS));
      const feeds = { ...this.#store.feeds, [VALUES.inputs]: chunk };
      const results = await inference.run(pick(feeds, inference.inputNames));
      predictions.set(results[VALUES.predictions].data as Int32Array, start);
    }
    return predictions;
  }

  operations(): OperationCounts {
    const floatOperations = this.#network.stages.reduce((sum, stage, i) => {
      const { samples, steps } = this.#progress.shownIn(i);
      return sum + stage.floatOperations(samples, steps);
    }, 0);
    return { xnorBits: 0, popcountBits: 0, stepBits: 0, floatOperations };
  }

  saveState(): LearnerState {
    return { ...this.#store.save(), progress: this.#progress.save() };
  }

  loadState(state: LearnerState): void {
    const progress = this.#progress.restored(state.progress);
    this.#store.load(state);
    this.#progress = progress;
  }

  async dispose(): Promise<void> {
    const opened = this.#sessions ?? [];
    this.#sessions = undefined;
    for (const { training, inference } of opened) {
      await training.release();
      await inference.release();
    }
  }

  /** The graphs of the present stage. */
  #openSessions(): Sessions {
    if (this.#sessions) return this.#sessions[this.#progress.stage];
    throw new ArgumentError('learner', 'one that has not been disposed', `a disposed ${this.#network.rule}`);
  }
}

/** The entries that a graph names: the runtime refuses others. */
function pick(tensors: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(names.map((name) => [name, tensors[name]]));
}

function scalarOf(tensors: Tensors, name: string): number {
  return (tensors[name].data as Float32Array)[0];
}
