import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { referenceKernels } from '../dist/kernels/reference.js';
import type { LabelledInputs } from '../dist/rules/rule.js';
import { floatEpochs } from './float-epoch.js';
import { type Spread, spread, timeMs } from './timing.js';

const ROOT = path.resolve(__dirname, '..');
const VENV = path.join(ROOT, 'build', 'bench-venv');
const PYTHON = path.join(VENV, 'bin', 'python');
const JAX = 'jax==0.10.2';

/** Seconds per epoch of the project's own SGD on ONNX Runtime, one thread. */
export async function sgdEpoch(
  data: LabelledInputs,
  layers: readonly number[],
  repeats: number,
): Promise<Spread> {
  const { epoch, dispose } = await floatEpochs({ name: 'sgd', layers: [...layers] }, data, referenceKernels);
  await epoch();
  const seconds: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) seconds.push((await timeMs(epoch)) / 1000);
  await dispose();
  return spread(seconds);
}

/** Whether JAX can be had: installs it into the bench's own virtual environment. Says so when it cannot. */
export function installJax(): string | undefined {
  try {
    if (!existsSync(PYTHON)) execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
    execFileSync(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', JAX], {
      stdio: 'inherit',
    });
    return JAX;
  } catch (error) {
    console.error(`SKIPPED: JAX cannot be installed (${error instanceof Error ? error.message : error})`);
    return undefined;
  }
}

/** Seconds per epoch of the same perceptron in JAX, compiled as one loop over all batches. */
export function jaxEpoch(
  layers: readonly number[],
  threads: number,
  repeats: number,
  rule = 'sgd',
  time: 'seconds' | 'processor' = 'seconds',
): Spread {
  return askJax('jax_epoch.py', [layers.join(','), `${threads}`, `${repeats}`, rule], time);
}

/** Processor seconds per epoch of a recurrent network in JAX, one thread. @param sizes - width, steps, samples and epochs */
export function jaxRecurrentEpoch(sizes: readonly [number, number, number, number]): Spread {
  return askJax('jax_recurrent_epoch.py', sizes.map(String), 'processor');
}

function askJax(name: string, options: readonly string[], time: 'seconds' | 'processor'): Spread {
  const { stdout, status, stderr } = spawnSync(PYTHON, [path.join(ROOT, 'bench', name), ...options], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  const lines = stdout.trim().split('\n');
  return spread(lines.map((line) => (JSON.parse(line) as Record<typeof time, number>)[time]));
}
