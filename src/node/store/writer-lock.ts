import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../../core/errors.js';
import { Database, SQLITE, sqliteCode } from './database.js';

const POLL_MS = 100;

/**
 * The exclusive right to write to a store: an open transaction on an empty database of its own. The operating system
 * takes the lock back when the process dies, however it dies; SQLite keeps apart the holders within one process.
 */
export class WriterLock {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** @returns undefined while someone else holds it */
  static tryAcquire(file: string): WriterLock | undefined {
    const database = new Database(file, 'create', 0);
    try {
      // No journal: nothing is ever written, and a killed holder leaves no file behind.
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return new WriterLock(database);
    } catch (error) {
      database.close();
      if (sqliteCode(error) === SQLITE.BUSY) return undefined;
      throw error;
    }
  }

  /** @throws InterruptedError when `signal` aborts */
  static async acquire(file: string, signal: AbortSignal | undefined): Promise<WriterLock> {
    for (;;) {
      if (signal?.aborted) throw new InterruptedError('waiting for the run store');
      const lock = WriterLock.tryAcquire(file);
      if (lock) return lock;
      await sleep(POLL_MS, undefined, signal && { signal }).catch(() => undefined);
    }
  }

  release(): void {
    this.#database.exec('ROLLBACK');
    this.#database.close();
  }
}
