import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, type Outcome, printed } from './kernel-client.js';
import { temporaryFolder } from './notebooks.js';

describe('a stack trace', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start(folder.path);
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  const traceback = (outcome: Outcome): string => (outcome.reply.traceback as string[]).join('\n');

  it('points to the lines as they are written', async () => {
    const outcome = await kernel.execute(`import { join } from 'node:path';
// A comment, an interface and blank lines: none of them is in the compiled code.
interface Point { x: number }


let count: number = 0;
function fail(point: Point): never {
  count += 1;
  throw new RangeError(join('a', String(point.x)));
}

fail({ x: count });`);
    expect(traceback(outcome)).toMatch(
      /^RangeError: a\/0\n {4}at fail \(cell\[\d+\]:9:9\)\n {4}at cell\[\d+\]:12:5$/,
    );
  });

  it('of a function of an earlier cell points into that', async () => {
    await kernel.execute(
      'type A = number;\n\nconst later = async (a: A) => {\n\n  await null; throw new Error(String(a)); };',
    );
    const outcome = await kernel.execute('\n\nawait later(3)');
    expect(traceback(outcome)).toMatch(/at later \(cell\[2\]:5:21\)\n.*cell\[3\]:3:/);
  });

  it('that a cell prints does so, too', async () => {
    const outcome = await kernel.execute('type B = 1;\n\nconsole.log(new Error("printed").stack)');
    expect(printed(outcome)).toMatch(/at cell\[4\]:3:13\n/);
  });

  it.each([
    ["import x from 'not-there/part';", "Cannot find module 'not-there/part'"],
    ["require('@some/one/part')", "Cannot find module '@some/one/part'"],
  ])('%s says how to install what is missing', async (code, message) => {
    const { reply } = await kernel.execute(code);
    expect(reply.evalue).toContain(message);
    const name = code.includes('@') ? '@some/one' : 'not-there';
    expect(reply.evalue).toContain(`\`npm install ${name}\``);
  });

  it('of a missing file says nothing of packages', async () => {
    expect((await kernel.execute("require('./not-there')")).reply.evalue).not.toContain('npm install');
  });
});

describe('a flood of output', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    writeFileSync(join(folder.path, 'package.json'), '{}');
    kernel = await KernelClient.start(folder.path);
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  it('is cut with a note, its end shown, and all of it in a file', async () => {
    const outcome = await kernel.execute('for (let i = 0; i < 1e6; i++) console.log("line " + i);');
    const shown = printed(outcome);
    expect(shown.length).toBeLessThan(2_001_000);
    const notes = printed(outcome, 'stderr');
    expect(notes).toMatch(
      /^The output is cut here\. All of it goes to results\/output\/cell-1-\d+\.txt\n1,000,000 lines in all/,
    );
    expect(shown.endsWith('line 999999\n')).toBe(true);
    const file = /results\S+/.exec(notes)?.[0] ?? '';
    const lines = readFileSync(join(folder.path, file), 'utf8').split('\n');
    expect(lines.length).toBe(1_000_001);
    expect(lines.every((line, i) => line === (i < 1e6 ? `line ${i}` : ''))).toBe(true);
  });

  it('ends with an interrupt, and the kernel goes on', async () => {
    const { outcome } = await kernel.begin('for (let i = 0; ; i++) console.log("line " + i);');
    await kernel.interrupt();
    const stopped = await outcome;
    expect(stopped.reply.ename).toBe('Interrupted');
    expect(printed(stopped).length).toBeLessThan(2_001_000);
    expect(printed(await kernel.execute('console.log(1)'))).toBe('1\n');
  });
});
