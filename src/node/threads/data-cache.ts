import type { TrainConfig } from '../../training/config.js';
import { preparedDataKey } from '../../training/prepared-data.js';
import type { SharedData } from './shared-data.js';

interface Entry {
  readonly data: Promise<SharedData>;
  /** Runs that need it. */
  users: number;
  /** 0 until it is there. */
  sizeBytes: number;
}

/**
 * Prepared data by its key: prepared once, however many runs need it at the same time, and freed when none does.
 * Up to `idleBytes` of what was used last are kept all the same, for runs that come one after another.
 */
export class DataCache {
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();

  /** @param prepare - called for a key that is not there; when it fails, the next use of the key tries again */
  constructor(
    private readonly prepare: (config: TrainConfig) => Promise<SharedData>,
    private readonly idleBytes: number,
  ) {}

  /** Does `work` with the data of a configuration, which stays until `work` has ended. */
  async use<Result>(
    config: TrainConfig,
    work: (data: Promise<SharedData>) => Promise<Result>,
  ): Promise<Result> {
    const key = preparedDataKey(config);
    const entry = this.#entries.get(key) ?? this.#begin(key, config);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users++;
    try {
      return await work(entry.data);
    } finally {
      entry.users--;
      this.#freeIdle();
    }
  }

  #begin(key: string, config: TrainConfig): Entry {
    const entry: Entry = { data: this.prepare(config), users: 0, sizeBytes: 0 };
    entry.data.then(
      ({ sizeBytes }) => {
        entry.sizeBytes = sizeBytes;
        this.#freeIdle();
      },
      () => this.#entries.delete(key),
    );
    return entry;
  }

  /** Frees unused data, the least recently used first, until no more than `idleBytes` of it are left. */
  #freeIdle(): void {
    const idle = [...this.#entries].filter(([, { users }]) => users === 0);
    let surplus = idle.reduce((sum, [, { sizeBytes }]) => sum + sizeBytes, -this.idleBytes);
    for (const [key, { sizeBytes }] of idle) {
      if (surplus <= 0) return;
      this.#entries.delete(key);
      surplus -= sizeBytes;
    }
  }
}
