import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InterruptedError } from '../../src/core/errors.js';
import { type CellProgress, type ExecuteResult, executeNotebook } from '../../src/jupyter/execute.js';
import { NotebookError } from '../../src/jupyter/notebook-error.js';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { type CellText, pauseUntil, readOutputs, temporaryFolder, writeNotebook } from './notebooks.js';

describe('executeNotebook', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let output: string;
  beforeAll(() => {
    folder = temporaryFolder();
    output = join(folder.path, 'out', 'executed.ipynb');
  });
  afterAll(() => folder.remove());

  async function run(cells: CellText[], options: object = {}): Promise<ExecuteResult> {
    const notebook = join(folder.path, 'notebook.ipynb');
    writeNotebook(notebook, cells);
    return executeNotebook({ notebook, output, ...options });
  }

  async function failure(cells: CellText[], options: object = {}): Promise<NotebookError> {
    const error = await run(cells, options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(NotebookError);
    return error as NotebookError;
  }

  it('executes every cell in the notebook folder, reports progress and writes the outputs', async () => {
    const seen: CellProgress[] = [];
    const environment = { XNORLAB_TEST: 'passed on' };
    const result = await run(['console.log(process.cwd())', '', 'process.env.XNORLAB_TEST'], {
      onCell: (progress: CellProgress) => seen.push(progress),
      environment,
    });
    expect(result.cells).toBe(2);
    expect(seen.map(({ cell, total, state }) => `${state} ${cell}/${total}`)).toEqual([
      'start 1/2',
      'done 1/2',
      'start 2/2',
      'done 2/2',
    ]);
    const [first, , third] = readOutputs(output);
    expect(first?.[0]?.text?.join('')).toContain('xnorlab-jupyter-');
    expect(third?.[0]?.data).toEqual({ 'text/plain': ["'passed on'"] });
  });

  it('stops at the failed cell and says where and why; the outputs up to there are kept', async () => {
    const error = await failure(['console.log(1)', 'const two: number = "2";', 'console.log(3)']);
    expect(error.failed).toMatchObject({
      cell: 2,
      ename: 'TypeScriptError',
      source: 'const two: number = "2";',
    });
    expect(error.message).toContain("code cell 2: TypeScriptError: 1:7 - Type 'string' is not assignable");
    expect(readOutputs(output).map((outputs) => outputs.map((o) => o.output_type))).toEqual([
      ['stream'],
      ['error'],
      [],
    ]);
  });

  it('fails for an error that comes after the last cell', async () => {
    const error = await failure([
      'setTimeout(() => { throw new RangeError("afterwards"); }, 600); undefined',
    ]);
    expect(error.failed).toMatchObject({ cell: 1, ename: 'RangeError' });
    expect(error.failed.evalue).toContain('afterwards');
    expect(readOutputs(output)[0]?.[0]).toMatchObject({ output_type: 'error', ename: 'RangeError' });
  });

  it('goes on after a cell that may fail', async () => {
    const may = { source: 'throw new Error("expected")', tags: ['raises-exception'] };
    await run(['1', may, 'console.log("went on")']);
    expect(readOutputs(output).at(-1)?.[0]?.text).toEqual(['went on\n']);
  });

  it('fails when a cell takes too long, and when the kernel dies', async () => {
    const slow = await failure(['await new Promise(() => {});'], { timeoutSeconds: 2 });
    expect(slow.failed).toMatchObject({
      cell: 1,
      ename: 'Timeout',
      evalue: 'the cell took longer than its limit of 2 s',
    });
    expect((await failure(['process.exit(3)'])).failed).toMatchObject({ cell: 1, ename: 'KernelDied' });
  });

  it('ends a cell that asks for input', async () => {
    const asks = 'await require("node:readline/promises").createInterface(process.stdin).question("name? ");';
    expect((await failure([asks])).failed).toMatchObject({ cell: 1, ename: 'NoInputError' });
  });

  it.each([0, -1, Number.NaN])('refuses a limit of %s seconds', async (timeoutSeconds) => {
    await expect(run(['1'], { timeoutSeconds })).rejects.toThrow('timeoutSeconds: expected a number above 0');
  });

  it('stops when told to and leaves no kernel behind', async () => {
    const pidFile = join(folder.path, 'pid');
    const controller = new AbortController();
    const running = run([tellPid(pidFile), 'for (;;);'], { signal: controller.signal });
    const stopped = expect(running).rejects.toThrow(InterruptedError);
    const pid = await toldPid(pidFile);
    controller.abort();
    await stopped;
    await pauseUntil(() => !isAlive(pid));
  });

  it('leaves no kernel behind when the process is killed that asked for the run', async () => {
    const pidFile = join(folder.path, 'pid-of-killed');
    const notebook = join(folder.path, 'killed.ipynb');
    writeNotebook(notebook, [tellPid(pidFile), 'await new Promise(() => {});']);
    const built = JSON.stringify(join(PACKAGE_ROOT, 'dist', 'jupyter', 'execute.js'));
    const script = `require(${built}).executeNotebook(${JSON.stringify({ notebook, output })})`;
    const asker = spawn(process.execPath, ['-e', script]);
    const pid = await toldPid(pidFile);
    expect(isAlive(pid)).toBe(true);
    asker.kill('SIGKILL');
    await pauseUntil(() => !isAlive(pid));
  });
});

/** A cell that writes the kernel's process id to a file. */
function tellPid(file: string): string {
  return `require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid));`;
}

/** The process id, once it is there. */
async function toldPid(file: string): Promise<number> {
  await pauseUntil(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
  return Number(readFileSync(file, 'utf8'));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
