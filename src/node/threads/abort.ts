import { InterruptedError } from '../../core/errors.js';

/**
 * What `promise` comes to, unless `signal` aborts first; `promise` itself goes on.
 * @param name - what is waited for, as the error calls it
 * @throws InterruptedError
 */
export function unlessAborted<Result>(
  name: string,
  signal: AbortSignal,
  promise: Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new InterruptedError(name));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
