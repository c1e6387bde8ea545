import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, type Outcome, pause, printed, shown } from './kernel-client.js';
import { pauseUntil, temporaryFolder } from './notebooks.js';

describe('an interrupt', () => {
  const folder = temporaryFolder();
  let cells = 0;
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
    await kernel.execute(
      'let kept = 42; const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));',
    );
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  /** Starts a cell, and waits until it calls `running()`. */
  async function started(
    client: KernelClient,
    code: string,
  ): Promise<{ readonly outcome: Promise<Outcome> }> {
    const file = join(folder.path, `cell-${cells++}`);
    const tell = `require('node:fs').writeFileSync(${JSON.stringify(file)}, '')`;
    const outcome = client.execute(code.replaceAll('running()', tell));
    await pauseUntil(() => existsSync(file));
    return { outcome };
  }

  /** Interrupts the cell when it calls `running()`, and checks that the kernel is usable and remembers. */
  async function interrupted(code: string): Promise<Outcome> {
    const cell = await started(kernel, code);
    const start = performance.now();
    await kernel.interrupt();
    const outcome = await cell.outcome;
    const next = await kernel.execute('kept');
    process.stderr.write(`usable ${(performance.now() - start).toFixed(0)} ms after the interrupt\n`);
    expect(shown(next)).toEqual([{ 'text/plain': '42' }]);
    expect(outcome.status).toBe('error');
    return outcome;
  }

  async function expectInterrupted(code: string): Promise<Outcome> {
    const outcome = await interrupted(code);
    expect(outcome.reply).toMatchObject({ ename: 'Interrupted', evalue: 'The cell was interrupted' });
    return outcome;
  }

  it.each([
    ['a synchronous loop', 'running(); for (;;);'],
    ['an await of nothing', 'running(); await new Promise(() => {});'],
  ])('stops %s', async (_name, code) => {
    await expectInterrupted(code);
  });

  it.each([
    [
      'a wait that blocks the thread',
      'running(); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
    ],
    ['synchronous code after an await', 'await sleep(100); running(); for (;;);'],
    [
      'synchronous code in a timer',
      'setTimeout(() => { running(); for (;;); }, 10); await new Promise(() => {});',
    ],
    [
      'synchronous code in an immediate',
      'setImmediate(() => { running(); for (;;); }); await new Promise(() => {});',
    ],
    [
      'synchronous code in an awaited function',
      'async function f() { await sleep(50); running(); for (;;); } await f();',
    ],
    ['try and finally', 'try { running(); for (;;); } finally { for (;;); }'],
    ['a loop of awaits that never lets the event loop run', 'running(); for (;;) await null;'],
    [
      'synchronous code in a microtask that nothing awaits',
      'void Promise.resolve().then(() => { running(); for (;;); });',
    ],
    [
      'ticks without end',
      'const tick = () => process.nextTick(tick); running(); tick(); await new Promise(() => {});',
    ],
    [
      'callbacks in callbacks',
      'running(); [1].forEach(() => [2].map(() => [4, 5].sort(() => { for (;;); })));',
    ],
    [
      'native code that calls back',
      'running(); for (;;) JSON.stringify(Array.from({ length: 1e5 }, (_, i) => ({ i })));',
    ],
    ['code that catches everything', 'running(); for (;;) { try { for (;;) await sleep(1); } catch {} }'],
    [
      'code that goes on when it is told to stop',
      'running(); try { await require("node:timers/promises").setTimeout(1e6); } catch { for (;;); }',
    ],
    [
      "synchronous code that a library's listener starts",
      'process.once("SIGINT", () => { for (;;); }); running(); await new Promise(() => {});',
    ],
  ])('stops %s', async (_name, code) => {
    await expectInterrupted(code);
  });

  it('stops a program that the cell waits for', async () => {
    await interrupted('running(); require("node:child_process").execSync("sleep 30");');
  });

  it('silences a loop that prints', async () => {
    await expectInterrupted('var ticks = 0; for (;;) { console.log(ticks++); running(); await sleep(50); }');
    const before = shown(await kernel.execute('ticks'));
    await pause(400);
    const after = await kernel.execute('ticks');
    expect(shown(after)).toEqual(before);
    expect(printed(after)).toBe('');
  });

  it('silences intervals, and loops that await other things than timers', async () => {
    await expectInterrupted(
      'setInterval(() => console.log("tick"), 20); running(); await new Promise(() => {});',
    );
    await expectInterrupted(
      'import * as fs from "node:fs"; for (;;) { await fs.promises.stat("."); console.log("tock"); running(); }',
    );
    await pause(300);
    expect(printed(await kernel.execute('await sleep(200)'))).toBe('');
  });

  it('ends worker threads that the cell has started', async () => {
    await kernel.execute('const ended: string[] = [];');
    await expectInterrupted(
      'import { Worker } from "node:worker_threads"; const w = new Worker("for (;;);", { eval: true });' +
        'w.on("exit", () => ended.push("worker")); w.on("online", () => { running(); }); await new Promise(() => {});',
    );
    const ended = async (): Promise<object[]> => shown(await kernel.execute('ended'));
    await expect.poll(ended, { timeout: 60_000 }).toEqual([{ 'text/plain': "[ 'worker' ]" }]);
  });

  it('lets a library end the work with its own SIGINT listener, and leaves that listener alone', async () => {
    const outcome = await interrupted(
      'await new Promise((_, reject) => { process.once("SIGINT", () => reject(new Error("told to stop"))); running(); });',
    );
    expect(outcome.reply).toMatchObject({ ename: 'Error', evalue: 'told to stop' });
    await expectInterrupted('running(); await new Promise(() => {});');
    await expectInterrupted('running(); for (;;);');
  });

  it('of an idle kernel does nothing', async () => {
    await kernel.interrupt();
    await kernel.settle();
    expect((await kernel.execute('kept')).status).toBe('ok');
  });

  it('during an import leaves the module usable', async () => {
    const fresh = await KernelClient.start();
    try {
      let isOver = false;
      const cell = fresh.execute("import * as aq from 'arquero'; for (;;);").finally(() => {
        isOver = true;
      });
      while (!isOver) {
        await pause(60);
        await fresh.interrupt();
      }
      expect((await cell).status).toBe('error');
      // The last interrupt may still be on its way, and would hit the next cell.
      await fresh.settle();
      const next = await fresh.execute("import { table } from 'arquero'; table({ a: [1, 2] }).numRows()");
      expect(shown(next)).toEqual([{ 'text/plain': '2' }]);
    } finally {
      await fresh.stop();
    }
  });

  it('cancels the cells that were to follow', async () => {
    const first = started(kernel, 'running(); for (;;);');
    const second = kernel.execute('console.log("ran")');
    const { outcome } = await first;
    await kernel.interrupt();
    expect((await outcome).status).toBe('error');
    expect((await second).status).toBe('aborted');
  });
});
