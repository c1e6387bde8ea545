import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, printed } from './kernel-client.js';
import { temporaryFolder } from './notebooks.js';

const IMPORT =
  'import { exec, execFileSync, execSync, fork, spawn, spawnSync } from "node:child_process"; import { once } from "node:events"; import { existsSync } from "node:fs";';

describe('what a child process prints that inherits the output', () => {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  beforeAll(async () => {
    writeFileSync(
      join(folder.path, 'child.js'),
      'console.log("out"); console.error("err"); process.send?.(7);',
    );
    kernel = await KernelClient.start(folder.path);
    await kernel.execute(IMPORT);
  });
  afterAll(async () => {
    await kernel.stop();
    folder.remove();
  });

  const TWO = '"echo out; echo err >&2"';
  const SHELL = `"sh", ["-c", ${TWO}]`;
  it.each([
    ['execSync', `execSync(${TWO}, { stdio: "inherit" });`],
    ['execFileSync', `execFileSync(${SHELL}, { stdio: "inherit" });`],
    ['spawnSync', `spawnSync(${SHELL}, { stdio: "inherit" }).status`],
    ['spawnSync without a list', `spawnSync(${TWO}, { stdio: "inherit", shell: true }).status`],
    ['spawn', `await once(spawn(${SHELL}, { stdio: "inherit" }), "exit");`],
    ['spawn, to its close', `await once(spawn(${SHELL}, { stdio: "inherit" }), "close");`],
    ['fork', 'await once(fork("child.js"), "exit");'],
    [
      'fork with messages',
      'const child = fork("child.js"); await once(child, "message"); await once(child, "exit");',
    ],
    ['a list', `execSync(${TWO}, { stdio: ["ignore", "inherit", "inherit"] });`],
    ['numbers', `spawnSync(${SHELL}, { stdio: [0, 1, 2] }).status`],
    ['streams', `spawnSync(${SHELL}, { stdio: ["pipe", process.stdout, process.stderr] }).status`],
    ['require', `require("child_process").execSync(${TWO}, { stdio: "inherit" });`],
    ['a child of a child', `execSync("sh -c 'echo out; echo err >&2'", { stdio: "inherit" });`],
    ['/dev/stdout', 'execSync("echo out > /dev/stdout; echo err > /dev/stderr", { stdio: "inherit" });'],
  ])('is shown: %s', async (_name, code) => {
    const outcome = await kernel.execute(code);
    expect([outcome.status, printed(outcome), printed(outcome, 'stderr')]).toEqual(['ok', 'out\n', 'err\n']);
  });

  it('stands where it belongs, also when both go to one stream', async () => {
    const outcome = await kernel.execute(
      'console.log(1); execSync("echo 2; echo 3 >&2", { stdio: [0, 1, 1] }); console.log(4); execSync("printf 5", { stdio: "inherit" });',
    );
    expect(printed(outcome)).toBe('1\n2\n3\n4\n5');
  });

  it('is whole when it is far more than a pipe holds', async () => {
    for (const call of [
      'execSync("seq 200000", { stdio: "inherit" });',
      'await once(spawn("seq", ["200000"], { stdio: "inherit" }), "exit");',
    ]) {
      const lines = printed(await kernel.execute(call))
        .trimEnd()
        .split('\n');
      expect(lines.length).toBe(200_000);
      expect(lines.every((line, i) => line === `${i + 1}`)).toBe(true);
    }
  });

  it('joins characters that come in two parts', async () => {
    const outcome = await kernel.execute(
      "execSync(\"printf '\\\\303'; sleep 0.2; printf '\\\\251'\", { stdio: 'inherit' });",
    );
    expect(printed(outcome)).toBe('é');
  });

  it('comes while the child runs, when the cell awaits it', async () => {
    const outcome = await kernel.execute(
      'const slow = spawn("sh", ["-c", "echo first; touch begun; read line; echo $line"], { stdio: ["pipe", "inherit", "inherit"] });' +
        'while (!existsSync("begun")) await new Promise((resolve) => setTimeout(resolve, 10));' +
        'execSync("true"); console.log("then"); slow.stdin.end("last\\n"); await once(slow, "exit");',
    );
    expect(printed(outcome)).toBe('first\nthen\nlast\n');
  });

  it('changes nothing of what the caller gets', async () => {
    const outcome = await kernel.execute(
      'const { stdout, stderr, status } = spawnSync("sh", ["-c", "exit 3"], { stdio: "inherit" });' +
        'const inherits = spawn("true", { stdio: "inherit" }); await once(inherits, "exit");' +
        'console.log(stdout, stderr, status, execSync("true", { stdio: "inherit" }), inherits.stdout, inherits.stdio);',
    );
    expect(printed(outcome)).toBe('null null 3 null null [ null, null, null ]\n');
  });

  it('leaves pipes and files alone', async () => {
    const outcome = await kernel.execute(
      'const file = require("node:fs").openSync("out.txt", "w");' +
        'execSync("echo file", { stdio: ["ignore", file, "ignore"] });' +
        'const piped = execSync("echo piped").toString(); const text = require("node:fs").readFileSync("out.txt", "utf8");' +
        'console.log(piped.trim(), text.trim(), execFileSync("echo", ["x"], { encoding: "utf8" }).trim());',
    );
    expect(printed(outcome)).toBe('piped file x\n');
  });

  it('is shown, with the error, when the child fails', async () => {
    const outcome = await kernel.execute('execSync("echo why >&2; exit 2", { stdio: "inherit" });');
    expect(outcome.reply).toMatchObject({ status: 'error', evalue: 'Command failed: echo why >&2; exit 2' });
    expect(printed(outcome, 'stderr')).toBe('why\n');
    const missing = await kernel.execute(
      'await once(spawn("no-such-program", { stdio: "inherit" }), "exit");',
    );
    expect(missing.reply.evalue).toBe('spawn no-such-program ENOENT');
  });

  it('goes to the running cell when the one that started the child has ended', async () => {
    await kernel.execute(
      'const late = spawn("sh", ["-c", "read line; echo late"], { stdio: ["pipe", "inherit", "inherit"] });',
    );
    expect(printed(await kernel.execute('late.stdin.end("go\\n"); await once(late, "exit");'))).toBe(
      'late\n',
    );
  });

  it.each([
    ['a call that waits', 'execSync("echo out; touch MARK; sleep 60", { stdio: "inherit" });'],
    ['a loop of them', 'for (;;) execSync("echo out; touch MARK", { stdio: "inherit" });'],
    [
      'an await',
      'await once(spawn("sh", ["-c", "echo out; touch MARK; sleep 60"], { stdio: "inherit" }), "exit");',
    ],
  ])('is kept when the cell is interrupted, in %s, and the kernel goes on', async (name, code) => {
    const mark = join(folder.path, `mark of ${name}`);
    const { outcome } = await kernel.begin(code.replace('MARK', `'${mark}'`));
    await expect.poll(() => existsSync(mark), { timeout: 60_000 }).toBe(true);
    await kernel.interrupt();
    expect((await outcome).reply.status).toBe('error');
    expect(printed(await outcome)).toMatch(/^out\n/);
    expect(printed(await kernel.execute('execSync("echo on", { stdio: "inherit" });'))).toBe('on\n');
  });
});
