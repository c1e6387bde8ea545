import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient } from './kernel-client.js';

describe('a cell that reads standard input', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
  });
  afterAll(() => kernel.stop());

  const LINES =
    'import * as readline from "node:readline"; const lines = readline.createInterface({ input: process.stdin });';
  it.each([
    ['a question', `${LINES} await new Promise((resolve) => lines.question("name? ", resolve));`],
    [
      'a question of node:readline/promises',
      'await require("node:readline/promises").createInterface({ input: process.stdin }).question("name? ");',
    ],
    ['once("data")', 'process.stdin.once("data", console.log); await new Promise(() => {});'],
    ['once("data"), twice', 'process.stdin.once("data", console.log); await new Promise(() => {});'],
    ['for await', 'for await (const chunk of process.stdin) console.log(chunk);'],
    ['for await over lines', `${LINES} for await (const line of lines) console.log(line);`],
    ['a whole stream', 'await require("node:stream/consumers").text(process.stdin)'],
    ['once("data") without waiting for it', 'process.stdin.once("data", console.log);'],
  ])('by %s fails and says why', async (_name, code) => {
    const { reply } = await kernel.execute(code);
    expect(reply).toMatchObject({ status: 'error', ename: 'NoInputError' });
    expect(reply.evalue).toContain('Cells take no input');
  });

  it('by its file descriptor fails, too, and so do programs that inherit it', async () => {
    const { reply } = await kernel.execute('require("node:fs").readFileSync(0)');
    expect(reply.evalue).toContain('EBADF');
    const program = await kernel.execute(
      'require("node:child_process").execSync("cat", { stdio: "inherit" })',
    );
    expect(program.reply.evalue).toContain('Command failed: cat');
  });

  it('may ask what kind of input it is', async () => {
    expect((await kernel.execute('process.stdin.isTTY')).status).toBe('ok');
  });
});
