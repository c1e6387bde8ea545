import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '../../core/errors.js';

/**
 * Writes a file whole or not at all: a reader sees the old contents or the new ones, also after a crash.
 * Folders on the way are made.
 * @throws EnvironmentError when it cannot be written; the old file, if any, is untouched
 */
export async function writeFileAtomically(file: string, contents: string | Uint8Array): Promise<void> {
  const temporary = temporaryBeside(file);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(contents);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cannotWrite(file, error);
  }
}

/**
 * Makes sure that `file` can be written later, before long work begins whose result would be lost.
 * Leaves nothing behind but the folders on the way.
 * @throws EnvironmentError when it cannot
 */
export async function checkWritable(file: string): Promise<void> {
  const temporary = temporaryBeside(file);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(PROBE);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw cannotWrite(file, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
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
const PROBE = new Uint8Array(4096);

function temporaryBeside(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.tmp`);
}

function cannotWrite(file: string, cause: unknown): EnvironmentError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EnvironmentError(
    `cannot write ${file}: ${reason}`,
    'Choose another place, or make room and give yourself the right to write there.',
    { cause },
  );
}
