/**
 * Makes a fresh checkout ready: dependencies, build, Jupyter, kernel. Safe to run again at any time; what is up to
 * date is left alone. Plain Node, because nothing is installed yet when it runs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIN_NODE = [20, 19];
const SHOWN_ERRORS = 20;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const isWindows = process.platform === 'win32';

/** A step that cannot be done: why, and what the reader can do about it. */
class SetupError extends Error {
  constructor(problem, remedy) {
    super(`${problem}\n${remedy}`);
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isOld = major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1]);
  if (!isOld) return;
  throw new SetupError(
    `xnorlab needs Node ${MIN_NODE.join('.')} or newer; this is ${process.versions.node}.`,
    'Install a newer one, for example with `nvm install 20`, and run `npm run setup` again.',
  );
}

function installPackages() {
  const stamp = join(root, 'node_modules', '.xnorlab-lock');
  const lock = hashOf(join(root, 'package-lock.json'));
  if (read(stamp) === lock) return;
  if (isInstalledTree()) {
    writeFileSync(stamp, lock);
    return;
  }
  say('Installing the npm packages of package-lock.json …');
  run('npm', ['ci', '--no-audit', '--no-fund'], {
    problem: '`npm ci` failed; its output above says why.',
    remedy:
      'Often the network or the registry is to blame: `npm ping` tells. Then run `npm run setup` again.',
  });
  writeFileSync(stamp, lock);
}

/** Whether npm itself has just installed exactly this lock file: every locked package, in its locked version. */
function isInstalledTree() {
  const installed = JSON.parse(read(join(root, 'node_modules', '.package-lock.json')) ?? '{}').packages;
  if (installed === undefined) return false;
  const { packages } = JSON.parse(read(join(root, 'package-lock.json')));
  return Object.entries(packages).every(([path, { version, optional }]) => {
    return path === '' || installed[path]?.version === version || (optional && installed[path] === undefined);
  });
}

function build() {
  // By path: tslab puts a compiler of its own behind node_modules/.bin/tsc.
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler], { cwd: root, encoding: 'utf8' });
  if (status === 0) {
    inlinePackages();
    bundlePages();
    return;
  }
  const lines = stdout.trim().split('\n');
  const more = lines.length > SHOWN_ERRORS ? [`… and ${lines.length - SHOWN_ERRORS} lines more`] : [];
  throw new SetupError(
    ['The build failed:', ...lines.slice(0, SHOWN_ERRORS), ...more].join('\n'),
    'Mend these lines, or go back to an unchanged checkout, and run `npm run setup` again.',
  );
}

/** Packages that an installation shall not bring go into what is built. */
function inlinePackages() {
  run(process.execPath, [join(root, 'scripts', 'inline.mjs')], {
    problem: 'Packages could not be put into dist/inlined.',
    remedy: 'Go back to an unchanged checkout and run `npm run setup` again.',
  });
}

/** The pages that train and watch, as scripts for a browser. */
function bundlePages() {
  run(process.execPath, [join(root, 'scripts', 'live.mjs')], {
    problem: 'The pages of src/live could not be bundled.',
    remedy: 'Go back to an unchanged checkout and run `npm run setup` again.',
  });
}

/** Kernels beside the reference: the portable ones always, the native ones where there is a compiler. */
function buildKernels() {
  run(process.execPath, [join(root, 'src', 'kernels', 'wasm', 'build.mjs')], {
    problem: 'The WebAssembly kernels could not be built.',
    remedy: 'Go back to an unchanged checkout and run `npm run setup` again.',
  });
  const { buildNativeKernels } = requireBuilt('node/kernels/native/build.js');
  const { outcome, message } = buildNativeKernels();
  if (outcome !== 'up to date') say(message);
}

/** Unpacks the browser that npm brought along, where the system has none, before tests race to do it. */
async function unpackBrowser() {
  const { findBrowser } = requireBuilt('node/printing/browser.js');
  await findBrowser().catch((error) => say(`No figures as SVG: ${error.message}`));
}

/**
 * Data sets that lie beside the checkout, as they do where we develop, show up in data/: a link for each file, so that what is
 * downloaded or written there later stays here. Without them, nothing is done.
 */
function linkSharedData() {
  const shared = join(root, '..', 'shared', 'data');
  if (!existsSync(shared)) return;
  for (const entry of readdirSync(shared, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const link = join(root, 'data', relative(shared, file));
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(file, link);
    } catch (error) {
      // Windows asks for a privilege. The data is found with XNORLAB_DATA all the same.
      say(`No links to the data sets in ${shared} (${error.message}): name that folder in XNORLAB_DATA.`);
      return;
    }
  }
}

function run(command, args, { problem, remedy }) {
  // npm is a script on Windows, which only a shell can start.
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: isWindows && command === 'npm',
  });
  if (status !== 0) throw new SetupError(problem, remedy);
}

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** A module of our own, which is there only after the build. */
function requireBuilt(file) {
  return createRequire(import.meta.url)(join(root, 'dist', file));
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

try {
  checkNode();
  installPackages();
  build();
  buildKernels();
  linkSharedData();
  await requireBuilt('jupyter/setup.js').setUpJupyter(say);
  await unpackBrowser();
} catch (error) {
  const isKnown = error instanceof SetupError || error.name === 'EnvironmentError';
  if (!isKnown) throw error;
  say(`\n${error.message}`);
  process.exitCode = 1;
}
