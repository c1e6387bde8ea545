import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** Whom files are of, without the name of the machine in them. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

const RANDOM_BYTES = 6;

/** How old a file of another machine is before nobody can be writing to it any more. */
const ABANDONED_MS = 86_400_000;

/** A name beside a file for what becomes the file when it is whole: it says which process is writing. */
export function temporaryBeside(file: string): string {
  const random = randomBytes(RANDOM_BYTES).toString('hex');
  return path.join(path.dirname(file), `.${path.basename(file)}.${HOST}-${process.pid}-${random}.tmp`);
}

const OWNER = /^([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.tmp$/;
/** As xnorlab 0.2 wrote them. */
const OWNERLESS = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/**
 * Removes what writers of a file left who were killed: files of processes of this machine that are no more, and others that are a day
 * old. A process of another container of the same name may be taken for one that is no more: who writes tries again then.
 */
export async function removeLeftBeside(file: string): Promise<void> {
  const folder = path.dirname(file);
  const beginning = `.${path.basename(file)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(beginning) || !name.endsWith('.tmp')) continue;
    const left = path.join(folder, name);
    // Somebody else may be at the same, or not let us.
    if (await isLeft(left, name.slice(beginning.length)))
      await rm(left, { force: true }).catch(() => undefined);
  }
}

async function isLeft(file: string, ending: string): Promise<boolean> {
  const [, host, pid] = OWNER.exec(ending) ?? [];
  if (host === HOST) return !isAlive(Number(pid));
  if (host === undefined && !OWNERLESS.test(ending)) return false;
  const changed = (await stat(file).catch(() => undefined))?.mtimeMs;
  return changed !== undefined && Date.now() - changed > ABANDONED_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process.
    return (error as { code?: unknown }).code === 'EPERM';
  }
}
