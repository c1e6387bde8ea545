/**
 * Hands `work` a signal that aborts with `signal` or when the process gets SIGINT (Ctrl-C, a notebook's interrupt); the
 * process itself goes on.
 */
export async function stoppable<Result>(
  signal: AbortSignal | undefined,
  work: (controller: AbortController) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  process.on('SIGINT', abort);
  try {
    return await work(controller);
  } finally {
    process.off('SIGINT', abort);
    signal?.removeEventListener('abort', abort);
  }
}
