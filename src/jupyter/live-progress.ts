import { escapeHtml } from '../bits/escape-html.js';
import type { EpochRecord } from '../experiments/record.js';
import { liveDisplay } from './display.js';

/** How far a run is: the epoch from 1, and the samples shown in it. */
export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  readonly samplesShown: number;
  readonly samples: number;
}

/** Callbacks for `train` that show a bar in the running cell. */
export interface ProgressHooks {
  readonly onProgress: (progress: Progress) => void;
  readonly onEpoch: (epoch: EpochRecord) => void;
}

/**
 * Shows how far a run is, in the running cell: `await train(options, liveProgress('SGD'))`.
 * @param label - what is running
 * @throws EnvironmentError outside a notebook
 */
export function liveProgress(label: string): ProgressHooks {
  const display = liveDisplay();
  let last: EpochRecord | undefined;
  let epochs: number | undefined;
  const update = (share: number): void => {
    const state = last ? `epoch ${last.epoch}: ${accuracies(last)}` : 'first epoch';
    display.update({
      'text/html': `<progress value="${share.toFixed(4)}" max="1"></progress> <b>${escapeHtml(label)}</b>, ${state}`,
      'text/plain': `${label}, ${state}`,
    });
  };
  return {
    onProgress: (progress) => {
      epochs = progress.epochs;
      update((progress.epoch - 1 + progress.samplesShown / progress.samples) / epochs);
    },
    onEpoch: (epoch) => {
      last = epoch;
      update(epoch.epoch / (epochs ?? epoch.epoch));
    },
  };
}

function accuracies({ trainAccuracy, testAccuracy }: EpochRecord): string {
  return `training ${trainAccuracy.toFixed(2)} %, test ${testAccuracy.toFixed(2)} %`;
}
