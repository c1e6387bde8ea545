import { XnorlabError } from '../core/errors.js';
import { tell } from '../node/printing/terminal.js';

/**
 * Explains on stderr why a command failed: one line for what we raise on purpose, with the stack for a defect.
 * @returns the process's exit status
 */
export function reportFailure(error: unknown): number {
  if (error instanceof XnorlabError) {
    tell(`xnorlab: ${error.message}`);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tell(`xnorlab: unexpected failure, please report it\n${detail}`);
  return 1;
}
