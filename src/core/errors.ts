import { describeValue } from './describe-value.js';
import { printable } from './printable.js';

/**
 * Every error that xnorlab raises on purpose. `exitCode` is what the command line ends with. Its message can be shown on a terminal
 * whatever it tells of: see `printable`.
 */
export abstract class XnorlabError extends Error {
  /** Process exit status for this kind of failure: 1 failed run, 2 bad usage. */
  abstract readonly exitCode: number;

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
    this.name = new.target.name;
  }
}

/** A value handed in by the caller is wrong. Thrown before anything is changed or written. */
export class ArgumentError extends XnorlabError {
  override readonly exitCode = 2;

  /**
   * @param argument - path of the argument, in the caller's words: `robustness`, `layers[1]`
   * @param expected - what would have been right, completing "expected …": `a number in [0, 1]`
   * @param received - the value that came
   * @param path - keys that lead to it in a nested argument, so that a reader of files can point at it
   */
  constructor(
    readonly argument: string,
    readonly expected: string,
    readonly received: unknown,
    readonly path: readonly PropertyKey[] = [],
  ) {
    super(`${argument}: expected ${expected}, got ${describeValue(received)}`);
  }
}

/** A data file is missing, damaged or not what its name says. */
export class DataError extends XnorlabError {
  override readonly exitCode = 1;

  /**
   * @param source - the file, or the data set where no single file is to blame
   * @param problem - what is wrong with it and, where known, how to mend it
   */
  constructor(
    readonly source: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`${source}: ${problem}`, options);
  }
}

/** A file with a saved network or run is damaged, of another kind, or does not belong to what it is used for. */
export class CheckpointError extends DataError {}

/** Something outside the program is missing or broken: Jupyter, a browser, a writable folder. */
export class EnvironmentError extends XnorlabError {
  override readonly exitCode = 1;

  /**
   * @param problem - what was found
   * @param remedy - what the reader can do about it, an imperative sentence
   */
  constructor(
    readonly problem: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${problem}. ${remedy}`, options);
  }
}

/** The caller asked long work to stop (Ctrl-C, notebook interrupt, AbortSignal). */
export class InterruptedError extends XnorlabError {
  override readonly exitCode = 130;

  /**
   * @param work - what was interrupted
   * @param remains - what is left of it, and how to go on
   */
  constructor(work: string, remains?: string) {
    super(`${work} was interrupted${remains === undefined ? '' : `; ${remains}`}`);
  }
}
