import { ArgumentError } from '../../core/errors.js';
import type { RandomStream } from '../../core/random.js';
import type { FloatKernels } from '../../kernels/float-kernels.js';
import type { LearnerState } from '../rule.js';
import { writeSigns } from './optimizer.js';
import { gradientName, momentName, nextName, type Parameter, signsName } from './parameter.js';
import { taskCopyName } from './per-task.js';
import type { OnnxTensorConstructor, OnnxTensors } from './runtime.js';

/** A parameter with what belongs to it. All arrays are as long as the parameter. */
interface Entry {
  readonly parameter: Parameter;
  values: Float32Array;
  readonly moments: readonly Float32Array[];
  readonly signs: Float32Array | undefined;
}

/** Parameters and their moments, changed in place, or replaced by what a graph has computed. Moments start at 0. */
export class ParameterStore {
  /** Parameters and signs by name, to be fed to graphs: always the current values. */
  readonly feeds: OnnxTensors = {};
  readonly #entries: readonly Entry[];
  /** Values and moments by name. */
  readonly #state: Record<string, Float32Array>;

  /**
   * @param streamOf - gives each parameter, by its name, a stream of its own to draw its first values from
   * @param TensorOf - the runtime's tensor class, handed in because the runtime is loaded late
   * @param kernels - for the steps of optimizers
   */
  constructor(
    parameters: readonly Parameter[],
    streamOf: (name: string) => RandomStream,
    private readonly TensorOf: OnnxTensorConstructor,
    readonly kernels: FloatKernels,
  ) {
    const state: Record<string, Float32Array> = {};
    this.#entries = parameters.map((parameter) => {
      const { name, shape, optimizer, hasSigns } = parameter;
      const values = parameter.initial(streamOf(name));
      const moments = (optimizer?.moments ?? []).map(() => new Float32Array(values.length));
      state[name] = values;
      optimizer?.moments.forEach((moment, i) => {
        state[momentName(name, moment)] = moments[i];
      });
      this.feeds[name] = new TensorOf('float32', values, shape);
      const signs = hasSigns ? new Float32Array(values.length) : undefined;
      if (signs) {
        writeSigns(values, signs);
        this.feeds[signsName(name)] = new TensorOf('float32', signs, shape);
      }
      return { parameter, values, moments, signs };
    });
    this.#state = state;
  }

  /**
   * Applies what a graph has computed: gradients to what they are gradients of; replacements are taken as they are, not copied.
   * @param results - of the graph, by name
   * @param step - number of this update, from 1
   */
  update(results: OnnxTensors, step: number): void {
    for (const entry of this.#entries) {
      const { parameter, moments, signs } = entry;
      const gradient = results[gradientName(parameter.name)];
      const next = results[nextName(parameter.name)];
      if (next) this.#replace(entry, next.data as Float32Array);
      if (!gradient) continue;
      const { values } = entry;
      const update = { values, gradient: gradient.data as Float32Array, moments, signs, step };
      parameter.optimizer?.update(update, this.kernels);
    }
  }

  /** Whether an optimizer takes note of the end of a task, and whether it looks at squares of gradients then. */
  get remembersTasks(): boolean {
    return this.#entries.some(({ parameter }) => parameter.optimizer?.endTask);
  }

  get needsSquares(): boolean {
    return this.#entries.some(({ parameter }) => parameter.optimizer?.needsSquares);
  }

  /** Adds the squares of gradients that a graph has computed to sums by the name of the parameter, times `scale`. */
  addSquares(sums: Map<string, Float64Array>, results: OnnxTensors, scale: number): void {
    for (const { parameter, values } of this.#entries) {
      if (!parameter.optimizer?.needsSquares) continue;
      const gradient = results[gradientName(parameter.name)].data as Float32Array;
      const sum = sums.get(parameter.name) ?? new Float64Array(values.length);
      for (let i = 0; i < sum.length; i++) sum[i] += scale * gradient[i] * gradient[i];
      sums.set(parameter.name, sum);
    }
  }

  /** Tells optimizers that a task has ended. @param squares - mean squares of gradients by the name of the parameter */
  endTask(squares: ReadonlyMap<string, Float64Array>): void {
    for (const { parameter, values, moments } of this.#entries) {
      const ofParameter = squares.get(parameter.name) ?? new Float64Array(values.length);
      parameter.optimizer?.endTask?.({ values, moments, squares: Float32Array.from(ofParameter) });
    }
  }

  /** Keeps the present values of some parameters as those of a task. @param task - from 1 */
  keepForTask(names: readonly string[], task: number): void {
    for (const name of names) this.#state[taskCopyName(name, task)].set(this.#state[name]);
  }

  /** What graphs are fed on a task that has ended: `feeds`, with its own values of some parameters. */
  feedsOfTask(names: readonly string[], task: number): OnnxTensors {
    const own = names.map((name) => [name, this.feeds[taskCopyName(name, task)]]);
    return { ...this.feeds, ...(Object.fromEntries(own) as OnnxTensors) };
  }

  #replace(entry: Entry, values: Float32Array): void {
    const { name, shape } = entry.parameter;
    entry.values = values;
    this.#state[name] = values;
    this.feeds[name] = new this.TensorOf('float32', values, shape);
  }

  /** Whether all values and moments are finite. */
  areFinite(): boolean {
    return Object.values(this.#state).every((values) => values.every(Number.isFinite));
  }

  /** Copies of values and moments by name. */
  save(): LearnerState {
    return Object.fromEntries(Object.entries(this.#state).map(([name, values]) => [name, values.slice()]));
  }

  /**
   * Replaces values and moments. Entries of other names are not looked at.
   * @throws ArgumentError, before anything is changed, when an array is missing or has another size
   */
  load(state: LearnerState): void {
    const targets = Object.entries(this.#state);
    const loaded = targets.map(([name, values]) => stateArray(state, name, values.length));
    targets.forEach(([, values], i) => {
      values.set(loaded[i]);
    });
    for (const { values, signs } of this.#entries) if (signs) writeSigns(values, signs);
  }
}

function stateArray(state: LearnerState, name: string, length: number): Float32Array {
  const values = state[name];
  if (values instanceof Float32Array && values.length === length) return values;
  const received = values ? `${values.constructor.name} of ${values.length}` : undefined;
  throw new ArgumentError(`state['${name}']`, `a Float32Array of ${length} entries`, received);
}
