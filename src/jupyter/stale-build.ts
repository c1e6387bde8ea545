import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { sep } from 'node:path';

interface Loaded {
  readonly modifiedMs: number;
  readonly hash: string;
}

/** Notices when files of the built package change after this process has loaded them. */
export class StaleBuild {
  readonly #loaded = new Map<string, Loaded>();
  #isReported = false;

  /** @param folders - of the built package, absolute and without links */
  constructor(readonly folders: readonly string[]) {}

  /** Takes note of files loaded since the last call. */
  remember(): void {
    for (const file of Object.keys(require.cache)) {
      if (this.#loaded.has(file) || !this.folders.some((folder) => file.startsWith(folder + sep))) continue;
      const version = read(file);
      if (version !== undefined) this.#loaded.set(file, version);
    }
  }

  /** A sentence for the reader the first time a loaded file has changed, undefined otherwise. */
  report(): string | undefined {
    if (this.#isReported || ![...this.#loaded].some(([file, loaded]) => isChanged(file, loaded)))
      return undefined;
    this.#isReported = true;
    return 'xnorlab was built again since this kernel loaded it: restart the kernel to use the new build.\n';
  }
}

function isChanged(file: string, loaded: Loaded): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.mtimeMs === loaded.modifiedMs) return false;
  return read(file)?.hash !== loaded.hash;
}

function read(file: string): Loaded | undefined {
  try {
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    return { modifiedMs: statSync(file).mtimeMs, hash };
  } catch {
    return undefined;
  }
}
