import { cellContext } from './cell.js';
import { Interrupted } from './cell-errors.js';

/** The names that all cells share. */
export class Scope {
  readonly #variables = new Map<string, Variable>();

  /** The place of a name, the same one for ever. */
  variable(name: string): Variable {
    let variable = this.#variables.get(name);
    if (variable === undefined) {
      variable = new Variable(name);
      this.#variables.set(name, variable);
    }
    return variable;
  }

  /** Whether a cell has got as far as declaring this name. */
  has(name: string): boolean {
    return this.#variables.get(name)?.hasValue === true;
  }
}

/**
 * The place of one variable. Each is an object of its own with a plain property, which V8 reads and writes as fast as a
 * local variable; a variable without a value yet lacks the property, and what its prototype has instead fails.
 */
export class Variable {
  /** Whether the running cell has come to its declaration. */
  isReached = false;
  hasValue = false;
  #isPlain = false;

  constructor(readonly name: string) {}

  get value(): unknown {
    throw new ReferenceError(`Cannot access '${this.name}' before initialization`);
  }

  set value(value: unknown) {
    this.#initialise(value);
  }

  /**
   * The value that a declaration gives.
   *
   * @throws Interrupted in a cell that was stopped: the name may be another cell's by now
   */
  set declared(value: unknown) {
    if (cellContext.getStore()?.state === 'stopped') throw new Interrupted();
    this.isReached = true;
    if (this.#isPlain) this.value = value;
    else this.#initialise(value);
  }

  /** Gives a `var` a value from the start of its cell on: the one it had before, or undefined. */
  hoist(): void {
    if (!this.hasValue) this.#initialise(undefined);
  }

  /** Declares an import, which follows the module. Assigned to in a later cell it becomes a variable like others. */
  link(get: () => unknown): void {
    this.isReached = true;
    this.hasValue = true;
    this.#isPlain = false;
    const set = (value: unknown): void => this.#initialise(value);
    Object.defineProperty(this, 'value', { get, set, enumerable: true, configurable: true });
  }

  #initialise(value: unknown): void {
    this.hasValue = true;
    this.#isPlain = true;
    Object.defineProperty(this, 'value', { value, writable: true, enumerable: true, configurable: true });
  }
}
