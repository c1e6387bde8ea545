import { InterruptedError } from '../../core/errors.js';

/** Lets so many pieces of work go on at the same time; others wait their turn, in order. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count - at least 1 */
  constructor(count: number) {
    this.#free = count;
  }

  /** Whether work that came now would have to wait. */
  get areTaken(): boolean {
    return this.#free === 0;
  }

  /**
   * Does `work` when a slot is free.
   * @param name - what the work is called in the error
   * @throws InterruptedError when `signal` aborts before `work` begins
   */
  async use<Result>(name: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    if (signal.aborted) throw new InterruptedError(name);
    if (this.#free > 0) this.#free--;
    else await this.#turn(name, signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  #turn(name: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(new InterruptedError(name));
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(begin);
    });
  }
}
