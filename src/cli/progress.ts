import { Presets, SingleBar } from 'cli-progress';
import { bytesText } from '../core/matrix-size.js';
import { printable } from '../core/printable.js';
import type { TrainHooks } from '../node/train.js';
import type { EpochRecord } from '../records/record.js';
import type { RunMemory } from '../training/memory.js';
import type { SweepProgress } from '../training/sweep/progress.js';
import type { SweepHooks, SweepRun } from '../training/sweep/sweep-runs.js';

/** Progress on stderr: a bar on a terminal, lines elsewhere. */
export interface ProgressDisplay<Hooks> {
  readonly hooks: Hooks;
  /** Ends the display; calling it again does nothing. */
  stop(): void;
}

type TrainDisplay = ProgressDisplay<Pick<TrainHooks, 'onMemory' | 'onProgress' | 'onEpoch'>>;
type SweepDisplay = ProgressDisplay<Pick<SweepHooks, 'onProgress' | 'onRun'>>;

/** What a run will take, then its progress; elsewhere, a line per epoch. @param stream - where to show it */
export function trainProgress(stream: NodeJS.WriteStream = process.stderr): TrainDisplay {
  const { hooks, stop } = stream.isTTY ? progressBar(stream) : progressLines(stream);
  const onMemory = ({ bytes }: RunMemory): void => {
    stream.write(`takes ${bytesText(bytes)} of memory for data, weights and batches\n`);
  };
  return { hooks: { ...hooks, onMemory }, stop };
}

function progressBar(stream: NodeJS.WriteStream): TrainDisplay {
  const format = 'epoch {epoch}/{epochs} |{bar}| {percentage} % | {eta_formatted} left | test {test}';
  const bar = new SingleBar({ format, stream, hideCursor: true, etaBuffer: 50 }, Presets.shades_classic);
  let test = '–';
  let started = false;
  return {
    hooks: {
      onProgress: ({ epoch, epochs, samplesShown, samples }) => {
        if (!started) bar.start(epochs * samples, 0, { epoch, epochs, test });
        started = true;
        bar.update((epoch - 1) * samples + samplesShown, { epoch, epochs, test });
      },
      onEpoch: (record) => {
        test = `${record.testAccuracy.toFixed(2)} %`;
      },
    },
    stop: () => {
      if (started) bar.stop();
      started = false;
    },
  };
}

function progressLines(stream: NodeJS.WriteStream): TrainDisplay {
  return { hooks: { onEpoch: (record) => stream.write(`${epochLine(record)}\n`) }, stop: () => undefined };
}

function epochLine(record: EpochRecord): string {
  const { epoch, trainAccuracy, validationAccuracy, testAccuracy, elapsedMs } = record;
  const validation = validationAccuracy === undefined ? '' : `  validation ${validationAccuracy.toFixed(2)}`;
  return (
    `epoch ${epoch}  training ${trainAccuracy.toFixed(2)}${validation}` +
    `  test ${testAccuracy.toFixed(2)}  ${(elapsedMs / 1000).toFixed(1)} s`
  );
}

/** Progress of a sweep; elsewhere, a line per run that ended now. @param stream - where to show it */
export function sweepProgress(stream: NodeJS.WriteStream = process.stderr): SweepDisplay {
  return stream.isTTY ? sweepBar(stream) : sweepLines(stream);
}

function sweepBar(stream: NodeJS.WriteStream): SweepDisplay {
  const format = 'run {value}/{total} |{bar}| {left} left{failed}{best}{running}';
  const bar = new SingleBar({ format, stream, hideCursor: true, fps: 5 }, Presets.shades_classic);
  let started = false;
  return {
    hooks: {
      onProgress: (progress) => {
        const { runs, done } = progress;
        if (!started) bar.start(runs, done, inWords(progress));
        started = true;
        bar.setTotal(runs);
        bar.update(done, inWords(progress));
      },
    },
    stop: () => {
      if (started) bar.stop();
      started = false;
    },
  };
}

function inWords({ failed, best, running, remainingMs }: SweepProgress): Record<string, string> {
  return {
    left: remainingMs === undefined ? '–' : duration(remainingMs),
    failed: failed > 0 ? ` | ${failed} failed` : '',
    best: best ? ` | best ${best.validationAccuracy.toFixed(2)} %: ${printable(best.label)}` : '',
    running: running.length > 0 ? ` | epochs ${running.map(({ epoch }) => epoch).join(', ')}` : '',
  };
}

function sweepLines(stream: NodeJS.WriteStream): SweepDisplay {
  return {
    hooks: {
      onRun: (run, progress) => {
        if (!run.isSkipped) stream.write(`${printable(runLine(run, progress))}\n`);
      },
    },
    stop: () => undefined,
  };
}

function runLine(run: SweepRun, { done, runs, remainingMs }: SweepProgress): string {
  const { label, status, error, validationAccuracy, testAccuracy } = run;
  const validation = validationAccuracy === undefined ? '' : `validation ${validationAccuracy.toFixed(2)}  `;
  const outcome = status === 'failed' ? `failed: ${error}` : `${validation}test ${testAccuracy?.toFixed(2)}`;
  const left = remainingMs === undefined ? '' : `  ${duration(remainingMs)} left`;
  return `run ${done}/${runs}  ${label}  ${outcome}${left}`;
}

/** `45 s`, `12 min`, `3 h 20 min`. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
