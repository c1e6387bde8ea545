import { randomStreams } from '../dist/core/random.js';
import type { Row } from '../dist/core/row.js';
import { limitTrain } from '../dist/data/limit-train.js';
import { cutIntoSteps } from '../dist/data/windows.js';
import { loadDataset } from '../dist/node/data/load.js';
import { selectKernels } from '../dist/node/kernels/select.js';
import { BepTtLearner } from '../dist/rules/bep-tt/bep-tt.js';
import { bepTtConfig } from '../dist/rules/bep-tt/config.js';
import { markdownTable } from '../dist/tables/markdown.js';
import { prepareTaskData } from '../dist/training/task-data.js';
import { installJax, jaxRecurrentEpoch } from './peers.js';
import { processorMs, show, spread } from './timing.js';

const MEDIAN = { kind: 'median', per: 'channel' } as const;
const [WIDTH, STEPS, BATCH_SIZE] = [1875, 28, 100];

/** Digits of an epoch of MNIST, which times are scaled to. */
const DIGITS = 50_000;

/** Epochs that are shown, of as many as the last of them. */
const SHOWN = [1, 2, 5, 10, 20];

/**
 * Processor seconds for an epoch of `bep-tt` on digits in 28 steps, 1875 neurons in both layers, native kernels, beside the same network of
 * floats in JAX, laid out in time, before and after; one thread. Times are of some digits and scaled to 50,000: both are linear in samples
 * but for what a batch takes. An epoch is the slower the more samples trigger; the share that did is in the table, and what is left where
 * none does: the way forward.
 * @param samples - digits of an epoch that is measured, a multiple of 100
 */
export async function recurrentEpochs(say: (text: string) => void, samples: number): Promise<void> {
  const jax = installJax();
  const dataset = cutIntoSteps(limitTrain(await loadDataset('mnist'), samples), STEPS);
  const { train: data } = prepareTaskData(dataset, 'binarized', MEDIAN);
  const learner = new BepTtLearner(
    bepTtConfig.parse({ name: 'bep-tt', layers: [WIDTH, WIDTH], gate: 0.01, expansion: 0 }),
    { input: dataset.shape, classes: 10, batchSize: BATCH_SIZE, hasValidation: false },
    { kernels: selectKernels('native'), streams: randomStreams(1) },
  );
  const order = Uint32Array.from({ length: samples }, (_, i) => i);
  const plan = { data, order, batchSize: BATCH_SIZE, afterBatch: () => undefined };
  const toEpoch = DIGITS / samples;
  const peers: number[] = [];
  const askJax = (): void => {
    if (jax !== undefined) peers.push(toEpoch * jaxRecurrentEpoch([WIDTH, STEPS, samples, 1]).median);
  };
  const ours: { epoch: number; seconds: number; triggered: number }[] = [];
  askJax();
  for (let epoch = 1; epoch <= SHOWN[SHOWN.length - 1]; epoch++) {
    let triggered = 0;
    const ms = await processorMs(async () => {
      const { layers = [] } = await learner.trainEpoch(plan);
      triggered = 100 * layers[0].triggerShare;
    });
    ours.push({ epoch, seconds: (toEpoch * ms) / 1000, triggered });
  }
  const forwardMs = await processorMs(() => learner.predict(data.inputs));
  ours.push({ epoch: Number.NaN, seconds: (toEpoch * forwardMs) / 1000, triggered: 0 });
  askJax();
  const peer = peers.length > 0 ? spread(peers) : undefined;
  const rows = ours
    .filter(({ epoch }) => Number.isNaN(epoch) || SHOWN.includes(epoch))
    .map(({ epoch, seconds, triggered }): Row => {
      return {
        epoch: Number.isNaN(epoch) ? 'forward alone' : epoch,
        'samples that trigger (%)': triggered.toFixed(0),
        'bep-tt (s)': seconds.toFixed(0),
        [`${jax ?? 'JAX'} (s)`]: peer === undefined ? '–' : show(peer, 0),
        'JAX / bep-tt': peer === undefined ? '–' : (peer.median / seconds).toFixed(1),
      };
    });
  say(markdownTable(rows));
}
