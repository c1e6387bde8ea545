import { XnorlabError } from '../core/errors.js';

/**
 * Explains on stderr why a command failed: one line for what we raise on purpose, with the stack for a defect.
 * @returns the process's exit status
 */
export function reportFailure(error: unknown): number {
  if (error instanceof XnorlabError) {
    process.stderr.write(`xnorlab: ${error.message}\n`);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`xnorlab: unexpected failure, please report it\n${detail}\n`);
  return 1;
}
