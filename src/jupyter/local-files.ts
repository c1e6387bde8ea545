import { statSync } from 'node:fs';
import type ts from 'typescript';

interface Watched {
  readonly callback: ts.FileWatcherCallback;
  version: string;
}

/**
 * Files of the reader's own that cells import. The compiler would hear of changes from the file system, some time
 * later; a cell that runs right after its helper was saved must not see the old text, so these files are looked at
 * before each cell instead.
 */
export class LocalFiles {
  readonly #watched = new Map<string, Watched>();

  /** Takes the place of a watcher on the file system, for local files; undefined for others. */
  watch(path: string, callback: ts.FileWatcherCallback): ts.FileWatcher | undefined {
    if (path.includes('/node_modules/') || path.endsWith('.d.ts')) return undefined;
    const watched = { callback, version: versionOf(path) };
    this.#watched.set(path, watched);
    return {
      close: () => {
        if (this.#watched.get(path) === watched) this.#watched.delete(path);
      },
    };
  }

  /** Tells the compiler of files that have changed since the last call. */
  refresh(kinds: typeof ts.FileWatcherEventKind): void {
    for (const [path, watched] of [...this.#watched]) {
      const version = versionOf(path);
      if (version === watched.version) continue;
      const kind = version === '' ? kinds.Deleted : watched.version === '' ? kinds.Created : kinds.Changed;
      watched.version = version;
      watched.callback(path, kind);
    }
  }
}

/** Changes with the file; empty when there is none. */
export function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.mtimeMs} ${found.size}`;
}
