import { closeSync, copyFileSync, fsyncSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError } from '../../core/errors.js';
import { isRunKey } from '../../records/run-key.js';

/** The files in the folder of a store. */
export const DATABASE = 'store.sqlite';
export const LOCK = 'writer.lock';
export const CHECKPOINT = '.checkpoint';

/** Where states of runs in progress are. */
export function checkpointFolder(folder: string): string {
  return path.join(folder, 'checkpoints');
}

/** @throws ArgumentError for a text that is no key */
export function checkpointPath(folder: string, key: string): string {
  if (!isRunKey(key)) throw new ArgumentError('key', 'a key made by runKey', key);
  return path.join(checkpointFolder(folder), `${key}${CHECKPOINT}`);
}

/** A copy that outlives a loss of power once its folder is synced, too. */
export function copyDurably(from: string, to: string): void {
  copyFileSync(from, to);
  const handle = openSync(to, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Removes a database with the files that SQLite keeps beside it. */
export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}
