import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accuracyPercent } from '../../../src/models/model.js';
import { loadDataset } from '../../../src/node/data/load.js';
import { loadModel, saveModel } from '../../../src/node/models/model-file.js';
import { prepareData } from '../../../src/node/prepare-data.js';
import { checkRequest, runRequest } from '../../../src/node/queue/job.js';
import { outcomeDifference } from '../../../src/node/store/outcome.js';
import { openStore } from '../../../src/node/store/run-store.js';
import { sweep } from '../../../src/node/sweep/sweep.js';
import { train } from '../../../src/node/train.js';
import type { RunRecord } from '../../../src/records/record.js';
import { parseTrainConfig } from '../../../src/training/config.js';
import type { SweepSpec } from '../../../src/training/sweep/spec.js';

const prototypes = { features: 60, classes: 3, trainSamples: 120, validationSamples: 60, testSamples: 60 };
const options = {
  dataset: { name: 'prototypes', prototypes },
  rule: { name: 'local-error', layers: [12, 12], groupSize: 4 },
  tasks: { count: 2 },
  epochs: 4,
  batchSize: 10,
} as const;
const spec: SweepSpec = { name: 'sequences', base: options, axes: [{ seeds: 3 }] };

describe('a sequence of tasks, as any run,', () => {
  let folder: string;
  let expected: RunRecord;
  const at = (name: string): string => path.join(folder, name);
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-sequences-'));
    const run = await train({ ...options, seed: 2 });
    await saveModel(run, at('model'));
    await run.learner.dispose();
    expected = run.record;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is trained in threads, kept in a store, chosen by accuracy over all tasks, and exported', async () => {
    const { runs, best, records } = await sweep(spec, { store: at('store'), workers: 2 });
    expect(runs.map(({ status }) => status)).toEqual(Array(3).fill('finished'));
    const done = await records();
    expect(outcomeDifference(done[1], expected)).toBeUndefined();
    const overTasks = done.map(({ epochs }) => {
      const [first, second] = epochs[3].tasks ?? [];
      return (Number(first.validationAccuracy) + Number(second.validationAccuracy)) / 2;
    });
    const mean = overTasks.reduce((sum, accuracy) => sum + accuracy, 0) / overTasks.length;
    expect(best?.n).toBe(3);
    expect(best?.validationAccuracy).toBeCloseTo(mean, 10);

    const store = openStore(at('store'));
    await store.exportCsv(at('csv'));
    store.close();
    const { data } = Papa.parse(readFileSync(path.join(at('csv'), 'tasks.csv'), 'utf8'), {
      header: true,
      dynamicTyping: true,
      skipEmptyLines: true,
    });
    expect(data).toEqual(
      done.flatMap(({ epochs }, i) =>
        epochs.flatMap(({ epoch, tasks = [] }) =>
          tasks.map((task) => ({ key: runs[i].key, epoch, ...task })),
        ),
      ),
    );
    expect(data).toHaveLength(3 * (1 + 2));
  });

  it('is searched by successive halving, where tasks share the epochs of every rung', async () => {
    const search = { kind: 'successive-halving', eta: 2, minEpochs: 2 } as const;
    const axes = [{ grid: { 'rule.groupSize': [2, 4] } }];
    const { runs } = await sweep({ ...spec, axes, search }, { store: at('halving'), workers: 1 });
    expect(runs.map(({ settings, status }) => [settings.epochs, status])).toEqual([
      [2, 'finished'],
      [2, 'finished'],
      [4, 'finished'],
    ]);
  });

  it('comes through a queue as it was', async () => {
    const config = parseTrainConfig(options);
    const { description: dataset } = await prepareData(config);
    const request = runRequest(config, { dataset, resolved: config });
    expect(checkRequest(JSON.parse(JSON.stringify(request)) as object)).toMatchObject({ config });
  });

  it('leaves a network that can be saved, and is asked for task 1', async () => {
    const model = await loadModel(at('model'));
    expect(model.record).toEqual(JSON.parse(JSON.stringify(expected)));
    const { test } = await loadDataset('prototypes', { prototypes });
    const predictions = await model.predict(test.features);
    expect(accuracyPercent(predictions, test.labels)).toBe(expected.epochs[3].tasks?.[0].testAccuracy);
    await model.dispose();
  });
});
