import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { BinarizerConfig } from '../../data/binarize.js';
import type { Dataset } from '../../data/dataset.js';
import type { Protocol } from '../../data/protocol.js';
import type { SequenceView } from '../../data/windows.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { cachePath } from '../files/folders.js';
import { type FileLook, isSameLook } from './file-look.js';
import { decodePackedSet, encodePackedSet, type PackedSet, readPackedHeader } from './packed-set.js';

/** What is kept of these versions is of no use to others: raise it when a binarizer, a reader or a format below gives other bytes. */
const VERSION = 1;

/** A packed set above this is not kept; above this in all, what was not used for longest goes. */
const LARGEST_BYTES = 2 ** 30;
const MOST_BYTES = 2 ** 32;

/** Half-written files of this age belong to nobody any more. */
const LITTER_AFTER_MS = 3_600_000;

/** Environment variable; `off` for reading everything anew and keeping nothing. */
const VARIABLE = 'XNORLAB_CACHE';

/** What is known of a data set whose files were read before: all that its contents do not decide. */
export interface KeptSource extends Pick<Dataset, 'name' | 'classes' | 'shape' | 'featureNames' | 'sha256'> {}

const sourceSchema = z.object({
  looks: z.array(z.looseObject({ path: z.string() })),
  source: z.looseObject({ name: z.string(), sha256: z.string() }),
});

/** One line of `xnorlab data --cache`. */
export interface CacheEntry {
  readonly file: string;
  /** The data set that it was made of first; undefined for a file that says nothing of itself. */
  readonly dataset: string | undefined;
  readonly sizeBytes: number;
  readonly lastUsed: Date;
}

/**
 * Packed data sets in a folder, by what decides them: the SHA-256 of the contents, the binarizer, and the version of the format. Beside
 * them, what was seen of files when they were read, so that files which look the same need not be read again.
 *
 * Files are written whole or not at all, and checked when they are read: any number of processes may use the folder. What is damaged
 * counts as absent, with a warning. What cannot be written is not kept.
 */
export class PreparedCache {
  constructor(readonly folder: string) {}

  /** The one of this user; undefined where it is turned off, or its folder is another's or can be written by others. */
  static async ofUser(): Promise<PreparedCache | undefined> {
    if (process.env[VARIABLE] === 'off') return undefined;
    const folder = cachePath('prepared');
    return (await isOwn(folder)) ? new PreparedCache(folder) : undefined;
  }

  /**
   * What is known of files that look as they did when they were read.
   * @param reading - how they are read, if not as any: the label column and the like
   */
  async source(
    name: string,
    reading: string | undefined,
    looks: readonly FileLook[],
  ): Promise<KeptSource | undefined> {
    const file = this.#sourceFile(name, reading, looks);
    return this.#read(file, (bytes) => {
      const [checksum, text] = bytes.toString().split('\n');
      if (text === undefined || checksum !== hashOf(text)) throw new Error('its checksum is wrong');
      const kept = JSON.parse(text);
      sourceSchema.parse(kept);
      return isSameLook(kept.looks, looks) ? kept.source : undefined;
    });
  }

  async keepSource(
    dataset: KeptSource,
    reading: string | undefined,
    looks: readonly FileLook[],
  ): Promise<void> {
    const { name, classes, shape, featureNames, sha256 } = dataset;
    const source = { name, classes, shape, ...(featureNames && { featureNames }), sha256 };
    const text = JSON.stringify({ looks, source });
    const contents = `${hashOf(text)}\n${text}`;
    await this.#write(this.#sourceFile(name, reading, looks), contents);
  }

  async packed(key: string): Promise<PackedSet | undefined> {
    const file = this.#packedFile(key);
    const found = await this.#read(file, (bytes) => decodePackedSet(key, bytes));
    const now = new Date();
    if (found) await utimes(file, now, now).catch(() => undefined); // used last
    return found;
  }

  async keepPacked(key: string, set: PackedSet): Promise<void> {
    const bytes = encodePackedSet(key, set);
    if (bytes.length > LARGEST_BYTES) return;
    await this.#write(this.#packedFile(key), bytes);
    await this.#tidy();
  }

  /** Packed sets, the one used last first. */
  async entries(): Promise<CacheEntry[]> {
    const files = (await filesIn(this.folder)).filter((file) => file.endsWith('.packed'));
    const entries = await Promise.all(
      files.map(async (file) => {
        const { size, mtime } = await stat(file);
        return { file, dataset: await datasetOf(file), sizeBytes: size, lastUsed: mtime };
      }),
    );
    return entries.sort((a, b) => b.lastUsed.getTime() - a.lastUsed.getTime());
  }

  /** Removes all of it. */
  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #packedFile(key: string): string {
    return path.join(this.folder, `${hashOf(key)}.packed`);
  }

  #sourceFile(name: string, reading: string | undefined, looks: readonly FileLook[]): string {
    const paths = looks.map((look) => look.path);
    return path.join(this.folder, `${hashOf(JSON.stringify([VERSION, name, reading, paths]))}.source`);
  }

  async #read<Kept>(file: string, decode: (bytes: Buffer) => Kept | undefined): Promise<Kept | undefined> {
    try {
      return decode(await readFile(file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      const reason =
        error instanceof z.ZodError
          ? 'its contents are no longer what was written'
          : (error as Error).message;
      process.emitWarning(`${file} is damaged (${reason}): it is made anew`, 'XnorlabCache');
      return undefined;
    }
  }

  async #write(file: string, contents: string | Uint8Array): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFileAtomically(file, contents);
    } catch {
      // Without a place for it nothing is kept.
    }
  }

  async #tidy(): Promise<void> {
    let total = 0;
    for (const { file, sizeBytes } of await this.entries().catch(() => [])) {
      total += sizeBytes;
      if (total > MOST_BYTES) await rm(file, { force: true }).catch(() => undefined);
    }
    for (const file of await filesIn(this.folder)) {
      if (!file.endsWith('.tmp')) continue;
      const age = Date.now() - (await stat(file).then(({ mtimeMs }) => mtimeMs, Date.now));
      if (age > LITTER_AFTER_MS) await rm(file, { force: true }).catch(() => undefined);
    }
  }
}

/**
 * What decides a packed set.
 * @param more - the protocol and the seed that it divides by, and how sequences are shown, if there is anything to be said of these
 */
export function packedKey(
  sha256: string,
  limitTrain: number | undefined,
  binarizer: BinarizerConfig,
  more: {
    readonly division?: { readonly protocol: Protocol; readonly seed: number };
    readonly view?: SequenceView & { readonly levels?: number | undefined };
  } = {},
): string {
  const { division, view } = more;
  return JSON.stringify([
    ...[VERSION, sha256, limitTrain ?? null, Object.entries(binarizer).sort()],
    ...(division ? [Object.entries(division.protocol).sort(), division.seed] : []),
    ...(view ? [{ steps: view.steps, window: view.window, levels: view.levels }] : []),
  ]);
}

async function isOwn(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  const user = process.getuid?.();
  if (!found || user === undefined) return true;
  return found.uid === user && (found.mode & 0o022) === 0;
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).map((name) => path.join(folder, name));
}

/** Of the beginning of a file: its header comes first. */
async function datasetOf(file: string): Promise<string | undefined> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: new Uint8Array(2 ** 16) });
    return readPackedHeader(buffer.subarray(0, bytesRead)).description.name;
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
