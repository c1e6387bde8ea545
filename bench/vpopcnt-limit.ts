import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SOURCE = path.resolve(__dirname, '..', 'bench', 'vpopcnt-limit.cpp');

/** Gbit/s that VPOPCNTQ reaches on registers, compiled and measured here; undefined, aloud, where it cannot run. */
export function vpopcntLimit(): number | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-limit-'));
  const program = path.join(folder, 'limit');
  try {
    execFileSync('g++', ['-O2', '-std=c++17', '-mavx512f', '-mavx512vpopcntdq', SOURCE, '-o', program]);
    return Number(execFileSync(program, { encoding: 'utf8' }));
  } catch (error) {
    console.error(`SKIPPED: the VPOPCNTQ limit (${error instanceof Error ? error.message : error})`);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
