import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, pause, shown } from './kernel-client.js';

/** Enough to see what goes wrong often; a thousand, by this variable, for what goes wrong seldom. */
const COUNT = Number(process.env.XNORLAB_INTERRUPTS ?? 40);
const SEED = Number(process.env.XNORLAB_INTERRUPT_SEED ?? 1);
/** The longest time from starting a cell to interrupting it: over its compilation and well into its run. */
const MAX_DELAY_MS = 400;
/** Generous, as other programs run beside the tests; on an idle machine it is a fraction of a second. */
const LIMIT_MS = 10_000;

/** None of them ends by itself. */
const CELLS = [
  'for (;;);',
  'await sleep(50); for (;;);',
  'for (;;) await null;',
  'for (;;) await sleep(1);',
  'setTimeout(() => { for (;;); }, 10); await never;',
  'setImmediate(() => { for (;;); }); await never;',
  'process.nextTick(() => { for (;;); }); await never;',
  'require("node:fs").stat(".", () => { for (;;); }); await never;',
  'setInterval(() => { let x = 0; for (let i = 0; i < 3e6; i++) x += i; }, 1); await never;',
  'await Promise.all([1, 2, 3].map(async (n) => { for (;;) { await sleep(n); spin(n); } }));',
  'for (;;) { console.log("line"); spin(1); }',
  'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  'for (;;) JSON.stringify(Array.from({ length: 1e4 }, (_, i) => ({ i })));',
  'try { for (;;) await sleep(5); } catch { for (;;); }',
  'void Promise.resolve().then(() => { for (;;); });',
  'for (;;) { try { await new Promise((resolve) => setImmediate(resolve)); spin(2); } finally { spin(1); } }',
  'for (;;) require("node:fs").readFileSync(process.execPath).length;',
  'const worker = new (require("node:worker_threads").Worker)("for (;;);", { eval: true }); await never;',
];

/** Random numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('interrupts at random', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
    await kernel.execute(`
      let kept = 42;
      const never = new Promise(() => {});
      const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      const spin = (ms: number) => { const end = performance.now() + ms; while (performance.now() < end); };
    `);
  });
  afterAll(() => kernel.stop());

  it(
    `${COUNT} in one kernel all end their cell, and leave the kernel usable`,
    async () => {
      const random = randomNumbers(SEED);
      const times: number[] = [];
      let slowest = '';
      for (let i = 0; i < COUNT; i++) {
        const code = CELLS[Math.floor(random() * CELLS.length)] as string;
        const { outcome } = await kernel.begin(code);
        await pause(random() * MAX_DELAY_MS);
        const start = performance.now();
        await kernel.interrupt();
        expect((await outcome).reply, code).toMatchObject({ ename: 'Interrupted' });
        const next = await kernel.execute(`kept + ${i}`);
        const elapsedMs = performance.now() - start;
        if (elapsedMs > Math.max(0, ...times)) slowest = code;
        times.push(elapsedMs);
        expect(shown(next), code).toEqual([{ 'text/plain': String(42 + i) }]);
        expect(times.at(-1), code).toBeLessThan(LIMIT_MS);
      }
      times.sort((a, b) => a - b);
      const at = (part: number): string => (times[Math.ceil(part * times.length) - 1] ?? 0).toFixed(0);
      process.stderr.write(
        `usable after ${at(0.5)} ms (median), ${at(0.99)} (99 %), ${at(1)} (longest: ${slowest})\n`,
      );
    },
    COUNT * LIMIT_MS,
  );
});
