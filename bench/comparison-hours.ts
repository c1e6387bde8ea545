import '../dist/rules/binary-rules.js';
import '../dist/rules/float-rules.js';
import path from 'node:path';
import { randomStreams } from '../dist/core/random.js';
import type { Row } from '../dist/core/row.js';
import { vector } from '../dist/core/shape.js';
import { loadDataset } from '../dist/node/data/load.js';
import { selectKernels } from '../dist/node/kernels/select.js';
import { floatRuntime } from '../dist/node/onnx-runtime.js';
import { readSweep } from '../dist/node/sweep/read-sweep.js';
import { configuredRule } from '../dist/rules/registry.js';
import type { LabelledInputs } from '../dist/rules/rule.js';
import { markdownTable } from '../dist/tables/markdown.js';
import type { TrainConfig } from '../dist/training/config.js';
import { expandSweep } from '../dist/training/sweep/expand.js';
import { prepareTaskData } from '../dist/training/task-data.js';
import { processorMs } from './timing.js';

const FOLDER = path.resolve(__dirname, '..', 'notebooks', '02-comparison');
const SWEEPS = { binary: 'sweep-binary.yaml', float: 'sweep-float.yaml' } as const;
/** Samples that are timed of each kind of run, and shown once before: a part of an epoch, as there are a hundred kinds. */
const SAMPLES = { binary: 10_000, float: 2000 } as const;

/**
 * Hours of processor time of the 550 runs of the comparison, from what the first batches of each of its networks take here, on native
 * kernels. Predictions for validation are not in it; of binary rules, the first batches are the slowest.
 */
export async function comparisonHours(say: (text: string) => void): Promise<Record<string, number>> {
  say(
    '\n### The whole comparison (notebooks/02-comparison): hours of processor time, from batches timed now\n',
  );
  const rows: Row[] = [];
  const hours: Record<string, number> = {};
  for (const kind of ['binary', 'float'] as const) {
    const configs = expandSweep(readSweep(path.join(FOLDER, SWEEPS[kind])));
    const known = new Map<string, number>();
    let ms = 0;
    for (const config of configs) {
      const { rule, dataset, batchSize, epochs } = config;
      const data = await trainingData(config);
      const network = JSON.stringify([dataset.name, rule, batchSize]);
      const perSample = known.get(network) ?? (await msPerSample(config, data, SAMPLES[kind]));
      known.set(network, perSample);
      ms += perSample * data.inputs.rows * epochs;
    }
    hours[kind] = ms / 3_600_000;
    rows.push({ rules: kind, runs: configs.length, networks: known.size, hours: hours[kind].toFixed(2) });
  }
  hours.all = hours.binary + hours.float;
  say(markdownTable([...rows, { rules: 'all', runs: 550, networks: null, hours: hours.all.toFixed(2) }]));
  return Object.fromEntries(
    Object.entries(hours).map(([rules, value]) => [`comparison, ${rules} (h)`, value]),
  );
}

const prepared = new Map<string, LabelledInputs>();

/** What a run trains on. Prototypes of all seeds are of the same size. */
async function trainingData({ dataset, rule }: TrainConfig): Promise<LabelledInputs> {
  const { inputForm } = configuredRule(rule);
  const key = `${dataset.name} ${inputForm}`;
  const median = { kind: 'median', per: dataset.name === 'prototypes' ? 'feature' : 'channel' } as const;
  const data = prepared.get(key) ?? prepareTaskData(await loadDataset(dataset.name), inputForm, median).train;
  prepared.set(key, data);
  return data;
}

async function msPerSample(
  { rule, batchSize }: TrainConfig,
  data: LabelledInputs,
  samples: number,
): Promise<number> {
  const kernels = selectKernels('native');
  const streams = randomStreams(1);
  const problem = { input: vector(data.inputs.columns), classes: 10, batchSize, hasValidation: true };
  const context = { kernels, streams, onnxRuntime: floatRuntime(kernels) };
  const learner = await configuredRule(rule).createLearner(problem, context);
  const order = streams.stream('training/order').permutation(data.inputs.rows).subarray(0, samples);
  const show = (): unknown => learner.trainEpoch({ data, order, batchSize, afterBatch: () => undefined });
  await show();
  const ms = await processorMs(show);
  await learner.dispose();
  return ms / samples;
}
