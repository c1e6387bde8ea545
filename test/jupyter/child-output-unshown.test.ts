import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KernelClient, printed, shown } from './kernel-client.js';

describe('where no pipe can be made', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
  });
  afterAll(() => kernel.stop());

  it('a child process that inherits the output runs, and the cell says what to do', async () => {
    await kernel.execute('process.env.TMPDIR = "/no/such/folder";');
    const outcome = await kernel.execute(
      'require("node:child_process").spawnSync("sh", ["-c", "exit 3"], { stdio: "inherit" }).status',
    );
    expect(shown(outcome)).toEqual([{ 'text/plain': '3' }]);
    expect(printed(outcome, 'stderr')).toMatch(
      /^What this child process prints goes to Jupyter's log\. To see it here, start it with stdio: 'pipe' and print it \(ENOENT.*\)\n$/,
    );
  });
});
