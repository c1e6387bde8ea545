import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/** Compiled: `npm run build` comes first. */
const BROWSER = path.resolve(__dirname, '..', '..', 'dist', 'node', 'printing', 'browser.js');

/** Of who owns nothing. Root has no sandbox, so that the browser is tried as another user where tests run as root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** Starts the browser as all of ours do, and says how its processes run. */
const SCRIPT = `
const fs = require('node:fs');
require(${JSON.stringify(BROWSER)}).launchBrowser().then(async (browser) => {
  await (await browser.newPage()).goto('data:text/html,page');
  const read = (pid, file) => { try { return fs.readFileSync('/proc/' + pid + '/' + file, 'utf8'); } catch { return ''; } };
  const pids = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name));
  const isOwn = (pid) => pid !== String(process.pid) && fs.statSync('/proc/' + pid, { throwIfNoEntry: false })?.uid === process.getuid();
  const own = pids.filter(isOwn);
  const renderers = own.filter((pid) => read(pid, 'cmdline').includes('--type=renderer'));
  const hasFlag = own.some((pid) => read(pid, 'cmdline').includes('--no-sandbox'));
  const seccomp = renderers.map((pid) => /Seccomp:\\s*(\\d)/.exec(read(pid, 'status'))?.[1]);
  console.log(JSON.stringify({ hasFlag, seccomp: [...new Set(seccomp)] }));
  await browser.close();
});`;

describe('the browser that draws figures', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'xnorlab-nobody-'));
  if (isRoot) chownSync(home, NOBODY, NOBODY);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const asOther = (program: string, ...args: string[]) =>
    spawnSync(program, args, {
      ...(isRoot && { uid: NOBODY, gid: NOBODY }),
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: path.join(home, 'cache') },
      encoding: 'utf8',
    });

  it('runs pages in its sandbox where the user is not root and the system has one', (context) => {
    const canRead = asOther(process.execPath, '-e', `require(${JSON.stringify(BROWSER)})`).status === 0;
    const hasNamespaces = asOther('unshare', '--user', '--pid', '--fork', 'true').status === 0;
    if (!canRead || !hasNamespaces)
      context.skip('another user cannot read this checkout, or has no namespaces');
    const { stdout, stderr } = asOther(process.execPath, '-e', SCRIPT);
    // Seccomp 2: system calls are filtered.
    expect(stdout === '' ? stderr : JSON.parse(stdout)).toEqual({ hasFlag: false, seccomp: ['2'] });
  });
});
