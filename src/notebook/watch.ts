import { encode } from 'fast-png';
import { PALETTE } from '../figures/series-style.js';
import type { EpochRecord } from '../records/record.js';
import { kernelLink } from './kernel-link.js';
import { progressInCell } from './live-progress.js';
import type { ProgressHooks } from './progress-hooks.js';
import { runLines } from './progress-text.js';
import { smallCurve } from './small-curve.js';

/** What is looked at of a network in training. */
export interface WatchedLearner {
  /** Copies of the hidden weights of every layer, input side first; absent for rules without. */
  hiddenWeights?(): readonly {
    readonly rows: number;
    readonly columns: number;
    readonly values: Int16Array;
  }[];
}

/** Callbacks for `train` that show a run and its network in the running cell. */
export interface WatchHooks extends ProgressHooks {
  readonly onLearner: (learner: WatchedLearner) => void;
}

/** Neurons of the first layer that are shown. */
const NEURONS = 20;
const ACROSS = 10;

/** The least time from look to look, and most of the time that looking takes, as one part in so many. */
const LOOK_MS = 500;
const LOOK_SHARE = 20;

/** Depths 1, 2 … 16384. */
const BINS = 15;
const BAR = { width: 8, height: 36 } as const;

/** A layer has one colour in all that is shown of it: one that is seen on white and on black. */
const layerColor = (layer: number): string => PALETTE[layer % 6];

/** Blue pulls to +1, vermilion to −1, on grey; as in all figures. */
const [POSITIVE, NEGATIVE, GROUND] = [
  [0, 114, 178],
  [213, 94, 0],
  [238, 238, 240],
] as const;

/**
 * Shows a run and its network in the running cell while it trains: what `liveProgress` shows and, for rules that have hidden weights, the
 * weights of the first neurons as images, how deep those of each layer lie, and how many samples made it correct itself:
 * `await train(options, watch('local-error'))`. It looks twice a second at most, and takes at most a twentieth of the time. Outside a notebook each epoch is a line on stderr.
 * @param label - what is running
 */
export function watch(label: string): WatchHooks {
  if (kernelLink() === undefined) return { ...runLines(label), onLearner: () => undefined };
  let learner: WatchedLearner | undefined;
  let panels = '';
  let next = 0;
  let isFirst = true;
  let epochs = 0;
  let triggers = '';
  const past: EpochRecord[] = [];
  const look = (): string => {
    const start = performance.now();
    if (start < next) return panels;
    const hidden = learner?.hiddenWeights?.();
    if (!hidden || hidden.length === 0) return '';
    panels = `<div>${weightImages(hidden[0])}</div>${hidden.map(({ values }, l) => depthBars(values, l)).join('')}`;
    // What a first look takes is mostly that its code has never run.
    next = start + (isFirst ? LOOK_MS : Math.max(LOOK_MS, LOOK_SHARE * (performance.now() - start)));
    isFirst = false;
    return panels;
  };
  const progress = progressInCell(label, () => look() + triggers);
  return {
    ...progress,
    onLearner: (made) => {
      learner = made;
    },
    onEpoch: (epoch) => {
      // The last look is at the network as it has become.
      if (epoch.epoch === epochs) next = 0;
      past.push(epoch);
      triggers = triggerCurves(past, epochs);
      progress.onEpoch(epoch);
    },
    onProgress: (state) => {
      epochs = state.epochs;
      progress.onProgress(state);
    },
  };
}

/** The first neurons beside and below each other, each as a picture that is square, or nearly. */
function weightImages({
  rows,
  columns,
  values,
}: {
  rows: number;
  columns: number;
  values: Int16Array;
}): string {
  const neurons = Math.min(NEURONS, rows);
  const side = Math.ceil(Math.sqrt(columns));
  const high = Math.ceil(columns / side);
  const across = Math.min(ACROSS, neurons);
  const width = across * (side + 1) - 1;
  const height = Math.ceil(neurons / across) * (high + 1) - 1;
  const data = new Uint8Array(4 * width * height);
  const deepest = values.subarray(0, neurons * columns).reduce((most, h) => Math.max(most, Math.abs(h)), 1);
  for (let i = 0; i < neurons * columns; i++) {
    const neuron = Math.floor(i / columns);
    const pixel = i % columns;
    const x = (neuron % across) * (side + 1) + (pixel % side);
    const y = Math.floor(neuron / across) * (high + 1) + Math.floor(pixel / side);
    const share = (Math.log2(1 + Math.abs(values[i])) / Math.log2(1 + deepest)) ** 2;
    const colour = values[i] < 0 ? NEGATIVE : POSITIVE;
    const at = 4 * (y * width + x);
    for (let c = 0; c < 3; c++) data[at + c] = GROUND[c] + share * (colour[c] - GROUND[c]);
    data[at + 3] = 255;
  }
  const png = Buffer.from(encode({ width, height, data, channels: 4 })).toString('base64');
  return (
    `<img alt="hidden weights of the first ${neurons} neurons" src="data:image/png;base64,${png}" ` +
    `style="width: 100%; max-width: ${2 * width}px; image-rendering: pixelated">`
  );
}

/** How many weights of a layer lie how deep. */
function depthBars(values: Int16Array, layer: number): string {
  const counts = new Array<number>(BINS).fill(0);
  for (const h of values) if (h !== 0) counts[Math.min(BINS - 1, 31 - Math.clz32(Math.abs(h)))]++;
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, i) => {
    const height = (BAR.height * count) / most;
    const place = `x="${i * BAR.width}" y="${(BAR.height - height).toFixed(1)}"`;
    return `<rect ${place} width="${BAR.width - 1}" height="${height.toFixed(1)}"/>`;
  });
  const title = `depth |h| of layer ${layer + 1}, from 1 to 16384 by powers of two`;
  return (
    `<span style="margin-right: 1em">depth of layer ${layer + 1} <svg width="${BINS * BAR.width}" height="${BAR.height}" ` +
    `role="img" aria-label="${title}" fill="${layerColor(layer)}" style="vertical-align: bottom; border-bottom: 1px solid #8888">` +
    `${bars.join('')}</svg></span>`
  );
}

/** How many samples of each epoch made a layer correct itself; made once an epoch. */
function triggerCurves(past: readonly EpochRecord[], epochs: number): string {
  const { layers = [] } = past[past.length - 1];
  if (layers.length === 0) return '';
  const lines = layers.map((_, l) => ({
    values: past.flatMap((epoch) => epoch.layers?.[l].triggerPercent ?? []),
    color: layerColor(l),
  }));
  const title = 'percent of samples that triggered each layer, over epochs';
  const last = layers.map(({ triggerPercent }) => `${triggerPercent.toFixed(1)} %`).join(', ');
  return `<div>triggers ${smallCurve(lines, epochs - past[0].epoch + 1, title)} ${last}</div>`;
}
