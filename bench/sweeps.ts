import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Row } from '../dist/core/row.js';
import { markdownTable } from '../dist/tables/markdown.js';
import { show } from './timing.js';
import { inTurns } from './turns.js';

const CLI = path.resolve(__dirname, '..', 'dist', 'cli.js');

/** Runs of `local-error` at 525,525 on Fashion-MNIST. */
interface SweepSize {
  readonly runs: number;
  readonly epochs: number;
}

/** Many short runs, and few long ones. */
export const SWEEPS: readonly SweepSize[] = [
  { runs: 32, epochs: 2 },
  { runs: 8, epochs: 20 },
];

/** Sweeps that tell nothing, but whether this runs. */
export const QUICK_SWEEPS: readonly SweepSize[] = [{ runs: 4, epochs: 1 }];

/**
 * Seconds of whole sweeps as one starts them, data and start included, with one worker and with two in turn: above 1 is faster with two.
 */
export async function sweeps(
  say: (text: string) => void,
  sizes: readonly SweepSize[],
  pairs: number,
): Promise<Record<string, number>> {
  say('\n### Sweeps: `xnorlab sweep`, start and data included, seconds, one worker and two in turn\n');
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-bench-sweeps-'));
  const rows: Row[] = [];
  const ratios: Record<string, number> = {};
  try {
    for (const { runs, epochs } of sizes) {
      const name = `${runs} runs of ${epochs} epochs`;
      const file = path.join(folder, 'sweep.json');
      writeFileSync(file, JSON.stringify(sweepOf(runs, epochs)));
      // Once before, uncounted: what is read from disk is in memory then.
      if (rows.length === 0) runSweep(file, path.join(folder, 'first'), 2);
      let turn = 0;
      const sweepWith = (workers: number) => () =>
        runSweep(file, path.join(folder, `${epochs}-${turn++}`), workers);
      const { before, now, ratio } = await inTurns(name, sweepWith(1), sweepWith(2), pairs);
      ratios[`two workers, ${name}`] = ratio.median;
      rows.push({
        sweep: name,
        'one worker': show(inSeconds(before), 1),
        'two workers': show(inSeconds(now), 1),
        'one / two': show(ratio, 2),
        'of the best': (before.minimum / now.minimum).toFixed(2),
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(markdownTable(rows));
  return ratios;
}

function sweepOf(runs: number, epochs: number): object {
  const rule = { name: 'local-error', layers: [525, 525], groupSize: 35 };
  return { name: 'bench', base: { dataset: 'fashion-mnist', rule, epochs }, axes: [{ seeds: runs }] };
}

function runSweep(file: string, store: string, workers: number): void {
  const args = [CLI, 'sweep', file, '--store', store, '--workers', `${workers}`];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the sweep ended with ${status}:\n${stderr}`);
}

function inSeconds<Times extends Record<'median' | 'minimum' | 'maximum' | 'repeats', number>>(
  ms: Times,
): Times {
  const { median, minimum, maximum } = ms;
  return { ...ms, median: median / 1000, minimum: minimum / 1000, maximum: maximum / 1000 };
}
