import { checkInteger } from '../../core/check.js';
import { ArgumentError, EnvironmentError } from '../../core/errors.js';
import type { RandomStream } from '../../core/random.js';
import { checkShape, sizeOf } from '../../core/shape.js';
import type { Network } from '../../layers/network.js';
import type { OperationCounts } from '../cost.js';
import type {
  EpochObservation,
  EpochPlan,
  Inputs,
  LabelledInputs,
  Learner,
  LearnerState,
  MemoryBits,
  Problem,
  RealRows,
  RuleContext,
} from '../rule.js';
import { BatchBuffer, checkFiniteRows, checkPlan, rowsOf } from './batches.js';
import { VALUES } from './classification.js';
import { describeNetwork } from './description.js';
import { DivergedError } from './diverged-error.js';
import type { FloatTraining } from './float-training.js';
import { copiedValues } from './memory.js';
import { ParameterStore } from './parameter-store.js';
import { Progress } from './progress.js';
import type { OnnxSession, OnnxTensorConstructor, OnnxTensors } from './runtime.js';
import { stageOperations } from './stage-cost.js';
import { openStage, type StageSessions } from './stage-sessions.js';

/** Most batches that squares of gradients are estimated from. */
const SQUARE_BATCHES = 100;

/** Most rows that prediction takes at once. */
const PREDICTION_ROWS = 1000;

/** Most values that prediction copies at once: of large maps it takes fewer rows. */
const PREDICTION_VALUES = 1 << 24;

/**
 * Makes a learner of a network that is given as a list of pieces.
 * @throws ArgumentError when a size of the problem is out of range
 * @throws EnvironmentError when the host provides no ONNX Runtime, or it does not load
 */
export async function createFloatLearner(
  network: FloatTraining,
  problem: Problem,
  { kernels, onnxRuntime, streams }: RuleContext,
): Promise<Learner> {
  checkProblem(problem);
  if (!onnxRuntime) {
    throw new EnvironmentError(
      `${network.rule} needs ONNX Runtime, which is not provided here`,
      'Provide it as onnxRuntime of the rule context, or use a binary rule, which does not need it',
    );
  }
  const runtime = await onnxRuntime();
  const sessions: StageSessions[] = [];
  for (const stage of network.stages) sessions.push(await openStage(runtime, stage, problem));
  const streamOf = (name: string): RandomStream => streams.stream(`${network.rule}/${name}`);
  const store = new ParameterStore(network.parameters, streamOf, runtime.Tensor, kernels.float);
  return new FloatLearner(network, problem, sessions, store, runtime.Tensor);
}

function checkProblem(problem: Problem): void {
  checkShape('input', problem.input);
  checkInteger('classes', problem.classes, 2);
  checkInteger('batchSize', problem.batchSize, 1);
}

/** The network in training. A step whose loss is no number leaves it as it was before the step. */
class FloatLearner implements Learner {
  readonly parameters: number;
  readonly memoryBits: MemoryBits;
  /** Absent where stages have none. */
  readonly network?: () => Network;
  readonly #network: FloatTraining;
  readonly #problem: Problem;
  readonly #store: ParameterStore;
  readonly #tensorOf: OnnxTensorConstructor;
  readonly #batch: BatchBuffer;
  /** One for each stage; undefined after disposal. */
  #sessions: readonly StageSessions[] | undefined;
  #progress: Progress;

  constructor(
    network: FloatTraining,
    problem: Problem,
    sessions: readonly StageSessions[],
    store: ParameterStore,
    tensorOf: OnnxTensorConstructor,
  ) {
    const { parameters, memoryBits } = describeNetwork(network, problem);
    this.parameters = parameters;
    this.memoryBits = memoryBits;
    this.#network = network;
    this.#problem = problem;
    this.#sessions = sessions;
    this.#tensorOf = tensorOf;
    this.#store = store;
    this.#batch = new BatchBuffer(problem.batchSize, sizeOf(problem.input), tensorOf, store.kernels);
    this.#progress = new Progress(
      network.stages.length,
      network.schedule?.epochsPerStage ?? Number.POSITIVE_INFINITY,
    );
    const networks = network.stages.flatMap((stage) => stage.network ?? []);
    if (networks.length === network.stages.length) {
      this.network = () => networks[this.#progress.stage](store.save());
    }
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
    session: OnnxSession,
    rows: RealRows,
    labels: Int32Array,
    batch: Uint32Array,
  ): Promise<OnnxTensors> {
    const results = await this.#runBatch(session, rows, labels, batch);
    const step = this.#progress.steps + 1;
    const lossSum = scalarOf(results, VALUES.lossSum);
    if (!Number.isFinite(lossSum)) this.#fail(`the loss is ${lossSum}`, step, rows, batch);
    this.#store.update(results, step);
    this.#progress.countBatch(batch.length);
    return results;
  }

  async #runBatch(
    session: OnnxSession,
    rows: RealRows,
    labels: Int32Array,
    batch: Uint32Array,
  ): Promise<OnnxTensors> {
    const feeds = {
      ...this.#store.feeds,
      [VALUES.inputs]: this.#batch.gatherInputs(rows, batch),
      [VALUES.labels]: this.#batch.gatherLabels(labels, batch),
    };
    // Without tensors to write to: the runtime copies its results to new ones even if it is given some.
    return session.run(pick(feeds, session.inputNames));
  }

  /**
   * Optimizers that protect what a task has learned take note of it, and what each task has of its own is kept. The Fisher information is estimated from the first 100 batches of the
   * task's samples: B times the square of a batch's gradient, which near a minimum, where samples pull to all sides, is the mean square
   * of those of single samples.
   */
  async endTask({ inputs, labels }: LabelledInputs, task: number): Promise<void> {
    this.#store.keepForTask(this.#network.perTask ?? [], task);
    if (!this.#store.remembersTasks) return;
    const { training } = this.#openSessions();
    const rows = rowsOf(inputs, this.#network.inputs, sizeOf(this.#problem.input));
    const { batchSize } = this.#problem;
    const batches = Math.min(SQUARE_BATCHES, Math.ceil(rows.rows / batchSize));
    const squares = new Map<string, Float64Array>();
    for (let i = 0; i < batches && this.#store.needsSquares; i++) {
      const length = Math.min(batchSize, rows.rows - i * batchSize);
      const batch = Uint32Array.from({ length }, (_, row) => i * batchSize + row);
      const results = await this.#runBatch(training, rows, labels, batch);
      this.#store.addSquares(squares, results, length / batches);
    }
    this.#store.endTask(squares);
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

  async predict(inputs: Inputs, task?: number): Promise<Int32Array> {
    const { inference } = this.#openSessions();
    const values =
      task === undefined ? this.#store.feeds : this.#store.feedsOfTask(this.#network.perTask ?? [], task);
    const rows = rowsOf(inputs, this.#network.inputs, sizeOf(this.#problem.input));
    const order = Uint32Array.from({ length: rows.rows }, (_, row) => row);
    const affordable = Math.ceil(PREDICTION_VALUES / (copiedValues(this.#network) + 1));
    const chunkRows = Math.min(PREDICTION_ROWS, affordable, rows.rows);
    const buffer = new BatchBuffer(chunkRows, rows.columns, this.#tensorOf, this.#store.kernels);
    const predictions = new Int32Array(rows.rows);
    for (let start = 0; start < rows.rows; start += chunkRows) {
      const chunk = buffer.gatherInputs(rows, order.subarray(start, start + chunkRows));
      const feeds = { ...values, [VALUES.inputs]: chunk };
      const results = await inference.run(pick(feeds, inference.inputNames));
      predictions.set(results[VALUES.predictions].data as Int32Array, start);
    }
    return predictions;
  }

  operations(): OperationCounts {
    const floatOperations = this.#network.stages.reduce((sum, stage, i) => {
      const { samples, steps } = this.#progress.shownIn(i);
      return sum + stageOperations(stage, samples, steps);
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
  #openSessions(): StageSessions {
    if (this.#sessions) return this.#sessions[this.#progress.stage];
    throw new ArgumentError('learner', 'one that has not been disposed', `a disposed ${this.#network.rule}`);
  }
}

/** The entries that a graph names: the runtime refuses others. */
function pick(tensors: OnnxTensors, names: readonly string[]): OnnxTensors {
  return Object.fromEntries(names.map((name) => [name, tensors[name]]));
}

function scalarOf(tensors: OnnxTensors, name: string): number {
  return (tensors[name].data as Float32Array)[0];
}
