/**
 * Makes a fresh checkout ready: dependencies, build, Jupyter, kernel. Safe to run again at any time; what is up to
 * date is left alone. Plain Node, because nothing is installed yet when it runs.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIN_NODE = [20, 19];
const MIN_PYTHON = [3, 11, 2];
const SHOWN_ERRORS = 20;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const isWindows = process.platform === 'win32';
const venv = join(root, '.venv');
const venvPython = isWindows ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');

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
  if (status === 0) return inlinePackages();
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

/** Jupyter of this checkout, else a suitable one of the system, else a new environment in .venv. */
async function findOrInstallJupyter() {
  const requirements = hashOf(join(root, 'requirements.txt'));
  const stamp = join(venv, '.xnorlab-requirements');
  if (read(stamp) === requirements && existsSync(venvPython)) return;
  if (!existsSync(venv)) {
    const { detectJupyter } = requireBuilt('jupyter/detect.js');
    if ((await detectJupyter()).python !== undefined) return;
  }
  say('Installing Jupyter into .venv …');
  const pip = createVenv();
  const install = ['install', '--quiet', '--disable-pip-version-check', '-r', join(root, 'requirements.txt')];
  run(pip[0], [...pip.slice(1), ...install], {
    problem: 'Jupyter could not be installed into .venv; pip says above why.',
    remedy: 'Often the network or the package index is to blame. Mend that and run `npm run setup` again.',
  });
  writeFileSync(stamp, requirements);
}

/** Makes an empty .venv and returns the command for its pip. */
function createVenv() {
  const python = findPython();
  if (succeeds(python, ['-m', 'venv', '--clear', venv])) return [venvPython, '-m', 'pip'];
  // Debian splits ensurepip off into python3-venv; the system's own pip can fill the environment as well.
  const hasPip = succeeds(python, ['-m', 'pip', '--version']);
  if (hasPip && succeeds(python, ['-m', 'venv', '--clear', '--without-pip', venv])) {
    return [python, '-m', 'pip', '--python', venvPython];
  }
  rmSync(venv, { recursive: true, force: true });
  throw new SetupError(
    `${python} cannot make a virtual environment: its modules venv and ensurepip are missing, and so is pip.`,
    'On Debian and Ubuntu: `apt install python3-venv`. A Python on the PATH that has jupyterlab 4, nbclient and ' +
      'nbconvert will do as well. Then run `npm run setup` again.',
  );
}

function findPython() {
  const isNewEnough = ['-c', `import sys; sys.exit(sys.version_info < (${MIN_PYTHON.join(', ')}))`];
  const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
  const python = names.find((name) => succeeds(name, isNewEnough));
  if (python !== undefined) return python;
  throw new SetupError(
    `Jupyter needs Python ${MIN_PYTHON.join('.')} or newer, and there is none on the PATH.`,
    'Install it (Debian and Ubuntu: `apt install python3 python3-venv`) and run `npm run setup` again.',
  );
}

function succeeds(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: 'ignore' }).status === 0;
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

function registerKernel() {
  requireBuilt('jupyter/package-link.js').linkPackage();
  const { installKernelSpec } = requireBuilt('jupyter/install.js');
  const { installKernelNode, kernelNode } = requireBuilt('jupyter/kernel-node.js');
  if (installKernelNode()) say('Installed the Node of the kernel into your cache folder.');
  checkKernelNode(kernelNode());
  if (installKernelSpec()) say('Registered the kernel "TypeScript (xnorlab)" for this checkout.');
}

/** npm chooses by system and processor; that its Node runs here is another matter (musl, an old glibc). */
function checkKernelNode(node) {
  if (succeeds(node, ['--version'])) return;
  throw new SetupError(
    `The Node that npm has for the kernel does not run here: ${node}`,
    'Install Node 24 or newer and run `npm run setup` with it.',
  );
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
  await findOrInstallJupyter();
  registerKernel();
  await unpackBrowser();
} catch (error) {
  const isKnown = error instanceof SetupError || error.name === 'EnvironmentError';
  if (!isKnown) throw error;
  say(`\n${error.message}`);
  process.exitCode = 1;
}
