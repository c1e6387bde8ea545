import { stat } from 'node:fs/promises';

/** What can be seen of a file without reading it. Whole numbers as text: they pass 2^53. */
export interface FileLook {
  readonly path: string;
  /** Absent where no file is. */
  readonly state?: {
    readonly size: string;
    readonly modifiedNs: string;
    /** When its contents, name or rights last changed: unlike the time above, no program can set it. */
    readonly changedNs: string;
    readonly inode: string;
    readonly device: string;
  };
}

/** A file that changed so shortly before may change again without a new time: clocks of file systems tick. */
const SETTLED_AFTER_MS = 3000;

/** Looks at files, in their order. @throws for a path that cannot be looked at, unless because nothing is there */
export async function lookAt(paths: readonly string[]): Promise<FileLook[]> {
  return Promise.all(
    paths.map(async (path) => {
      try {
        const { size, mtimeNs, ctimeNs, ino, dev } = await stat(path, { bigint: true });
        const [modifiedNs, changedNs] = [String(mtimeNs), String(ctimeNs)];
        return {
          path,
          state: { size: String(size), modifiedNs, changedNs, inode: String(ino), device: String(dev) },
        };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return { path };
        throw error;
      }
    }),
  );
}

/** Whether two looks saw the same files in the same state. */
export function isSameLook(one: readonly FileLook[], other: readonly FileLook[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether no file changed within a time before `atMs` in which a further change might not be seen, or after it. */
export function isSettled(looks: readonly FileLook[], atMs: number): boolean {
  const limit = BigInt(Math.floor(atMs - SETTLED_AFTER_MS)) * 1_000_000n;
  return looks.every(
    ({ state }) => !state || (BigInt(state.modifiedNs) < limit && BigInt(state.changedNs) < limit),
  );
}

/** Bytes of all files. */
export function totalBytes(looks: readonly FileLook[]): number {
  return looks.reduce((sum, { state }) => sum + Number(state?.size ?? 0), 0);
}
