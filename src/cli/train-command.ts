import { rm } from 'node:fs/promises';
import { Command } from '@commander-js/extra-typings';
import { equalMemory } from '../node/equal-memory.js';
import { checkWritable, writeFileAtomically } from '../node/files/atomic-file.js';
import { saveModel } from '../node/models/model-file.js';
import { train } from '../node/train.js';
import type { RunRecord } from '../records/record.js';
import type { TrainOptions } from '../training/config.js';
import { trainProgress } from './progress.js';
import { type TrainFlags, trainOptions } from './train-options.js';

/** `xnorlab train`: trains one network and reports its record. */
export function trainCommand(): Command {
  const command = new Command('train')
    .description('Train one network and report its record.')
    .option('--config <file>', 'YAML or JSON with the same options; flags win')
    .option('--dataset <name>', 'prototypes, fashion-mnist, mnist, or a folder of your own')
    .option('--data-dir <dir>', 'where data sets are looked for first')
    .option('--limit-train <n>', 'use the first n training samples only')
    .option(
      '--match-memory <file>',
      'use as many training samples as make the memory that of the run in this config file',
    )
    .option('--flip-probability <p>', 'prototypes: probability that a bit differs (0.46)')
    .option('--dataset-seed <n>', 'prototypes: seed of the data (0)')
    .option('--binarizer <how>', 'median:channel|feature|image or thermometer:<levels>:quantile|even')
    .option('--rule <name>', 'local-error, bep, committee, sgd, adam, qat or iterative')
    .option('--layers <widths>', 'neurons of each hidden layer: 525,525; committee: 1020-51')
    .option('--group-size <n>', 'local-error, bep: γ, one for all layers or one each: 35 or 35,105')
    .option('--robustness <r>', 'binary rules: trigger margin as a share of the width (0.25)')
    .option('--reinforcement <p>', 'binary rules: scale of the reinforcement probability (0.5)')
    .option('--hidden-bits <n>', 'binary rules: bits of a hidden weight, 2 to 16 (16)')
    .option('--initial-depth <d>', 'binary rules: standard deviation of initial hidden weights (64)')
    .option('--flip-threshold <h>', 'local-error: how far beyond 0 a hidden weight must go to flip (none)')
    .option('--classifier <kind>', 'local-error, bep: random or equiangular (random)')
    .option('--train-classifier', 'local-error: train the local classifiers too')
    .option('--freeze-first-layer', 'local-error: leave the first layer as drawn')
    .option('--output <kind>', 'local-error: one-per-class or single-unit (one-per-class)')
    .option('--read-out <how>', 'local-error: logits of the last layer or summed over all (last)')
    .option(
      '--majority-after-epochs <n>',
      'local-error: predict with the majority of each weight over later epochs (its latest value)',
    )
    .option(
      '--epochs-per-layer <n>',
      'local-error: train one layer after the other, n epochs each (all at once)',
    )
    .option('--input-flip-probability <p>', 'binary rules: flip noise on training inputs (0)')
    .option('--gate <v>', 'bep: ν, how far from 0 a neuron still passes its error back (0.05)')
    .option(
      '--patience <n>',
      'local-error, bep: epochs without progress on validation data before groups grow (never)',
    )
    .option(
      '--secondary-threshold <n>',
      'committee: SBPI, largest stability of a right perceptron that steps (none)',
    )
    .option('--secondary-probability <p>', 'committee: SBPI, probability that it does, beside the threshold')
    .option('--no-batch-norm', 'qat: without batch normalisation')
    .option('--scale-products', 'qat without batch normalisation: divide products by √N in training')
    .option('--epochs-per-stage <n>', 'iterative: epochs before the next layer is binarized (5)')
    .option('--learning-rate <rate>', 'sgd, adam, qat, iterative: step size (0.01 for sgd, else 0.001)')
    .option('--momentum <m>', 'sgd: momentum (0)')
    .option('--inputs <form>', 'sgd, adam: full-precision or binarized (full-precision)')
    .option(
      '--tasks <n>',
      'permuted tasks learned one after the other, for an equal share of the epochs each (the data as it is)',
    )
    .option('--epochs <n>', 'passes over the training set (20)')
    .option('--batch-size <n>', 'samples shown between updates (100)')
    .option('--model-selection <epoch>', 'last or best-validation (last)')
    .option('--seed <n>', 'determines every random draw (1)')
    .option('--backend <name>', 'auto, native, wasm or reference (auto)')
    .option('--threads <n>', 'threads of the native backend (1); the result does not depend on it')
    .option('--checkpoint <file>', 'where a run that is stopped leaves off, and goes on if it is there')
    .option('--save <file>', 'write the record to this file, too')
    .option('--save-model <file>', 'write the trained network to this file, for xnorlab predict')
    .option('--json', 'print the record as one JSON document on stdout and nothing else there');
  command.action((flags) => runTrain(flags as TrainFlags));
  return command as unknown as Command;
}

async function runTrain(flags: TrainFlags): Promise<void> {
  const options = await configuredOptions(flags);
  const save = fileFlag(flags.save);
  const saveModelTo = fileFlag(flags.saveModel);
  const checkpoint = fileFlag(flags.checkpoint);
  for (const file of [save, saveModelTo, checkpoint]) if (file) await checkWritable(file);
  const dataDir = typeof flags.dataDir === 'string' ? flags.dataDir : undefined;
  const threads = typeof flags.threads === 'string' ? Number(flags.threads) : undefined;
  const progress = trainProgress();
  try {
    const run = await train(options, {
      dataDir,
      threads,
      ...(checkpoint && { checkpoint: { file: checkpoint } }),
      ...progress.hooks,
    });
    const { record, learner } = run;
    progress.stop();
    const json = `${JSON.stringify(record, undefined, 2)}\n`;
    if (save) await writeFileAtomically(save, json);
    if (saveModelTo) await saveModel(run, saveModelTo);
    if (checkpoint) await rm(checkpoint, { force: true });
    await learner.dispose();
    process.stdout.write(flags.json ? json : summary(record));
  } finally {
    progress.stop();
  }
}

/** The path that a flag gives. */
function fileFlag(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What the flags say, with the training samples that the memory of another run leaves room for if that is asked. */
async function configuredOptions(flags: TrainFlags): Promise<TrainOptions> {
  const options = trainOptions(flags);
  if (typeof flags.matchMemory !== 'string') return options;
  const dataDir = typeof flags.dataDir === 'string' ? flags.dataDir : undefined;
  const matched = await equalMemory(trainOptions({ config: flags.matchMemory }), options, { dataDir });
  return matched.options;
}

function summary(record: RunRecord): string {
  const { rule, dataset, seed, backend, selectedEpoch, epochs, totals } = record;
  const validation =
    record.validationAccuracy === undefined ? '' : `, validation ${record.validationAccuracy.toFixed(2)} %`;
  const { tasks } = epochs[epochs.length - 1];
  return [
    `${rule.name} on ${dataset.name} (${dataset.trainSamples} training samples), seed ${seed}`,
    `  test ${record.testAccuracy.toFixed(2)} %${validation}, training ${record.trainAccuracy.toFixed(2)} %` +
      ` (epoch ${selectedEpoch} of ${epochs.length})`,
    ...(tasks
      ? [`  task by task: test ${tasks.map(({ testAccuracy }) => testAccuracy.toFixed(2)).join(', ')} %`]
      : []),
    `  ${totals.parameters} parameters, ${(totals.memoryBits / 8e6).toFixed(2)} MB in training,` +
      ` ${totals.booleanGates.toExponential(2)} Boolean gates`,
    `  ${(totals.trainMs / 1000).toFixed(1)} s of training on ${backend.description}`,
    '',
  ].join('\n');
}
