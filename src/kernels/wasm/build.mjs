// Compiles assembly/*.ts to dist/kernels/wasm/kernels.wasm; does nothing when that is up to date.
// With --check it only says whether it is: exit status 0 or 1.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(FOLDER, '../../..');
const OUTPUT = join(PROJECT, 'dist/kernels/wasm/kernels.wasm');

/** SHA-256 of everything that `OUTPUT` was made from. */
const STAMP = `${OUTPUT}.stamp`;

const COMPILER_OPTIONS = [
  ...['--runtime', 'stub', '--noAssert', '-O3', '--converge'],
  ...['--enable', 'simd,threads,bulk-memory'],
  // The caller makes the memory (linear-memory.ts); the limits are the widest that fit its own.
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65535'],
];

/** @returns {Promise<'built' | 'up to date'>} */
export async function buildWasmKernels() {
  if (isUpToDate()) return 'up to date';
  const { default: asc } = await import('assemblyscript/asc');
  mkdirSync(dirname(OUTPUT), { recursive: true });
  // Written beside, then renamed: whoever loads the module meanwhile sees the old one or the new one.
  const fresh = `${OUTPUT}.${process.pid}`;
  const entry = relative(PROJECT, join(FOLDER, 'assembly/index.ts'));
  const options = ['--baseDir', PROJECT, '--outFile', relative(PROJECT, fresh), ...COMPILER_OPTIONS];
  const { error, stderr } = await asc.main([entry, ...options]);
  if (error) throw new Error(`${error.message}\n${stderr}`);
  renameSync(fresh, OUTPUT);
  writeFileSync(STAMP, hashSources());
  return 'built';
}

function isUpToDate() {
  return readIfPresent(STAMP) === hashSources() && readIfPresent(OUTPUT) !== undefined;
}

function hashSources() {
  const compiler = createRequire(import.meta.url)('assemblyscript/package.json').version;
  const hash = createHash('sha256').update(JSON.stringify([compiler, COMPILER_OPTIONS]));
  const assembly = join(FOLDER, 'assembly');
  for (const file of readdirSync(assembly).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(assembly, file)));
  }
  return hash.digest('hex');
}

function readIfPresent(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (argv[2] === '--check' && !isUpToDate()) throw new Error('not built from the present sources');
    console.log(`wasm kernels: ${await buildWasmKernels()}`);
  } catch (error) {
    console.error(`wasm kernels: ${error.message}`);
    exit(1);
  }
}
