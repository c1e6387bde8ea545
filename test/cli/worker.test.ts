import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Compiled: `npm run build` comes first. */
const CLI = path.resolve(__dirname, '..', '..', 'dist', 'cli.js');

/** Port 1 is reserved, so that nobody listens there. */
const NOBODY = 'redis://:secret@127.0.0.1:1';

function xnorlab(...args: string[]): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], (_, __, stderr) => {
      resolve({ code: child.exitCode, stderr });
    });
  });
}

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-cli-worker-'));
  file = path.join(folder, 'small.yaml');
  writeFileSync(
    file,
    'base: { dataset: prototypes, rule: { name: local-error, layers: [30], groupSize: 5 } }\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('xnorlab worker', () => {
  it.each([
    [[], '--queue: expected the address of a Redis, redis://host:6379, got undefined'],
    [
      ['--queue', 'http://me:secret@host'],
      `queue: expected an address such as redis://host:6379 or rediss://user:`,
    ],
    [['--queue', NOBODY, '--workers', '0'], 'workers: expected an integer of at least 1, got 0'],
    [['--queue', NOBODY, '--data-dir', '/no/such/folder'], 'dataDir: expected a folder that is there, got'],
  ])('ends with 2 for bad usage: %j', async (args, message) => {
    const { code, stderr } = await xnorlab('worker', ...args);
    expect(stderr).toContain(`xnorlab: ${message}`);
    expect(stderr).not.toContain('secret');
    expect(code).toBe(2);
  });

  it('ends with 1 where there is no Redis, and shows no password', async () => {
    const { code, stderr } = await xnorlab('worker', '--queue', NOBODY);
    expect(stderr).toMatch(
      /^xnorlab: no Redis answers at redis:\/\/127\.0\.0\.1:1 \(.*ECONNREFUSED.*\)\. Start one there, or correct the address\.\n$/,
    );
    expect(code).toBe(1);
  });
});

describe('xnorlab sweep --queue', () => {
  it('writes nothing where there is no Redis', async () => {
    const store = path.join(folder, 'store');
    const { code, stderr } = await xnorlab('sweep', file, '--store', store, '--queue', NOBODY);
    expect(stderr).toContain('no Redis answers at redis://127.0.0.1:1 (');
    expect(stderr).not.toContain('secret');
    expect(code).toBe(1);
    expect(existsSync(store)).toBe(false);
  });

  it('refuses what belongs to a sweep on this machine', async () => {
    const { code, stderr } = await xnorlab(
      'sweep',
      file,
      '--store',
      'x',
      '--queue',
      NOBODY,
      '--workers',
      '2',
    );
    expect(stderr).toContain('workers: expected nothing with a queue, as its workers see to that, got 2');
    expect(code).toBe(2);
  });
});
