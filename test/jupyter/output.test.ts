import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, printed, shown } from './kernel-client.js';

describe('output of a cell', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
  });
  afterAll(() => kernel.stop());

  it('arrives whole when a cell prints 100,000 lines, in few messages', async () => {
    const start = performance.now();
    const outcome = await kernel.execute('for (let i = 0; i < 100_000; i++) console.log("line " + i);');
    const elapsedMs = performance.now() - start;
    const lines = printed(outcome).trimEnd().split('\n');
    expect(lines.length).toBe(100_000);
    expect(lines.every((line, i) => line === `line ${i}`)).toBe(true);
    // One for every 64 K characters, and one for every 50 ms, however long the machine takes.
    expect(outcome.outputs.length).toBeLessThan(printed(outcome).length / 65_536 + elapsedMs / 50 + 2);
  });

  it('arrives whole over hundreds of cells, past the limit of messages per session', async () => {
    for (let i = 0; i < 400; i++) {
      const outcome = await kernel.execute(`console.log(${i}); console.error(${i});`);
      expect([printed(outcome), printed(outcome, 'stderr')]).toEqual([`${i}\n`, `${i}\n`]);
    }
  });

  it('keeps the order of prints, displays and the other stream', async () => {
    const outcome = await kernel.execute(
      'import { display } from "tslab"; console.log(1); display.html("<b>2</b>"); console.error(3); console.log(4); 5',
    );
    expect(outcome.outputs.map(({ type, content }) => content.name ?? type)).toEqual([
      'stdout',
      'display_data',
      'stderr',
      'stdout',
      'execute_result',
    ]);
  });

  it('is live inside a synchronous loop', async () => {
    const outcome = await kernel.execute(
      'for (let i = 0; i < 4; i++) { console.log(i); const end = Date.now() + 80; while (Date.now() < end); }',
    );
    expect(printed(outcome)).toBe('0\n1\n2\n3\n');
    expect(outcome.outputs.length).toBeGreaterThan(1);
  });

  it('joins characters whose bytes are written apart', async () => {
    const outcome = await kernel.execute(
      'const e = Buffer.from("é"); process.stdout.write(e.subarray(0, 1)); process.stdout.write(e.subarray(1)); undefined',
    );
    expect(printed(outcome)).toBe('é');
  });

  it('shows the last expression as a result, and nothing for undefined', async () => {
    expect(shown(await kernel.execute('[1, "two"]'))).toEqual([{ 'text/plain': "[ 1, 'two' ]" }]);
    expect((await kernel.execute('undefined')).outputs).toEqual([]);
  });
});
