import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, type Outcome, pause, printed, shown } from './kernel-client.js';

/** Noisy machines get slack; what is measured is printed. */
const USABLE_WITHIN_MS = 3000;
const RUNNING_MS = 700;

/** Node 24 no longer lets the kernel cut off code that keeps the main thread; see environment.md. */
const canCutOff = Number.parseInt(process.versions.node, 10) < 24;
if (!canCutOff) process.stderr.write("\n*** SKIPPED: interrupts beyond Node 24's own means ***\n\n");
const itCutOff = it.skipIf(!canCutOff);

describe('an interrupt', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
    await kernel.execute(
      'let kept = 42; const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));',
    );
  });
  afterAll(() => kernel.stop());

  /** Starts the cell, interrupts it, and checks that the kernel is at once usable and remembers. */
  async function interrupted(code: string): Promise<Outcome> {
    const running = kernel.execute(code);
    await pause(RUNNING_MS);
    const start = performance.now();
    kernel.interrupt();
    const outcome = await running;
    const next = await kernel.execute('kept');
    const elapsedMs = performance.now() - start;
    process.stderr.write(`usable ${elapsedMs.toFixed(0)} ms after the interrupt\n`);
    expect(shown(next)).toEqual([{ 'text/plain': '42' }]);
    expect(outcome.status).toBe('error');
    expect(elapsedMs).toBeLessThan(USABLE_WITHIN_MS);
    return outcome;
  }

  async function expectInterrupted(code: string): Promise<Outcome> {
    const outcome = await interrupted(code);
    // Node's own means tell it in Node's own words.
    const evalue = canCutOff ? 'The cell was interrupted' : expect.stringMatching(/interrupted/);
    expect(outcome.reply).toMatchObject({ ename: expect.any(String), evalue });
    return outcome;
  }

  it.each([
    ['a synchronous loop', 'for (;;);'],
    ['an await of nothing', 'await new Promise(() => {});'],
  ])('stops %s', async (_name, code) => {
    await expectInterrupted(code);
  });

  itCutOff.each([
    ['a wait that blocks the thread', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
    ['synchronous code after an await', 'await sleep(100); for (;;);'],
    ['synchronous code in a timer', 'setTimeout(() => { for (;;); }, 10); await new Promise(() => {});'],
    ['synchronous code in an immediate', 'setImmediate(() => { for (;;); }); await new Promise(() => {});'],
    [
      'synchronous code in an awaited function',
      'async function f() { await sleep(50); for (;;); } await f();',
    ],
    ['try and finally', 'try { for (;;); } finally { for (;;); }'],
  ])('stops %s', async (_name, code) => {
    await expectInterrupted(code);
  });

  itCutOff('stops a program that the cell waits for', async () => {
    await interrupted('require("node:child_process").execSync("sleep 30");');
  });

  itCutOff('silences a loop that prints', async () => {
    await expectInterrupted('var ticks = 0; for (;;) { console.log(ticks++); await sleep(50); }');
    const before = shown(await kernel.execute('ticks'));
    await pause(400);
    const after = await kernel.execute('ticks');
    expect(shown(after)).toEqual(before);
    expect(printed(after)).toBe('');
  });

  itCutOff('silences intervals, and loops that await other things than timers', async () => {
    await expectInterrupted('setInterval(() => console.log("tick"), 20); await new Promise(() => {});');
    await expectInterrupted(
      'import * as fs from "node:fs"; for (;;) { await fs.promises.stat("."); console.log("tock"); }',
    );
    await pause(300);
    expect(printed(await kernel.execute('await sleep(200)'))).toBe('');
  });

  itCutOff('ends worker threads that the cell has started', async () => {
    await kernel.execute('const ended: string[] = [];');
    await expectInterrupted(
      'import { Worker } from "node:worker_threads"; const w = new Worker("for (;;);", { eval: true });' +
        'w.on("exit", () => ended.push("worker")); await new Promise(() => {});',
    );
    await pause(1000);
    expect(shown(await kernel.execute('ended'))).toEqual([{ 'text/plain': "[ 'worker' ]" }]);
  });

  itCutOff(
    'lets a library end the work with its own SIGINT listener, and leaves that listener alone',
    async () => {
      const outcome = await interrupted(
        'await new Promise((_, reject) => process.once("SIGINT", () => reject(new Error("told to stop"))));',
      );
      expect(outcome.reply).toMatchObject({ ename: 'Error', evalue: 'told to stop' });
      await expectInterrupted('await new Promise(() => {});');
      await expectInterrupted('for (;;);');
    },
  );

  it('of an idle kernel does nothing', async () => {
    kernel.interrupt();
    await pause(200);
    expect((await kernel.execute('kept')).status).toBe('ok');
  });

  itCutOff('during an import leaves the module usable', async () => {
    const fresh = await KernelClient.start();
    try {
      const running = fresh.execute("import * as aq from 'arquero'; for (;;);");
      for (let i = 0; i < 8; i++) {
        await pause(60);
        fresh.interrupt();
      }
      expect((await running).status).toBe('error');
      // The last interrupt may still be on its way, and would hit the next cell.
      await pause(1500);
      const next = await fresh.execute("import { table } from 'arquero'; table({ a: [1, 2] }).numRows()");
      expect(shown(next)).toEqual([{ 'text/plain': '2' }]);
    } finally {
      await fresh.stop();
    }
  });

  itCutOff('cancels the cells that were to follow', async () => {
    const first = kernel.execute('for (;;);');
    const second = kernel.execute('console.log("ran")');
    await pause(RUNNING_MS);
    kernel.interrupt();
    expect((await first).status).toBe('error');
    expect((await second).status).toBe('aborted');
  });
});
