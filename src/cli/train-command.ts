import { rm } from 'node:fs/promises';
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { encodeModel } from '../models/model-bytes.js';
import { equalMemory } from '../node/equal-memory.js';
import {
  checkWritable,
  type ReservedFile,
  reserveFile,
  writeFileAtomically,
} from '../node/files/atomic-file.js';
import { modelRoom } from '../node/models/model-room.js';
import { writeOut } from '../node/printing/terminal.js';
import { type BackendOption, train } from '../node/train.js';
import type { RunRecord } from '../records/record.js';
import { ruleNames } from '../rules/registry.js';
import { parseTrainConfig, type TrainOptions } from '../training/config.js';
import type { PreparedData } from '../training/prepared-data.js';
import { trainProgress } from './progress.js';
import { flagUsages, ruleFlags } from './rule-flags.js';
import { RUN_FLAGS, type TrainFlags, trainOptions } from './train-options.js';

/** `xnorlab train`: trains one network and reports its record. */
export function trainCommand(): CommandUnknownOpts {
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
    .option('--rules <file>', 'JavaScript or TypeScript that registers rules of your own; can be given again')
    .option('--rule <name>', ruleNames().join(', '))
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
  for (const flag of ruleFlags(RUN_FLAGS)) {
    for (const { usage, help } of flagUsages(flag)) command.option(usage, help);
  }
  command.action((flags) => runTrain(flags as TrainFlags));
  return command;
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
  let room: ReservedFile | undefined;
  const reserve = async (file: string, prepared: PreparedData): Promise<void> => {
    const { backend: _, ...config } = options;
    room = await reserveFile(file, modelRoom(parseTrainConfig(config), prepared));
  };
  try {
    const run = await train(options, {
      ...(saveModelTo && { onPrepared: (prepared: PreparedData) => reserve(saveModelTo, prepared) }),
      dataDir,
      threads,
      ...(checkpoint && { checkpoint: { file: checkpoint } }),
      ...progress.hooks,
    });
    const { record, learner } = run;
    progress.stop();
    const json = `${JSON.stringify(record, undefined, 2)}\n`;
    if (save) await writeFileAtomically(save, json);
    await room?.write(encodeModel(run));
    if (checkpoint) await rm(checkpoint, { force: true });
    await learner.dispose();
    writeOut(flags.json ? json : summary(record));
  } finally {
    progress.stop();
    await room?.release();
  }
}

/** The path that a flag gives. */
function fileFlag(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What the flags say, with the training samples that the memory of another run leaves room for if that is asked. */
async function configuredOptions(flags: TrainFlags): Promise<TrainOptions & BackendOption> {
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
