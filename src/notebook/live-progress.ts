import { escapeHtml } from '../core/escape-html.js';
import type { EpochRecord } from '../records/record.js';
import { liveDisplay } from './display.js';

/** How far a run is: the epoch from 1, and the samples shown in it. */
export interface ShownProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly samplesShown: number;
  readonly samples: number;
}

/** Callbacks for `train` that show a bar in the running cell. */
export interface ProgressHooks {
  readonly onProgress: (progress: ShownProgress) => void;
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

/** How far a sweep is: what is shown of it. */
export interface SweepState {
  readonly runs: number;
  readonly done: number;
  readonly failed: number;
  readonly running: readonly { readonly label: string; readonly epoch: number; readonly epochs: number }[];
  readonly best?: { readonly label: string; readonly validationAccuracy: number };
  readonly remainingMs?: number;
}

/** Callback for `sweep` that shows a table in the running cell. */
export interface SweepProgressHooks {
  readonly onProgress: (state: SweepState) => void;
}

/**
 * Shows how far a sweep is, in the running cell: `await sweep(spec, { store: 'runs', ...liveSweep('Group sizes') })`.
 * @param label - what is running
 * @throws EnvironmentError outside a notebook
 */
export function liveSweep(label: string): SweepProgressHooks {
  const display = liveDisplay();
  return {
    onProgress: (state) => {
      const { runs, done, failed, running } = state;
      const counts = `${done} of ${runs} runs${failed > 0 ? `, ${failed} failed` : ''}`;
      const best = state.best && `${state.best.validationAccuracy.toFixed(2)} %: ${state.best.label}`;
      const left = state.remainingMs === undefined ? undefined : timeLeft(state.remainingMs);
      const rows = [
        ['time left', left],
        ['best on validation data', best],
        ...running.map((run) => [`epoch ${run.epoch} of ${run.epochs}`, run.label]),
      ].flatMap(([name, value]) => (value === undefined ? [] : [tableRow(name ?? '', value)]));
      display.update({
        'text/html':
          `<progress value="${done}" max="${runs}"></progress> <b>${escapeHtml(label)}</b>, ${counts}` +
          `<table><tbody>${rows.join('')}</tbody></table>`,
        'text/plain': [`${label}, ${counts}`, ...(best ? [`best ${best}`] : [])].join(', '),
      });
    },
  };
}

function tableRow(name: string, value: string): string {
  return `<tr><th style="text-align: left">${escapeHtml(name)}</th><td style="text-align: left">${escapeHtml(value)}</td></tr>`;
}

/** `0:45` minutes and seconds, `3:20:00` with hours. */
function timeLeft(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] > 0 ? parts : parts.slice(1);
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}

function accuracies({ trainAccuracy, testAccuracy }: EpochRecord): string {
  return `training ${trainAccuracy.toFixed(2)} %, test ${testAccuracy.toFixed(2)} %`;
}
