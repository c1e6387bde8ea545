import { execFile } from 'node:child_process';
import path from 'node:path';

/** The command line, compiled: `npm run build` comes first. */
export const CLI = path.resolve(__dirname, '..', '..', 'dist', 'cli.js');

/** What came of a command. */
export interface Outcome {
  /** Exit status; −1 when it was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line to its end. */
export function xnorlab(...args: string[]): Promise<Outcome> {
  return xnorlabIn(process.cwd(), ...args);
}

/** The same in a folder. */
export function xnorlabIn(cwd: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { cwd, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}
