import { closeSync, fsyncSync, openSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '../../core/errors.js';
import { removeLeftBeside, temporaryBeside } from './temporary-file.js';

/** A temporary file of ours is gone when somebody has taken us for dead; it is written again so often. */
const ATTEMPTS = 3;

/**
 * Writes a file whole or not at all: a reader sees the old contents or the new ones, also after a crash, and the new ones for good
 * when this returns. Folders on the way are made. What earlier writers of the same file left that were killed is removed.
 * @throws EnvironmentError when it cannot be written; the old file, if any, is untouched
 */
export async function writeFileAtomically(file: string, contents: string | Uint8Array): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const temporary = temporaryBeside(file);
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await removeLeftBeside(file);
      await writeSynced(await open(temporary, 'wx'), contents);
      await rename(temporary, file);
      syncFolder(path.dirname(file));
      return;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      const isGone = (error as { code?: unknown }).code === 'ENOENT' && attempt < ATTEMPTS;
      if (!isGone) throw cannotWrite(file, error);
    }
  }
}

/**
 * Makes sure that `file` can be written later, before long work begins whose result would be lost.
 * Leaves nothing behind but the folders on the way.
 * @throws EnvironmentError when it cannot
 */
export async function checkWritable(file: string): Promise<void> {
  await (await reserveFile(file, PROBE_BYTES)).release();
}

/** Room for a file that is written later. */
export interface ReservedFile {
  /**
   * Writes the file as `writeFileAtomically` does, into the room that was reserved as far as that goes.
   * @throws EnvironmentError when it cannot be written, such as more than was reserved onto a full disk
   */
  write(contents: string | Uint8Array): Promise<void>;
  /** Gives the room back, if nothing was written. Calling it again does nothing. */
  release(): Promise<void>;
}

/**
 * Takes the room that a file will need, before long work begins whose result would be lost. Folders on the way are made.
 * @param bytes - about as many as it will have
 * @throws EnvironmentError when there is not so much, or it cannot be written there
 */
export async function reserveFile(file: string, bytes: number): Promise<ReservedFile> {
  const temporary = temporaryBeside(file);
  let handle: FileHandle | undefined;
  const release = async (): Promise<void> => {
    await handle?.close().catch(() => undefined);
    handle = undefined;
    await rm(temporary, { force: true }).catch(() => undefined);
  };
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await removeLeftBeside(file);
    handle = await open(temporary, 'wx');
    for (let left = bytes; left > 0; left -= FILLING.length) {
      await handle.writeFile(FILLING.subarray(0, Math.min(left, FILLING.length)));
    }
    await handle.sync();
  } catch (error) {
    await release();
    throw cannotWrite(file, error);
  }
  return {
    write: async (contents) => {
      if (!handle) return writeFileAtomically(file, contents);
      try {
        const bytesOf = typeof contents === 'string' ? Buffer.from(contents) : contents;
        for (let at = 0; at < bytesOf.length; ) {
          at += (await handle.write(bytesOf, at, bytesOf.length - at, at)).bytesWritten;
        }
        await handle.truncate(bytesOf.length);
        await handle.sync();
        await handle.close();
        handle = undefined;
        await rename(temporary, file);
        syncFolder(path.dirname(file));
      } catch (error) {
        await release();
        throw cannotWrite(file, error);
      }
    },
    release,
  };
}

async function writeSynced(handle: FileHandle, contents: string | Uint8Array): Promise<void> {
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes what was renamed or made in a folder outlive a loss of power. Where folders cannot be synced, as on Windows, nothing is
 * done: the file system sees to it, or nobody can.
 */
export function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {}
}

/** One block: an empty file would also fit on a full disk. */
const PROBE_BYTES = 4096;

/** Not zeros, of which file systems may keep that they are zeros. */
const FILLING = new Uint8Array(65_536).fill(0xa5);

function cannotWrite(file: string, cause: unknown): EnvironmentError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EnvironmentError(
    `cannot write ${file}: ${reason}`,
    'Choose another place, or make room and give yourself the right to write there.',
    { cause },
  );
}
