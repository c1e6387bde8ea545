/** One execute request waiting for its turn. */
export interface ExecuteJob {
  /** Whether a failure cancels the requests that were sent before the failure was known. */
  readonly stopOnError: boolean;
  /** Runs the cell; true when it succeeded. Must not throw. */
  run(): Promise<boolean>;
  /** Answers the request after `run`. */
  reply(): void;
  /** Answers the request in place of `run` and `reply`. */
  abort(): void;
}

/** Requests of a "Run all" that are still in the socket when a cell fails need this long to be read. */
const GATHER_MS = 50;

const { setTimeout } = globalThis;

/** Executes requests one at a time, in order, and cancels what follows a failure. */
export class RequestQueue {
  #waiting: ExecuteJob[] = [];
  #isWorking = false;

  add(job: ExecuteJob): void {
    this.#waiting.push(job);
    if (!this.#isWorking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      const hasSucceeded = await job.run();
      const cancelled = hasSucceeded || !job.stopOnError ? [] : await this.#gather();
      job.reply();
      for (const other of cancelled) other.abort();
    }
    this.#isWorking = false;
  }

  async #gather(): Promise<ExecuteJob[]> {
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
