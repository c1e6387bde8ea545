import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { cellContext } from './cell.js';
import type { CellRunner } from './cell-runner.js';
import { OutputPipe } from './output-pipe.js';
import type { StreamName } from './output-stream.js';

type Stdio = childProcess.StdioOptions | undefined;
type Entry = Exclude<childProcess.StdioOptions, string>[number];
type Call = (...args: unknown[]) => unknown;

/** Keys of process by file descriptor. */
const STREAMS: Readonly<Record<number, StreamName>> = { 1: 'stdout', 2: 'stderr' };

/**
 * Shows what child processes print that inherit this process's standard output or error, as with `stdio: 'inherit'`:
 * what they would inherit leads to Jupyter's log. They get pipes in place of it, of which the notebook prints what
 * comes. What a child has printed is there when a call that waits for it (`execSync`) comes back, and before a cell ends.
 *
 * Call it after printToNotebook.
 */
export function showChildOutput(runner: CellRunner): void {
  const print = {
    stdout: process.stdout.write.bind(process.stdout),
    stderr: process.stderr.write.bind(process.stderr),
  };
  let pipe: OutputPipe | undefined;
  /** Made when it is needed, and no part of the cell that needs it. */
  const openPipe = (): OutputPipe | undefined => {
    try {
      pipe ??= cellContext.exit(() => new OutputPipe(({ name, bytes }) => void print[name](bytes)));
    } catch (error) {
      print.stderr(`${NOT_SHOWN} (${error instanceof Error ? error.message : String(error)})\n`);
    }
    return pipe;
  };
  const redirect = (stdio: Stdio): Stdio => {
    const streams = list(stdio).map(inherited);
    const ends = streams.some((stream) => stream !== undefined) ? openPipe()?.ends : undefined;
    if (ends === undefined) return stdio;
    return list(stdio).map((entry, i) => {
      const stream = streams[i];
      return stream === undefined ? entry : ends[stream];
    });
  };
  const drain = (): void => pipe?.drain();
  redirectStarts(redirect);
  redirectWaits(redirect, drain);
  runner.beforeCellEnd.add(drain);
}

const NOT_SHOWN =
  "What this child process prints goes to Jupyter's log. To see it here, start it with stdio: 'pipe' and print it";

function list(stdio: Stdio): Entry[] {
  return typeof stdio === 'string' ? [stdio, stdio, stdio] : (stdio ?? []);
}

/** What an entry of `stdio` stands for, at its place in the list. */
function inherited(entry: Entry, place: number): StreamName | undefined {
  const descriptor = entry === 'inherit' ? place : ((entry as { fd?: unknown } | null)?.fd ?? entry);
  return typeof descriptor === 'number' ? STREAMS[descriptor] : undefined;
}

type Redirect = (stdio: Stdio) => Stdio;

/** All ways to start a child process and go on, `fork` and `exec` among them, end in one method. */
function redirectStarts(redirect: Redirect): void {
  const prototype = childProcess.ChildProcess.prototype as unknown as {
    spawn: (options: Options) => unknown;
  };
  const { spawn } = prototype;
  prototype.spawn = function (this: unknown, options: Options): unknown {
    return spawn.call(this, { ...options, stdio: redirect(options.stdio) });
  };
}

interface Options {
  readonly stdio?: Stdio;
}

function redirectWaits(redirect: Redirect, drain: () => void): void {
  const redirected =
    (call: Call): Call =>
    (...args) => {
      try {
        return call(
          ...args.map((value) => (isOptions(value) ? { ...value, stdio: redirect(value.stdio) } : value)),
        );
      } finally {
        drain();
      }
    };
  const { spawnSync, execSync, execFileSync } = childProcess as unknown as Record<string, Call>;
  Object.assign(childProcess, {
    spawnSync: redirected(spawnSync),
    execSync: redirected(execSync),
    execFileSync: redirected(execFileSync),
  });
  syncBuiltinESMExports();
}

/** Arguments of the calls that wait are text, a list, or options. */
function isOptions(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
