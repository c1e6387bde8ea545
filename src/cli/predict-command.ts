import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import Papa from 'papaparse';
import { accuracyPercent, type Model } from '../models/model.js';
import { checkWritable, writeFileAtomically } from '../node/files/atomic-file.js';
import { loadModel } from '../node/models/model-file.js';
import { tell, writeOut } from '../node/printing/terminal.js';
import { chosenSamples, type NamedSamples } from './predict-samples.js';

/** `xnorlab predict`: classifies samples with a network that `xnorlab train --save-model` wrote. */
export function predictCommand(): CommandUnknownOpts {
  const command = new Command('predict')
    .description('Classify samples with a saved network; with labels, say how many it gets right.')
    .argument('<model>', 'file that xnorlab train --save-model wrote')
    .option('--dataset <what>', 'data set, folder, or .npy, .csv or IDX file (what it was trained on)')
    .option('--split <name>', 'train, validation or test (test)')
    .option('--data-dir <dir>', 'where data sets are looked for first')
    .option('--label-column <name>', 'the column with the class, in CSV (label)')
    .option('--backend <name>', 'auto, native, wasm or reference (auto)')
    .option('--threads <n>', 'threads of the native backend (1)')
    .option('--out <file>', 'write the class of every sample to this file, as CSV')
    .option('--json', 'print one JSON document on stdout and nothing else there');
  command.action(async (file, { backend, threads, out, json, ...choice }) => {
    if (out !== undefined) await checkWritable(out);
    const model = await loadModel(file, {
      backend,
      threads: threads === undefined ? undefined : Number(threads),
    });
    try {
      const samples = await chosenSamples(model, choice);
      const predictions = await model.predict(samples.features);
      if (out !== undefined) await writeFileAtomically(out, csv(model, samples, predictions));
      const { byPosition } = samples;
      if (byPosition) tell(`xnorlab: columns are taken in their order: ${byPosition}`);
      const answer = answerOf(model, samples, predictions);
      writeOut(json ? `${JSON.stringify(answer, undefined, 2)}\n` : inWords(answer));
    } finally {
      await model.dispose();
    }
  });
  return command;
}

type Answer = ReturnType<typeof answerOf>;

function answerOf(
  { record, classes }: Model,
  { name, split, labels }: NamedSamples,
  predictions: Int32Array,
) {
  const { tasks } = record.epochs[record.epochs.length - 1];
  return {
    network: { rule: record.rule.name, dataset: record.dataset.name, seed: record.seed },
    ...(tasks && { task: `1 of ${tasks.length}` }),
    dataset: name,
    ...(split && { split }),
    samples: predictions.length,
    ...(labels && { accuracy: accuracyPercent(predictions, labels) }),
    classes,
    /** Class numbers. */
    predictions: [...predictions],
  };
}

function inWords({ network, task, dataset, split, samples, accuracy, classes, predictions }: Answer): string {
  const of = [split, task && `task ${task}`].filter(Boolean).join(', ');
  const what = `${samples} samples of ${dataset}${of && ` (${of})`}`;
  const verdict = accuracy === undefined ? '' : `, ${accuracy.toFixed(2)} % right`;
  const counts = classes.map((name, number) => {
    const count = predictions.filter((prediction) => prediction === number).length;
    return `  ${name}: ${count}\n`;
  });
  return `${network.rule} trained on ${network.dataset}: ${what}${verdict}; predicted\n${counts.join('')}`;
}

function csv({ classes }: Model, { labels }: NamedSamples, predictions: Int32Array): string {
  const rows = Array.from(predictions, (prediction, row) => ({
    row,
    prediction: classes[prediction],
    ...(labels && { label: classes[labels[row]] }),
  }));
  return `${Papa.unparse(rows, { newline: '\n' })}\n`;
}
