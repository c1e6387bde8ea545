import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../../files/folders.js';
import { ADDON_FILE, BUILD_FOLDER, PREBUILD_FILE } from './location.js';
import { signatures, writeSignatures } from './signatures.js';

/** Where the sources are, whether this file runs from `src` or from `dist`. */
const SOURCE_FOLDER = join(PACKAGE_ROOT, 'src', 'node', 'kernels', 'native');

/** What the addon was last built from, or what last could not be built. */
const STAMP_FILE = join(BUILD_FOLDER, 'stamp.json');

/** What the addon for the package was last built from. */
const PREBUILD_STAMP_FILE = join(BUILD_FOLDER, 'prebuild-stamp.json');

/**
 * So that it needs no C++ library as new as the compiler's, and of the C library no newer functions than it calls: those that only the
 * unused rest of the C++ library wants are dropped. libgcc stays outside, as Node itself needs it, and a new one inside asks for a new C library.
 */
const PREBUILD_LINKER_OPTIONS = '-static-libstdc++ -Wl,--exclude-libs,ALL -Wl,--gc-sections -s';

const LOG_FILE = join(BUILD_FOLDER, 'build.log');

const TARGET_NAME = 'xnorlab_kernels';

/** How a build ended. */
export interface BuildResult {
  readonly outcome: 'built' | 'up to date' | 'failed';
  /** One line for the user. */
  readonly message: string;
}

/**
 * Compiles the native kernels if their sources, Node or the machine's architecture changed since the last time.
 * Never throws: without a compiler the portable backend is used, and the message says what that costs.
 */
export function buildNativeKernels(): BuildResult {
  const hash = hashOfSources();
  if (existsSync(ADDON_FILE) && readStamp(STAMP_FILE) === hash) {
    return { outcome: 'up to date', message: 'native kernels: up to date' };
  }
  const startedAt = Date.now();
  try {
    compile(ADDON_FILE);
    writeFileSync(STAMP_FILE, JSON.stringify({ hash }));
  } catch (error) {
    // An addon of older sources would not fit the code that calls it.
    for (const file of [ADDON_FILE, PREBUILD_FILE]) rmSync(file, { force: true });
    return { outcome: 'failed', message: failureMessage(error) };
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  return { outcome: 'built', message: `native kernels: built in ${seconds} s` };
}

/**
 * Compiles the addon that goes into the package, unless it is there already: on Linux with the C++ library in it.
 * @returns its file
 * @throws Error when it cannot be compiled
 */
export function prebuildNativeKernels(): string {
  const hash = `${hashOfSources()} ${PREBUILD_LINKER_OPTIONS}`;
  if (existsSync(PREBUILD_FILE) && readStamp(PREBUILD_STAMP_FILE) === hash) return PREBUILD_FILE;
  mkdirSync(dirname(PREBUILD_FILE), { recursive: true });
  compile(PREBUILD_FILE, platform() === 'linux' ? { LDFLAGS: PREBUILD_LINKER_OPTIONS } : {});
  writeFileSync(PREBUILD_STAMP_FILE, JSON.stringify({ hash }));
  return PREBUILD_FILE;
}

/** Compiles in a folder of its own, beside the header that follows from the table of operations, so that nothing half-built is ever seen and two builds do not meet. */
function compile(file: string, variables: NodeJS.ProcessEnv = {}): void {
  mkdirSync(BUILD_FOLDER, { recursive: true });
  const work = mkdtempSync(join(BUILD_FOLDER, 'work-'));
  try {
    for (const file of sourceFiles()) copyFileSync(join(SOURCE_FOLDER, file), join(work, file));
    writeSignatures(work);
    runNodeGyp(work, variables);
    // A running process keeps the old file, which a rename leaves alone.
    renameSync(join(work, 'build', 'Release', `${TARGET_NAME}.node`), file);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function runNodeGyp(folder: string, variables: NodeJS.ProcessEnv): void {
  const nodeGyp = createRequire(__filename).resolve('node-gyp/bin/node-gyp.js');
  const options = ['rebuild', '--directory', folder, '--jobs', 'max', ...nodeHeaders()];
  const result = spawnSync(process.execPath, [nodeGyp, ...options], {
    encoding: 'utf8',
    env: { ...process.env, ...variables },
  });
  const log = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`;
  writeFileSync(LOG_FILE, log);
  if (result.status === 0) return;
  const reason =
    /^gyp ERR! stack Error: (.*)$/m.exec(log)?.[1] ?? `node-gyp ended with status ${result.status}`;
  throw new Error(`${reason}; see ${LOG_FILE}`);
}

/** The headers that came with this Node; without them node-gyp would download some. */
function nodeHeaders(): string[] {
  const nodeFolder = dirname(dirname(process.execPath));
  return existsSync(join(nodeFolder, 'include', 'node', 'node_api.h')) ? [`--nodedir=${nodeFolder}`] : [];
}

function sourceFiles(): string[] {
  return readdirSync(SOURCE_FOLDER)
    .filter((file) => /\.(cpp|h|gyp)$/.test(file))
    .sort();
}

function hashOfSources(): string {
  const hash = createHash('sha256').update(`${platform()} ${arch()}`);
  hash.update(signatures());
  for (const file of sourceFiles())
    hash.update(`\0${file}\0`).update(readFileSync(join(SOURCE_FOLDER, file)));
  return hash.digest('hex');
}

function readStamp(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { hash?: string }).hash;
  } catch {
    return undefined;
  }
}

function failureMessage(error: unknown): string {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
  return (
    `native kernels: not built (${reason}). The portable backend is used, which is several times slower. ` +
    'To build them install g++, make and python3 and run `npm ci`, then run the set-up again.'
  );
}

const [, script] = process.argv;
if (script && existsSync(script) && realpathSync(script) === __filename) {
  console.log(buildNativeKernels().message);
}
