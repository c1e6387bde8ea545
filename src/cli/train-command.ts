import { Command } from '@commander-js/extra-typings';
import { checkWritable, writeFileAtomically } from '../bits/atomic-file.js';
import type { RunRecord } from '../experiments/record.js';
import { train } from '../experiments/train.js';
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
    .option('--flip-probability <p>', 'prototypes: probability that a bit differs (0.46)')
    .option('--dataset-seed <n>', 'prototypes: seed of the data (0)')
    .option('--binarizer <how>', 'median:channel|feature|image or thermometer:<levels>:quantile|even')
    .option('--rule <name>', 'local-error, bep, committee, sgd, adam, qat or iterative')
    .option('--layers <widths>', 'neurons of each hidden layer: 525,525')
    .option('--group-size <n>', 'local-error, bep: γ, one for all layers or one each: 35 or 35,105')
    .option('--robustness <r>', 'binary rules: trigger margin as a share of the width (0.25)')
    .option('--reinforcement <p>', 'binary rules: scale of the reinforcement probability (0.5)')
    .option('--hidden-bits <n>', 'binary rules: bits of a hidden weight, 2 to 16 (16)')
    .option('--initial-depth <d>', 'binary rules: standard deviation of initial hidden weights (64)')
    .option('--classifier <kind>', 'local-error, bep: random or equiangular (random)')
    .option('--train-classifier', 'local-error: train the local classifiers too')
    .option('--freeze-first-layer', 'local-error: leave the first layer as drawn')
    .option('--output <kind>', 'local-error: one-per-class or single-unit (one-per-class)')
    .option('--gate <v>', 'bep: ν, how far from 0 a neuron still passes its error back (0.05)')
    .option('--patience <n>', 'bep: epochs without progress on validation data before groups grow (never)')
    .option('--no-batch-norm', 'qat: without batch normalisation')
    .option('--epochs-per-stage <n>', 'iterative: epochs before the next layer is binarized (5)')
    .option('--learning-rate <rate>', 'sgd, adam, qat, iterative: step size (0.01 for sgd, else 0.001)')
    .option('--momentum <m>', 'sgd: momentum (0)')
    .option('--inputs <form>', 'sgd, adam: full-precision or binarized (full-precision)')
    .option('--epochs <n>', 'passes over the training set (20)')
    .option('--batch-size <n>', 'samples shown between updates (100)')
    .option('--model-selection <epoch>', 'last or best-validation (last)')
    .option('--seed <n>', 'determines every random draw (1)')
    .option('--backend <name>', 'auto, native, wasm or reference (auto)')
    .option('--threads <n>', 'threads of the native backend (1); the result does not depend on it')
    .option('--save <file>', 'write the record to this file, too')
    .option('--json', 'print the record as one JSON document on stdout and nothing else there');
  command.action((flags) => runTrain(flags as TrainFlags));
  return command as unknown as Command;
}

async function runTrain(flags: TrainFlags): Promise<void> {
  const options = trainOptions(flags);
  const save = typeof flags.save === 'string' ? flags.save : undefined;
  if (save) await checkWritable(save);
  const dataDir = typeof flags.dataDir === 'string' ? flags.dataDir : undefined;
  const threads = typeof flags.threads === 'string' ? Number(flags.threads) : undefined;
  const progress = trainProgress();
  try {
    const { record, learner } = await train(options, { dataDir, threads, ...progress.hooks });
    await learner.dispose();
    progress.stop();
    const json = `${JSON.stringify(record, undefined, 2)}\n`;
    if (save) await writeFileAtomically(save, json);
    process.stdout.write(flags.json ? json : summary(record));
  } finally {
    progress.stop();
  }
}

function summary(record: RunRecord): string {
  const { rule, dataset, seed, backend, selectedEpoch, epochs, totals } = record;
  const validation =
    record.validationAccuracy === undefined ? '' : `, validation ${record.validationAccuracy.toFixed(2)} %`;
  return [
    `${rule.name} on ${dataset.name} (${dataset.trainSamples} training samples), seed ${seed}`,
    `  test ${record.testAccuracy.toFixed(2)} %${validation}, training ${record.trainAccuracy.toFixed(2)} %` +
      ` (epoch ${selectedEpoch} of ${epochs.length})`,
    `  ${totals.parameters} parameters, ${(totals.memoryBits / 8e6).toFixed(2)} MB in training,` +
      ` ${totals.booleanGates.toExponential(2)} Boolean gates`,
    `  ${(totals.trainMs / 1000).toFixed(1)} s of training on ${backend.description}`,
    '',
  ].join('\n');
}
