import { chmod, lstat, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '../../core/errors.js';

const OTHERS_WRITE = 0o022;
const OTHERS_ANYTHING = 0o077;
const STICKY = 0o1000;

/**
 * Makes a folder that nobody else can put anything into, or makes sure that it is one: it belongs to this user, others cannot enter it, and
 * what lies above it belongs to this user or to the system and is not for others to write. (Windows, which has no such bits, is left alone.)
 * @throws EnvironmentError for a folder of somebody else, a link, or one in a place that others can write
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  const user = process.getuid?.();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (user === undefined) return;
    const own = await lstat(folder);
    if (!own.isDirectory()) throw untrusted(folder, 'is a link, or no folder');
    if (own.uid !== user) throw untrusted(folder, 'belongs to somebody else');
    if ((own.mode & OTHERS_ANYTHING) !== 0) await chmod(folder, 0o700);
    for (let above = path.dirname(path.resolve(folder)); ; above = path.dirname(above)) {
      const { uid, mode } = await lstat(above);
      if (uid !== user && uid !== 0) throw untrusted(above, 'belongs to somebody else');
      // In a sticky folder, as /tmp, nobody can rename or remove what is ours.
      if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0 && !isLink(mode)) {
        throw untrusted(above, 'can be written by others');
      }
      if (above === path.dirname(above)) return;
    }
  } catch (cause) {
    if (cause instanceof EnvironmentError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EnvironmentError(`${folder} cannot be used: ${reason}`, REMEDY, { cause });
  }
}

const REMEDY = 'Name a cache folder of your own in XDG_CACHE_HOME.';

const [FILE_TYPE, LINK] = [0o170000, 0o120000];

function isLink(mode: number): boolean {
  return (mode & FILE_TYPE) === LINK;
}

function untrusted(folder: string, why: string): EnvironmentError {
  return new EnvironmentError(`${folder} ${why}, so that nothing in it may be run`, REMEDY);
}
