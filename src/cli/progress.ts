import { Presets, SingleBar } from 'cli-progress';
import type { EpochRecord } from '../experiments/record.js';
import type { TrainHooks } from '../experiments/train.js';

/** Progress of a run on stderr: a bar on a terminal, one line per epoch elsewhere. */
export interface ProgressDisplay {
  readonly hooks: Pick<TrainHooks, 'onProgress' | 'onEpoch'>;
  /** Ends the display; calling it again does nothing. */
  stop(): void;
}

/** @param stream - where to show it */
export function trainProgress(stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  return stream.isTTY ? progressBar(stream) : progressLines(stream);
}

function progressBar(stream: NodeJS.WriteStream): ProgressDisplay {
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

function progressLines(stream: NodeJS.WriteStream): ProgressDisplay {
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
