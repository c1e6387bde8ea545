import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunRecord } from '../records/record.js';
import { isInstalled, PACKAGE_ROOT } from './files/folders.js';

let cached: RunRecord['software'] | undefined;

/** What produced a record: read once per process. */
export function software(): RunRecord['software'] {
  cached ??= { xnorlab: packageVersion(), commit: gitCommit(), node: process.versions.node };
  return cached;
}

/** The version of this package. */
export function packageVersion(): string {
  const manifest = readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Where the commit is kept that a package was made of. */
const COMMIT_FILE = path.join(PACKAGE_ROOT, 'dist', 'commit.txt');

/** The commit of the checkout that this code lies in, or that the package was made of; 'unknown' elsewhere. */
function gitCommit(): string {
  try {
    // The repository around an installed package is the user's.
    if (isInstalled(PACKAGE_ROOT)) return readFileSync(COMMIT_FILE, 'utf8').trim();
    return describeCommit();
  } catch {
    return 'unknown';
  }
}

/** @throws an error outside a repository */
export function describeCommit(): string {
  return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'], {
    cwd: PACKAGE_ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
