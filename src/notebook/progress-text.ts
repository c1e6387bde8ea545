import { tell } from '../node/printing/terminal.js';
import type { EpochRecord } from '../records/record.js';
import type { ProgressHooks, SweepProgressHooks, SweepState } from './progress-hooks.js';

/** `epoch 3 of 20: training 91.20 %, test 84.31 %`; epochs that are not known yet are `?`. */
export function runText(last: EpochRecord | undefined, epochs: number | undefined): string {
  return `epoch ${last?.epoch ?? 0} of ${epochs ?? '?'}${last ? `: ${accuracies(last)}` : ''}`;
}

function accuracies({ trainAccuracy, testAccuracy }: EpochRecord): string {
  return `training ${trainAccuracy.toFixed(2)} %, test ${testAccuracy.toFixed(2)} %`;
}

/** `3 of 15 runs, 1 failed` */
export function countText({ runs, done, failed }: SweepState): string {
  return `${done} of ${runs} runs${failed > 0 ? `, ${failed} failed` : ''}`;
}

/** `84.31 %: rule.groupSize 35`, as soon as there is a best one. */
export function bestText({ best }: SweepState): string | undefined {
  return best && `${best.validationAccuracy.toFixed(2)} %: ${best.label}`;
}

/** What a script has in place of `liveProgress`: a line on stderr for each epoch. */
export function runLines(label: string): ProgressHooks {
  let epochs: number | undefined;
  return {
    onProgress: (progress) => {
      epochs = progress.epochs;
    },
    onEpoch: (epoch) => writeLine(`${label}, ${runText(epoch, epochs)}`),
  };
}

/** What a script has in place of `liveSweep`: a line on stderr for each run that has ended. */
export function sweepLines(label: string): SweepProgressHooks {
  let ended = 0;
  return {
    onRun: () => undefined,
    onProgress: (state) => {
      if (state.done <= ended) return;
      ended = state.done;
      const best = bestText(state);
      writeLine(`${label}, ${countText(state)}${best ? `, best ${best}` : ''}`);
    },
  };
}

function writeLine(text: string): void {
  tell(text);
}
