import { existsSync } from 'node:fs';
import { checkNumber } from '../../core/check.js';
import type { Checkpoint, RunIdentity, RunState } from '../../training/run-state.js';
import { readBytes } from '../data/file-access.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { decodeRun, encodeRun } from './run-checkpoint.js';

/** Where and how often a run in progress is written. */
export interface CheckpointOptions {
  readonly file: string;
  /** Least time between two writes, in [0, 86400]; at 0, every epoch is written. Default 10. */
  readonly everySeconds?: number | undefined;
}

const DEFAULT_EVERY_SECONDS = 10;
const DAY_SECONDS = 86_400;

/** The file in which one run leaves off and goes on. */
export class CheckpointFile implements Checkpoint {
  readonly #everyMs: number;
  #writtenAt = performance.now();
  /** The latest state, while the file holds an older one. */
  #unwritten: RunState | undefined;

  /** @throws ArgumentError for a time between writes that is out of range */
  constructor(
    readonly options: CheckpointOptions,
    readonly identity: RunIdentity,
  ) {
    const { everySeconds = DEFAULT_EVERY_SECONDS } = options;
    checkNumber('checkpoint.everySeconds', everySeconds, 0, DAY_SECONDS);
    this.#everyMs = 1000 * everySeconds;
  }

  get source(): string {
    return this.options.file;
  }

  /**
   * Where the run left off; undefined when there is no file.
   * @throws CheckpointError for a file that is damaged or of another run, DataError for one that cannot be read
   */
  async read(): Promise<RunState | undefined> {
    const { file } = this.options;
    return existsSync(file) ? decodeRun(await readBytes(file), this.identity, file) : undefined;
  }

  /**
   * Takes note of the state after an epoch, and writes it if that is due.
   * @throws EnvironmentError when it cannot be written; the file then holds what it held
   */
  async update(state: RunState): Promise<void> {
    this.#unwritten = state;
    if (performance.now() - this.#writtenAt >= this.#everyMs) await this.flush();
  }

  /** Writes the latest state unless that is done. @throws as `update` */
  async flush(): Promise<void> {
    if (!this.#unwritten) return;
    await writeFileAtomically(this.options.file, encodeRun(this.identity, this.#unwritten));
    this.#unwritten = undefined;
    this.#writtenAt = performance.now();
  }
}
