import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/node/files/folders.js';

const COMPILER = 'aarch64-linux-gnu-g++';
const EMULATOR = 'qemu-aarch64';
const FOLDER = path.join(PACKAGE_ROOT, 'src/node/kernels/native');

/** guard-pages.cpp compares every operation with its scalar definition; these are what it needs on arm64. */
const SOURCES = ['guard-pages', 'cpu', 'majority', 'neon', 'scalar', 'transpose'];
const ROUNDS = 300;

/** Set where the tools have to be there: then missing ones are a failure, not something to skip. */
const isExpected = process.env.XNORLAB_EXPECT_NEON === '1';

const missing = [COMPILER, EMULATOR].filter((tool) => spawnSync(tool, ['--version']).status !== 0);

if (missing.length > 0 && !isExpected) {
  console.warn(
    `NEON is NOT TESTED: ${missing.join(' and ')} not found (apt install g++-aarch64-linux-gnu qemu-user)`,
  );
}

it.skipIf(missing.length > 0 && !isExpected)(
  'NEON agrees with the scalar definition, under an emulator',
  { timeout: 300_000 },
  () => {
    expect(missing).toEqual([]);
    const work = mkdtempSync(path.join(tmpdir(), 'xnorlab-neon-'));
    try {
      const program = path.join(work, 'guard-pages');
      const sources = SOURCES.map((name) => path.join(FOLDER, `${name}.cpp`));
      run(COMPILER, ['-std=c++17', '-O2', '-static', '-o', program, ...sources]);
      const output = run(EMULATOR, [program, `${ROUNDS}`]);
      expect(output).toContain(`neon: ${ROUNDS} rounds between guard pages`);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
);

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with status ${status}:\n${stderr}`);
  return stdout;
}
