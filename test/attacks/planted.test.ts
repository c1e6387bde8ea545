import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../data/helpers.js';

const BROWSER = path.resolve(__dirname, '../../dist/node/printing/browser.js');

/** Says which browser would be started; the working directory and the temporary folder are those where programs were planted. */
const SCRIPT = `require(${JSON.stringify(BROWSER)}).findBrowser().then(
  ({ executablePath }) => console.log(executablePath),
  (error) => console.log(error.message),
);`;

describe.skipIf(process.platform !== 'linux')('a program that somebody has planted', () => {
  it('is not started: not from the temporary folder, and not from where the command is given', async () => {
    const folder = await temporaryFolder();
    for (const place of ['temporary', 'working']) {
      mkdirSync(path.join(folder, place));
      for (const name of ['chromium', 'google-chrome']) {
        const file = path.join(folder, place, name);
        writeFileSync(file, `#!/bin/sh\ntouch ${folder}/ran\n`);
        chmodSync(file, 0o755);
      }
    }
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', SCRIPT], {
      cwd: path.join(folder, 'working'),
      env: {
        ...process.env,
        TMPDIR: path.join(folder, 'temporary'),
        PATH: `:.:${path.dirname(process.execPath)}`,
      },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trim()).not.toBe('');
    expect(path.isAbsolute(stdout.trim()), stdout).toBe(true);
    expect(stdout).not.toContain(folder);
    expect(existsSync(path.join(folder, 'ran'))).toBe(false);
  });
});
