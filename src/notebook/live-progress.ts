import { escapeHtml } from '../core/escape-html.js';
import { PALETTE } from '../figures/series-style.js';
import type { EpochRecord } from '../records/record.js';
import { liveDisplay } from './display.js';
import { kernelLink } from './kernel-link.js';
import type { ProgressHooks, SweepProgressHooks } from './progress-hooks.js';
import { bestText, countText, runLines, runText, sweepLines } from './progress-text.js';
import { smallCurve } from './small-curve.js';

/** Of the test and the training set, and of flips, in light and dark. */
const [TEST_COLOR, FLIPS_COLOR] = [PALETTE[0], PALETTE[1]];

/**
 * Shows how far a run is, in the running cell: epochs in all, time left, accuracy and, for rules that have hidden weights, flips
 * over epochs. `await train(options, liveProgress('SGD'))`. Outside a notebook each epoch is a line on stderr.
 * @param label - what is running
 */
export function liveProgress(label: string): ProgressHooks {
  return kernelLink() === undefined ? runLines(label) : progressInCell(label, () => '');
}

/**
 * As `liveProgress` in a notebook, with something below it.
 * @param panels - HTML, asked for at every update
 */
export function progressInCell(label: string, panels: () => string): ProgressHooks {
  const display = liveDisplay();
  const past: EpochRecord[] = [];
  let epochs: number | undefined;
  let started: { readonly atMs: number; readonly share: number } | undefined;
  let curve = '';
  const update = (share: number): void => {
    const nowMs = performance.now();
    started ??= { atMs: nowMs, share };
    const speed = (share - started.share) / (nowMs - started.atMs);
    const last = past.at(-1);
    const done = share >= 1;
    const left = !done && speed > 0 ? `, ${timeLeft((1 - share) / speed)} left` : '';
    const state = `${runText(last, epochs)}${left}`;
    display.update({
      'text/html':
        `<progress value="${share.toFixed(4)}" max="1"></progress> <b>${escapeHtml(label)}</b>, ${state}` +
        (curve && `<div>${curve}</div>`) +
        panels(),
      'text/plain': `${label}, ${state}`,
    });
  };
  return {
    onProgress: (progress) => {
      epochs = progress.epochs;
      update((progress.epoch - 1 + progress.samplesShown / progress.samples) / epochs);
    },
    onEpoch: (epoch) => {
      past.push(epoch);
      curve = runCurve(past, epochs ?? epoch.epoch);
      update(epoch.epoch / (epochs ?? epoch.epoch));
    },
  };
}

/** Accuracy, test solid and training dotted, and flips beside it; made once an epoch. */
function runCurve(past: readonly EpochRecord[], epochs: number): string {
  // Of a run that goes on from a checkpoint, the epochs before are not known.
  const length = epochs - past[0].epoch + 1;
  const accuracy = smallCurve(
    [
      { values: past.map((epoch) => epoch.trainAccuracy), color: TEST_COLOR, dash: '2 2' },
      { values: past.map((epoch) => epoch.testAccuracy), color: TEST_COLOR },
    ],
    length,
    'accuracy over epochs',
  );
  const last = past[past.length - 1];
  const flips = past.flatMap((epoch) => epoch.flips ?? []);
  const shown = `accuracy ${accuracy}`;
  if (flips.length < past.length) return shown;
  const counts = smallCurve([{ values: flips, color: FLIPS_COLOR }], length, 'flips over epochs');
  return `${shown} &ensp; flips ${counts} ${last.flips?.toLocaleString('en')}`;
}

/**
 * Shows how far a sweep is, in the running cell: runs in all, time left, the best so far, and the validation accuracy of each run
 * as it ended: `await sweep(spec, { store: 'runs', ...liveSweep('Group sizes') })`. Outside a notebook each run that has ended is a
 * line on stderr.
 * @param label - what is running
 */
export function liveSweep(label: string): SweepProgressHooks {
  if (kernelLink() === undefined) return sweepLines(label);
  const display = liveDisplay();
  const accuracies: number[] = [];
  return {
    onRun: ({ validationAccuracy }) => {
      if (validationAccuracy !== undefined) accuracies.push(validationAccuracy);
    },
    onProgress: (state) => {
      const { runs, done, running } = state;
      const [counts, best] = [countText(state), bestText(state)];
      const left = state.remainingMs === undefined ? undefined : timeLeft(state.remainingMs);
      const rows = [
        ['time left', left],
        ['best on validation data', best],
        ...running.map((run) => [`epoch ${run.epoch} of ${run.epochs}`, run.label]),
      ].flatMap(([name, value]) => (value === undefined ? [] : [tableRow(name ?? '', value)]));
      display.update({
        'text/html':
          `<progress value="${done}" max="${runs}"></progress> <b>${escapeHtml(label)}</b>, ${counts}` +
          `<table><tbody>${rows.join('')}</tbody></table>${sweepCurve(accuracies, runs)}`,
        'text/plain': [`${label}, ${counts}`, ...(best ? [`best ${best}`] : [])].join(', '),
      });
    },
  };
}

function sweepCurve(values: readonly number[], runs: number): string {
  if (values.length === 0) return '';
  const title = 'validation accuracy of runs, as they ended';
  return `<div>${title} ${smallCurve([{ values, color: TEST_COLOR, areDots: true }], runs, title)}</div>`;
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
