import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

const WIDEST_FIRST = { avx512f: 'AVX-512', avx2: 'AVX2', asimd: 'NEON', neon: 'NEON' };

/** What the numbers were measured on, as Markdown list items. */
export function machineDescription(): string[] {
  const [{ model }] = cpus();
  const features = cpuFeatures();
  return [
    `- ${model.trim()}, ${cpus().length} cores visible, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; ${type()} ${release()}`,
    `- vector instructions: ${features.length > 0 ? features.join(', ') : 'not told by this system'}`,
    `- Node ${process.versions.node} (V8 ${process.versions.v8}), load before the bench ${loadavg()[0].toFixed(2)}`,
  ];
}

/**
 * `AMD EPYC (AVX2)`: the processor's name with its widest vectors, as machines that one rents call processors of several generations
 * by one name.
 */
export function processorName(): string {
  const widest = Object.entries(WIDEST_FIRST).find(([feature]) => cpuFeatures().includes(feature))?.[1];
  const name = cpus()[0].model.trim();
  return widest === undefined ? name : `${name} (${widest})`;
}

function cpuFeatures(): string[] {
  const wanted = ['avx2', 'avx512f', 'avx512bw', 'avx512_vpopcntdq', 'avx512_bitalg', 'neon', 'asimd'];
  try {
    const flags = execFileSync('grep', ['-m1', '-E', '^(flags|Features)', '/proc/cpuinfo'], {
      encoding: 'utf8',
    });
    return wanted.filter((feature) => flags.split(/\s+/).includes(feature));
  } catch {
    return [];
  }
}
