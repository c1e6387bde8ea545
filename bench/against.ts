// npm run bench -- --against <commit> [--short]
//
// The native kernels of another commit and the present ones in turn, one thread, in one process. Appended to
// history.jsonl. --short is for continuous integration: a minute, and a warning where something takes 10 % longer.
import { loadDataset } from '../dist/node/data/load.js';
import { instructionSets } from '../dist/node/kernels/native/backend.js';
import type { LabelledInputs } from '../dist/rules/rule.js';
import { prepareTaskData } from '../dist/training/task-data.js';
import { nativeWithThreads } from './backends.js';
import type { EpochSetting } from './epoch.js';
import { remember } from './history.js';
import { machineDescription } from './machine.js';
import { otherCommit } from './other-commit.js';
import { type Spread, show } from './timing.js';
import { epochTurns, type ProductShape, productTurns, type Turns } from './turns.js';

const MEDIAN = { kind: 'median', per: 'channel' } as const;

const SHAPES: readonly ProductShape[] = [
  [100, 784, 1024],
  [100, 784, 255],
  [100, 255, 255],
  [100, 784, 525],
  [100, 525, 525],
  [100, 784, 1035],
  [100, 1035, 1035],
  [100, 784, 2048],
  [100, 2048, 2048],
  [100, 525, 10],
  [1, 784, 525],
  [1000, 784, 525],
];
const SHORT_SHAPES: readonly ProductShape[] = [SHAPES[0], SHAPES[4], SHAPES[8]];

/** Below this, by the median of the pairs and by the shortest times, a ratio is worth a warning. */
const WORTH_A_WARNING = 1 / 1.1;

/** Compares with `commit` and prints Markdown. Warns, and never fails, where the present kernels are slower. */
export async function benchAgainst(
  commit: string,
  settings: readonly EpochSetting[],
  isShort: boolean,
): Promise<void> {
  if (instructionSets().length === 0) {
    console.error('SKIPPED: there are no native kernels to compare');
    return;
  }
  const other = otherCommit(commit);
  if (other === undefined) return;
  try {
    const [before, now] = [other.kernels(1), nativeWithThreads(1)];
    const pairs = isShort ? 9 : 15;
    console.log(
      `Against ${other.commit.slice(0, 7)}: ${now.description}, in turn: ${pairs} pairs, of epochs 7\n`,
    );
    for (const line of machineDescription()) console.log(line);
    console.log('\n| work | before | now | before / now | of the best |\n| --- | --- | --- | --- | --- |');
    const turns: Turns[] = [];
    const add = (measured: Turns): void => {
      turns.push(measured);
      console.log(row(measured));
    };
    for (const shape of isShort ? SHORT_SHAPES : SHAPES) {
      add(await productTurns(before, now, shape, pairs));
    }
    const data = await trainingData();
    for (const setting of isShort ? settings.slice(0, 2) : settings) {
      add(await epochTurns(before, now, data, setting, 7));
    }
    remember('against', ratios(turns), other.commit);
    for (const { name, ratio, before, now: present } of turns) {
      if (Math.max(ratio.median, before.minimum / present.minimum) < WORTH_A_WARNING) {
        console.error(
          `WARNING: ${name} takes ${(1 / ratio.median).toFixed(2)} times as long as at ${commit}`,
        );
      }
    }
  } finally {
    other.dispose();
  }
}

/** Fashion-MNIST or, where it is not, as much data that is made here. */
async function trainingData(): Promise<LabelledInputs> {
  try {
    return prepareTaskData(await loadDataset('fashion-mnist'), 'binarized', MEDIAN).train;
  } catch {
    console.error('Fashion-MNIST is not here: epochs of the random prototypes');
    const perFeature = { ...MEDIAN, per: 'feature' } as const;
    return prepareTaskData(await loadDataset('prototypes'), 'binarized', perFeature).train;
  }
}

/** A line of the table, printed as soon as it is known. */
function row({ name, gigabits, before, now, ratio }: Turns): string {
  const speed = ({ median }: Spread): string =>
    gigabits === undefined ? `${median.toFixed(0)} ms` : `${((1000 * gigabits) / median).toFixed(0)} Gbit/s`;
  const best = (before.minimum / now.minimum).toFixed(2);
  return `| ${name} | ${speed(before)} | ${speed(now)} | ${show(ratio, 2)} | ${best} |`;
}

function ratios(turns: readonly Turns[]): Record<string, number> {
  return Object.fromEntries(turns.map(({ name, ratio }) => [name, ratio.median]));
}
