import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { generatePrototypes } from '../../../src/data/prototypes.js';
import { loadDataset } from '../../../src/node/data/load.js';
import { prepareData } from '../../../src/node/prepare-data.js';
import { attachData, shareData } from '../../../src/node/threads/shared-data.js';
import { train } from '../../../src/node/train.js';
import type { RunRecord } from '../../../src/records/record.js';
import type { LabelledInputs, RealRows } from '../../../src/rules/rule.js';
import { taskAccuracyRows, taskEpochRows } from '../../../src/statistics/sequence-rows.js';
import { parseTrainConfig, type TrainOptions } from '../../../src/training/config.js';
import { joinDatasets, prepareDataset } from '../../../src/training/prepared-data.js';
import { allRows, joinedSamples } from '../../../src/training/tasks/joined-samples.js';
import type { TaskSamples } from '../../../src/training/tasks/permuted-task.js';
import {
  interleavedTraining,
  replayedTraining,
  type TaskSource,
  taskStream,
} from '../../../src/training/tasks/task-streams.js';

/** Samples whose row number is written in their bits, and whose label is it modulo 4. */
function numbered(rows: number, first = 0): LabelledInputs {
  const numbers = Array.from({ length: rows }, (_, row) => first + row);
  const inputs = BitMatrix.fromSigns(
    numbers.map((number) => Array.from({ length: 8 }, (_, bit) => ((number >> bit) & 1 ? 1 : -1))),
  );
  return { inputs, labels: Int32Array.from(numbers, (number) => number % 4) };
}

function numbersIn({ inputs, labels }: LabelledInputs): number[] {
  const bits = inputs as BitMatrix;
  const numbers = Array.from(labels, (_, row) =>
    bits.signs(row).reduce((sum: number, sign, bit) => sum + (sign === 1 ? 2 ** bit : 0), 0),
  );
  numbers.forEach((number, row) => {
    expect(labels[row]).toBe(number % 4);
  });
  return numbers;
}

const FIRST: TaskSamples = { train: numbered(12), test: numbered(8, 100) };
const SOURCE: TaskSource = { first: FIRST, further: [], classes: 4 };

function streamOf(tasks: object, source = SOURCE) {
  const config = parseTrainConfig({ dataset: 'x', rule: { name: 'committee' }, epochs: 120, tasks });
  return taskStream(source, config);
}

describe('streams of tasks', () => {
  it('divides training samples into parts, as they come, with the same test samples', () => {
    const stream = streamOf({ kind: 'parts', count: 5 });
    expect([1, 2, 3, 4, 5].map((task) => numbersIn(stream.training(task)))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5, 6],
      [7, 8],
      [9, 10, 11],
    ]);
    expect(stream.measured(3)).toEqual({ test: FIRST.test });
    expect(stream.areMeasuredApart).toBe(false);
    expect(() => streamOf({ kind: 'parts', count: 15 })).toThrow(
      /^tasks.count: expected at most the 12 training samples, got 15/,
    );
  });

  it('divides classes, for training and for measuring', () => {
    const stream = streamOf({ kind: 'classes', count: 3 });
    expect([1, 2, 3].map((task) => numbersIn(stream.training(task)))).toEqual([
      [0, 1, 4, 5, 8, 9],
      [2, 6, 10],
      [3, 7, 11],
    ]);
    expect(numbersIn(stream.measured(2).test)).toEqual([102, 106]);
    expect(() => streamOf({ kind: 'classes', count: 5 })).toThrow(
      /^tasks.count: expected at most the 4 classes, got 5/,
    );
  });

  it('takes one data set after the other', () => {
    const second = { train: numbered(4, 40), test: numbered(4, 60) };
    const stream = streamOf({ kind: 'datasets', count: 2, others: ['y'] }, { ...SOURCE, further: [second] });
    expect(numbersIn(stream.training(2))).toEqual([40, 41, 42, 43]);
    expect(stream.measured(1)).toEqual({ test: FIRST.test });
    expect(stream.measured(2)).toEqual({ test: second.test });
    expect(() => streamOf({ kind: 'datasets', count: 2, others: ['y'] })).toThrow(
      /^prepared: expected data of 2 data sets, got 'that of 1'/,
    );
  });

  it('interleaves all tasks, so that every sample of each is shown once in as many epochs', () => {
    const stream = streamOf({ kind: 'parts', count: 3 });
    const epochs = [1, 2, 3].map((epoch) => numbersIn(interleavedTraining(stream, epoch)));
    expect(epochs[0]).toEqual([0, 3, 4, 7, 8, 11]);
    expect(epochs.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(numbersIn(interleavedTraining(stream, 4))).toEqual(epochs[0]);
  });

  it('replays the first samples of each class of every task before', () => {
    const stream = streamOf({ kind: 'parts', count: 2 });
    expect(numbersIn(replayedTraining(stream, 1, 1))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(numbersIn(replayedTraining(stream, 2, 1))).toEqual([6, 7, 8, 9, 10, 11, 0, 1, 2, 3]);
  });

  it('joins rows of real numbers, and refuses what does not go together', () => {
    const real = (...rows: number[][]): LabelledInputs => ({
      inputs: {
        rows: rows.length,
        columns: rows[0].length,
        copyRow: (row, target, offset) => target.set(rows[row], offset),
      },
      labels: Int32Array.from(rows, (_, row) => row),
    });
    const joined = joinedSamples([
      allRows(real([1, 2], [3, 4])),
      { of: real([5, 6]), rows: Uint32Array.of(0, 0) },
    ]);
    const target = new Float32Array(3);
    (joined.inputs as RealRows).copyRow(2, target, 1);
    expect([...target]).toEqual([0, 5, 6]);
    expect([...joined.labels]).toEqual([0, 1, 0, 0]);
    expect(() => joinedSamples([allRows(real([1, 2])), allRows(real([1]))])).toThrow(
      /^parts: expected 2 columns in all, got 1/,
    );
    expect(() => joinedSamples([allRows(numbered(1)), allRows(real([1, 2, 3, 4, 5, 6, 7, 8]))])).toThrow(
      /^parts: expected inputs of one form/,
    );
    expect(() => joinedSamples([{ of: numbered(1), rows: new Uint32Array(0) }])).toThrow(
      /^parts: expected at least one row, got 'none'/,
    );
  });

  it('checks what is asked for', () => {
    const parsed = (tasks: object) => () =>
      parseTrainConfig({ dataset: 'x', rule: { name: 'committee' }, epochs: 4, tasks });
    expect(parsed({ count: 2, kind: 'datasets' })).toThrow(
      /^tasks.others: expected the names of 1 data sets, got undefined/,
    );
    expect(parsed({ count: 2, others: ['y'] })).toThrow(
      /^tasks.others: expected none with tasks of kind permuted, got \[ 'y' \]/,
    );
    expect(parsed({ count: 2, order: 'interleaved', replay: 3 })).toThrow(
      /^tasks.replay: expected none with interleaved tasks, which are all shown all the time, got 3/,
    );
  });
});

const PROTOTYPES = { features: 60, classes: 4, trainSamples: 80, validationSamples: 20, testSamples: 40 };
const DATASET = generatePrototypes(PROTOTYPES);
const OPTIONS: TrainOptions = {
  dataset: 'prototypes',
  rule: { name: 'local-error', layers: [12, 12], groupSize: 4, consolidation: { m: 0.01 } },
  epochs: 6,
  batchSize: 10,
};

function timeless(record: RunRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value)),
  );
}

describe('runs on streams of tasks', () => {
  it.each([
    { kind: 'permuted', count: 3, everyEpoch: true },
    { kind: 'permuted', count: 3, order: 'interleaved' },
    { kind: 'permuted', count: 3, replay: 2 },
    { kind: 'classes', count: 2 },
    { kind: 'parts', count: 3 },
  ] as const)('go on in the middle of %j as if they had never stopped', async (tasks) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-streams-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const options = { ...OPTIONS, tasks };
    const { record: expected } = await train(options, { dataset: DATASET });
    const checkpoint = { file: path.join(folder, 'run'), everySeconds: 0 };
    const stop = new AbortController();
    const stopped = train(options, {
      dataset: DATASET,
      checkpoint,
      signal: stop.signal,
      onEpoch: ({ epoch }) => epoch === 3 && stop.abort(),
    });
    await expect(stopped).rejects.toThrow(/3 of 6 epochs are kept/);
    let resumedAfter = 0;
    const { record } = await train(options, {
      dataset: DATASET,
      checkpoint,
      onResume: (epochs) => {
        resumedAfter = epochs.length;
      },
    });
    expect(resumedAfter).toBe(3);
    expect(timeless(record)).toEqual(timeless(expected));
  });

  it('are measured after every epoch where that is asked for; rows after each task are the same', async () => {
    const tasks = { count: 3, kind: 'permuted' } as const;
    const { record } = await train(
      { ...OPTIONS, tasks: { ...tasks, everyEpoch: true } },
      { dataset: DATASET },
    );
    const { record: seldom } = await train({ ...OPTIONS, tasks }, { dataset: DATASET });
    expect(record.epochs.map(({ tasks: measured = [] }) => measured.length)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(taskAccuracyRows([record])).toEqual(taskAccuracyRows([seldom]));
    const rows = taskEpochRows([record]);
    expect(rows.map(({ step, task }) => [step, task])).toHaveLength(12);
    expect(rows[11]).toMatchObject({ step: 6, task: 3, accuracy: record.epochs[5].testAccuracy });
    expect(record.testAccuracy).toBe(seldom.testAccuracy);
  });

  it('with parts are measured on one test set, by their epochs', async () => {
    const { record } = await train({ ...OPTIONS, tasks: { kind: 'parts', count: 3 } }, { dataset: DATASET });
    expect(record.epochs.every(({ tasks }) => tasks === undefined)).toBe(true);
    expect(record.testAccuracy).toBe(record.epochs[5].testAccuracy);
  });

  it('with two data sets are prepared, shared with threads and hashed together', async () => {
    const tasks = { kind: 'datasets', count: 2, others: ['other'] } as const;
    const config = parseTrainConfig({ ...OPTIONS, tasks });
    const { tasks: _, ...alone } = config;
    const [first, second] = [
      DATASET,
      { ...generatePrototypes({ ...PROTOTYPES, seed: 5 }), name: 'other' },
    ].map((dataset) => prepareDataset({ ...alone, dataset: { name: dataset.name } }, dataset));
    const prepared = joinDatasets(config, [first, second]);
    expect(prepared.description.sha256).not.toBe(first.description.sha256);
    const shared = attachData(structuredClone(shareData(prepared)));
    const { record } = await train({ ...OPTIONS, tasks }, { prepared: shared });
    const { record: expected } = await train({ ...OPTIONS, tasks }, { prepared });
    expect(timeless(record)).toEqual(timeless(expected));
    const [, last] = record.epochs[5].tasks ?? [];
    // The present task is the other set.
    expect(last.testAccuracy).toBe(record.epochs[5].testAccuracy);
    const narrow = prepareDataset(
      { ...alone, dataset: { name: 'other' } },
      { ...generatePrototypes({ ...PROTOTYPES, features: 50 }), name: 'other' },
    );
    expect(() => joinDatasets(config, [first, narrow])).toThrow(
      /^tasks.others: expected data sets of 60 inputs and 4 classes, as prototypes, got 'other of 50 and 4'/,
    );
    expect(() => prepareDataset(config, DATASET)).toThrow(
      /^dataset: expected all data sets of tasks.others, prepared together, got 'the first of several'/,
    );
  });

  it('loads each data set by its name', async () => {
    const tasks = { kind: 'datasets', count: 2, others: ['prototypes'] } as const;
    const dataset = { name: 'prototypes', prototypes: PROTOTYPES };
    const prepared = await prepareData(parseTrainConfig({ ...OPTIONS, dataset, tasks }));
    expect(prepared.further?.[0].train).toEqual(prepared.task.train);
    expect((await loadDataset('prototypes', { prototypes: PROTOTYPES })).train.labels).toEqual(
      prepared.task.train.labels,
    );
  });
});
