// Compiles assembly/*.ts to dist/kernels/wasm/*.wasm; does nothing when they are up to date.
// With --check it only says whether it is: exit status 0 or 1.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(FOLDER, '../../..');
const BUILT = join(PROJECT, 'dist/kernels/wasm');

/** SHA-256 of everything that the modules were made from. */
const STAMP = join(BUILT, 'kernels.wasm.stamp');

const COMPILER_OPTIONS = ['--runtime', 'stub', '--noAssert', '-O3', '--converge'];

const MODULES = [
  {
    entry: 'index.ts',
    output: join(BUILT, 'kernels.wasm'),
    options: [
      ...['--enable', 'simd,threads,bulk-memory'],
      // The caller makes the memory (linear-memory.ts); the limits are the widest that fit its own.
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65535'],
    ],
  },
  { entry: 'adam.ts', output: join(BUILT, 'adam.wasm'), options: ['--enable', 'simd'] },
];

/** @returns {Promise<'built' | 'up to date'>} */
export async function buildWasmKernels() {
  if (isUpToDate()) return 'up to date';
  const { default: asc } = await import('assemblyscript/asc');
  mkdirSync(BUILT, { recursive: true });
  for (const module of MODULES) await compile(asc, module);
  writeFileSync(STAMP, hashSources());
  return 'built';
}

async function compile(asc, { entry, output, options }) {
  // Written beside, then renamed: whoever loads the module meanwhile sees the old one or the new one.
  const fresh = `${output}.${process.pid}`;
  const source = relative(PROJECT, join(FOLDER, 'assembly', entry));
  const files = ['--baseDir', PROJECT, '--outFile', relative(PROJECT, fresh)];
  const { error, stderr } = await asc.main([source, ...files, ...COMPILER_OPTIONS, ...options]);
  if (error) throw new Error(`${error.message}\n${stderr}`);
  renameSync(fresh, output);
}

function isUpToDate() {
  const isThere = ({ output }) => readIfPresent(output) !== undefined;
  return readIfPresent(STAMP) === hashSources() && MODULES.every(isThere);
}

function hashSources() {
  const compiler = createRequire(import.meta.url)('assemblyscript/package.json').version;
  const hash = createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .update(compiler);
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
