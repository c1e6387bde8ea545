import Module from 'node:module';

/** Work that should not be cut off in the middle is given this long to end. */
const LIMIT_MS = 3000;

let sinceMs: number | undefined;

/** Runs work that an interrupt lets finish, unless it takes too long. */
export function uninterruptible<R>(work: () => R): R {
  if (sinceMs !== undefined) return work();
  sinceMs = performance.now();
  try {
    return work();
  } finally {
    sinceMs = undefined;
  }
}

/** Whether such work is going on now, and may go on. */
export function isUninterruptible(): boolean {
  return sinceMs !== undefined && performance.now() < sinceMs + LIMIT_MS;
}

/** After a cut-off no such work is left, though it could not say so; a module that was being loaded is forgotten. */
export function endUninterruptible(): void {
  if (sinceMs === undefined) return;
  sinceMs = undefined;
  for (const [file, loaded] of Object.entries(require.cache))
    if (loaded?.loaded === false) delete require.cache[file];
}

/** Loading a module is such work: cut off in the middle, it would stay broken for the rest of the session. */
export function protectModuleLoading(): void {
  const loader = Module as unknown as { _load(...request: unknown[]): unknown };
  const load = loader._load;
  loader._load = (...request) => uninterruptible(() => load.apply(loader, request));
}
