import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunRecord } from '../records/record.js';
import { PACKAGE_ROOT } from './files/folders.js';

let cached: RunRecord['software'] | undefined;

/** What produced a record: read once per process. */
export function software(): RunRecord['software'] {
  cached ??= { xnorlab: packageVersion(), commit: gitCommit(), node: process.versions.node };
  return cached;
}

function packageVersion(): string {
  const manifest = readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** The commit of the checkout that this code lies in, or 'unknown' outside one. */
function gitCommit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'], {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
