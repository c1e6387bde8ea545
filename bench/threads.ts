import type { Row } from '../dist/core/row.js';
import { loadDataset } from '../dist/node/data/load.js';
import type { LabelledInputs } from '../dist/rules/rule.js';
import { markdownTable } from '../dist/tables/markdown.js';
import { prepareTaskData } from '../dist/training/task-data.js';
import { nativeWithThreads } from './backends.js';
import type { EpochSetting } from './epoch.js';
import { show } from './timing.js';
import { epochTurns } from './turns.js';

/** What two threads make of an epoch of one: pairs in turn, above 1 is faster with two. */
export async function twoThreads(
  say: (text: string) => void,
  settings: readonly EpochSetting[],
  pairs: number,
): Promise<Record<string, number>> {
  say('\n### Two threads: native, milliseconds per epoch, one and two in turn\n');
  const data = await trainingData();
  const [one, two] = [nativeWithThreads(1), nativeWithThreads(2)];
  const rows: Row[] = [];
  const ratios: Record<string, number> = {};
  for (const setting of settings) {
    const widths = setting.layers.join(',');
    const { before, now, ratio } = await epochTurns(one, two, data, setting, pairs);
    ratios[`two threads ${widths}`] = ratio.median;
    rows.push({
      widths,
      'one thread': show(before, 0),
      'two threads': show(now, 0),
      'one / two': show(ratio, 2),
      'of the best': (before.minimum / now.minimum).toFixed(2),
    });
  }
  say(markdownTable(rows));
  return ratios;
}

async function trainingData(): Promise<LabelledInputs> {
  const median = { kind: 'median', per: 'channel' } as const;
  return prepareTaskData(await loadDataset('fashion-mnist'), 'binarized', median).train;
}
