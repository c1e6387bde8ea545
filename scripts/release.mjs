/**
 * Makes a release of what is checked out: `node scripts/release.mjs [--skip-tests]`. Nothing is left behind by one that fails, and nothing
 * leaves this machine: what to push and to publish is said at the end.
 *
 * 1. Nothing is uncommitted, the version's tag is free, and CHANGELOG.md begins with the version.
 * 2. All tests pass (`npm test`), those of the packed tarball among them.
 * 3. `npm publish --dry-run` has nothing to say against it.
 * 4. The tarball lies in release/, and the commit is tagged vVERSION.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'release');
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const tag = `v${version}`;

/** Why there is no release, in one line. */
class ReleaseError extends Error {}

function capture(command, ...words) {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new ReleaseError(`${command} ${words.join(' ')} failed:\n${stdout}${stderr}`);
  return { stdout: stdout.trim(), stderr };
}

function show(command, ...words) {
  const { status } = spawnSync(command, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new ReleaseError(`${command} ${words.join(' ')} failed`);
}

function checkState() {
  const changed = capture('git', 'status', '--porcelain').stdout;
  if (changed !== '') throw new ReleaseError(`commit or take back first:\n${changed}`);
  if (capture('git', 'tag', '--list', tag).stdout !== '') {
    throw new ReleaseError(`${tag} is there already: raise the version in package.json`);
  }
  const [, newest] = /^## (.+)$/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')) ?? [];
  if (newest?.split(' ')[0] !== version) {
    throw new ReleaseError(`CHANGELOG.md begins with '${newest}': name its top section '${version}'`);
  }
}

/** Warnings that are nobody's to mend: of a setting in .npmrc that a package reads and npm does not know, and of not being logged in. */
const EXPECTED_WARNINGS = /onnxruntime-node-install|requires you to be logged in/;

function checkPublishable() {
  const { stderr } = capture('npm', 'publish', '--dry-run', '--tag', 'latest');
  const warnings = stderr
    .split('\n')
    .filter((line) => line.startsWith('npm warn') && !EXPECTED_WARNINGS.test(line));
  if (warnings.length > 0) throw new ReleaseError(`npm publish would warn:\n${warnings.join('\n')}`);
}

try {
  checkState();
  if (!process.argv.includes('--skip-tests')) show('npm', 'test');
  checkPublishable();
  mkdirSync(target, { recursive: true });
  capture('npm', 'pack', '--pack-destination', target);
  show('git', 'tag', '--annotate', tag, '--message', `${name} ${version}`);
  const file = join('release', `${name}-${version}.tgz`);
  process.stdout.write(
    `${file} is made of ${tag}. To give it to others: git push origin ${tag}, and npm publish ${file}\n`,
  );
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  process.stderr.write(`No release: ${error.message}\n`);
  process.exitCode = 1;
}
