import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, type Outcome, printed } from './kernel-client.js';
import { pauseUntil, temporaryFolder } from './notebooks.js';

/** Name and text of a failed cell, which must be the same in the reply and in the output. */
function failure(outcome: Outcome): [unknown, unknown] {
  const error = outcome.outputs.find(({ type }) => type === 'error')?.content;
  expect(outcome.status).toBe('error');
  expect(error).toMatchObject({ ename: outcome.reply.ename, evalue: outcome.reply.evalue });
  expect(outcome.reply.traceback).toEqual(error?.traceback);
  return [outcome.reply.ename, outcome.reply.evalue];
}

describe('a cell that fails', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  it('for a type error shows the message and the line', async () => {
    const outcome = await kernel.execute('const a = 1;\nconst b: number = "two";');
    const message = "2:7 - Type 'string' is not assignable to type 'number'.";
    expect(failure(outcome)).toEqual(['TypeScriptError', message]);
    expect((outcome.reply.traceback as string[]).join('\n')).toContain('const b: number = "two";\n        ^');
  });

  it('for a throw shows name, text and the user code, not the kernel, in the traceback', async () => {
    const outcome = await kernel.execute('function f() { throw new RangeError("too far"); }\nf();');
    expect(failure(outcome)).toEqual(['RangeError', 'too far']);
    const traceback = (outcome.reply.traceback as string[]).join('\n');
    expect(traceback).toContain('at f (cell[');
    expect(traceback).not.toMatch(/node_modules|node:/);
  });

  it('for an awaited rejection with a cause shows both', async () => {
    const outcome = await kernel.execute(
      'await Promise.reject(new Error("outer", { cause: new TypeError("inner") }));',
    );
    expect(failure(outcome)).toEqual(['Error', 'outer']);
    expect((outcome.reply.traceback as string[]).join('\n')).toContain('TypeError: inner');
  });

  it('for a thrown value that is no error shows the value', async () => {
    expect(failure(await kernel.execute('throw { code: 7 };'))).toEqual(['Thrown', '{ code: 7 }']);
  });

  it('fails for a rejection that nothing awaits', async () => {
    const outcome = await kernel.execute('void Promise.reject(new Error("floating"));');
    expect(failure(outcome)).toEqual(['Error', 'floating']);
  });

  it('fails at once for a throw in a timer, even if it waits for something that never comes', async () => {
    const outcome = await kernel.execute(
      'await new Promise(() => setTimeout(() => { throw new Error("in a timer"); }, 20));',
    );
    expect(failure(outcome)).toEqual(['Error', 'in a timer']);
  });

  it('passes an error that comes after its end on to the next cell, which does not run', async () => {
    const [ended, thrown] = ['ended', 'thrown'].map((name) => join(folder.path, name));
    await kernel.execute(`
      const { existsSync, writeFileSync } = require('node:fs');
      const waiting = setInterval(() => {
        if (!existsSync(${JSON.stringify(ended)})) return;
        clearInterval(waiting);
        writeFileSync(${JSON.stringify(thrown)}, '');
        throw new Error('late');
      }, 10);
    `);
    writeFileSync(ended, '');
    await pauseUntil(() => existsSync(thrown));
    const next = await kernel.execute('console.log("ran")');
    expect(failure(next)).toEqual([
      'Error',
      expect.stringMatching(/^late \(raised after cell \[\d+\] had ended\)$/),
    ]);
    expect(printed(next)).toBe('');
    expect((await kernel.execute('console.log("ran")')).status).toBe('ok');
  });

  it('keeps the names of earlier cells', async () => {
    await kernel.execute('let kept = 5; const f2 = () => kept;');
    failure(await kernel.execute('kept = 6; throw new Error("now");'));
    expect(printed(await kernel.execute('console.log(kept, typeof f2)'))).toBe('6 function\n');
  });
});

describe('run all', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
  });
  afterAll(() => kernel.stop());

  const cells = ['console.log(1)', 'throw new Error("stop here")', 'console.log(3)', 'console.log(4)'];

  it('stops at the failed cell and answers the rest as aborted', async () => {
    const outcomes = await Promise.all(cells.map((code) => kernel.execute(code)));
    expect(outcomes.map(({ status }) => status)).toEqual(['ok', 'error', 'aborted', 'aborted']);
    expect(outcomes.slice(2).flatMap(({ outputs }) => outputs)).toEqual([]);
    expect((await kernel.execute('console.log("again")')).status).toBe('ok');
  });

  it('goes on after a failure that the notebook allows', async () => {
    const outcomes = await Promise.all(
      cells.map((code, i) => kernel.execute(code, { stopOnError: i !== 1 })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['ok', 'error', 'ok', 'ok']);
    expect(printed(outcomes[3] as Outcome)).toBe('4\n');
  });

  it('runs a cell that is sent right after the failure was known', async () => {
    failure(await kernel.execute('throw new Error("first")'));
    expect((await kernel.execute('1')).status).toBe('ok');
  });
});

describe('top-level await', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
  });
  afterAll(() => kernel.stop());

  it.each([
    ['await Promise.resolve(7)', '7'],
    ['await (Promise.resolve(8))', '8'],
    ['const list = []; for await (const x of [1, 2]) list.push(x); list', '[ 1, 2 ]'],
  ])('%s', async (code, text) => {
    const { outputs } = await kernel.execute(code);
    expect(outputs.map(({ content }) => content.data)).toEqual([{ 'text/plain': text }]);
  });
});
