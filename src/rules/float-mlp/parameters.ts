import type { TensorConstructor } from 'onnxruntime-node';
import { ArgumentError } from '../../bits/errors.js';
import type { LearnerState } from '../rule.js';
import type { Tensors } from './runtime.js';
import { nextName } from './training-graph.js';

/** An array that a training step reads and may replace. */
export interface Parameter {
  /** Its name in the training graph: `layer-1/weights`. */
  readonly name: string;
  /** [K, N] or [K]. */
  readonly shape: readonly number[];
  /** Initial values, as many as the shape says, row after row; copied. */
  readonly values: Float32Array;
}

/**
 * Weights and moments in two copies that are allocated once: a step reads the current copy and writes the other,
 * then they change places. A step that is not followed by `swap` has changed nothing. What no step has written
 * since the last `load` is the same in both copies, so that a step need not replace all.
 */
export class ParameterStore {
  readonly #parameters: readonly Parameter[];
  readonly #copies: readonly [Tensors, Tensors];
  readonly #targets: readonly [Tensors, Tensors];
  #current: 0 | 1 = 0;

  /** @param TensorOf - the runtime's tensor class, handed in because the runtime is loaded late */
  constructor(parameters: readonly Parameter[], TensorOf: TensorConstructor) {
    this.#parameters = parameters;
    const copy = (): Tensors =>
      Object.fromEntries(
        this.#parameters.map(({ name, shape, values }) => [
          name,
          new TensorOf('float32', values.slice(), shape),
        ]),
      );
    this.#copies = [copy(), copy()];
    this.#targets = [targets(this.#copies[0]), targets(this.#copies[1])];
  }

  /** The current values by name, to be fed to a step. */
  get current(): Tensors {
    return this.#copies[this.#current];
  }

  /** Where a step writes, by `nextName`. */
  get next(): Tensors {
    return this.#targets[1 - this.#current];
  }

  /** Makes what the last step wrote the current values. */
  swap(): void {
    this.#current = this.#current === 0 ? 1 : 0;
  }

  /** Whether all current values are finite. */
  areFinite(): boolean {
    return this.#parameters.every(({ name }) => this.#values(name).every(Number.isFinite));
  }

  /** Copies of the current values by name. */
  save(): LearnerState {
    return Object.fromEntries(this.#parameters.map(({ name }) => [name, this.#values(name).slice()]));
  }

  /**
   * Replaces the current values. Entries of other names are not looked at.
   * @throws ArgumentError, before anything is changed, when an array is missing or has another size
   */
  load(state: LearnerState): void {
    const loaded = this.#parameters.map(({ name, values }) => stateArray(state, name, values.length));
    this.#parameters.forEach(({ name }, i) => {
      for (const copy of this.#copies) (copy[name].data as Float32Array).set(loaded[i]);
    });
  }

  #values(name: string): Float32Array {
    return this.current[name].data as Float32Array;
  }
}

function targets(copy: Tensors): Tensors {
  return Object.fromEntries(Object.entries(copy).map(([name, tensor]) => [nextName(name), tensor]));
}

function stateArray(state: LearnerState, name: string, length: number): Float32Array {
  const values = state[name];
  if (values instanceof Float32Array && values.length === length) return values;
  const received = values ? `${values.constructor.name} of ${values.length}` : undefined;
  throw new ArgumentError(`state['${name}']`, `a Float32Array of ${length} entries`, received);
}
