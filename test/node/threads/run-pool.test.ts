import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, CheckpointError, InterruptedError } from '../../../src/core/errors.js';
import { BACKENDS } from '../../../src/kernels/kernels.js';
import { loadDataset } from '../../../src/node/data/load.js';
import { backendStatuses } from '../../../src/node/kernels/select.js';
import { RunPool } from '../../../src/node/threads/run-pool.js';
import { WorkerError } from '../../../src/node/threads/worker-error.js';
import { type BackendOption, train } from '../../../src/node/train.js';
import type { EpochRecord, RunRecord } from '../../../src/records/record.js';
import { DivergedError } from '../../../src/rules/float/diverged-error.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from '../../../src/training/config.js';
import type { TrainProgress } from '../../../src/training/train-run.js';

const PROTOTYPES = {
  features: 100,
  classes: 4,
  flipProbability: 0.3,
  trainSamples: 300,
  validationSamples: 100,
  testSamples: 100,
};
const LOCAL_ERROR = { name: 'local-error', layers: [30, 30], groupSize: 10 } as const;

function configOf(options: Partial<TrainOptions> = {}): TrainConfig {
  return parseTrainConfig({
    dataset: { name: 'prototypes', prototypes: PROTOTYPES },
    rule: LOCAL_ERROR,
    epochs: 2,
    ...options,
  });
}

/** Far more epochs than any test waits for. */
const ENDLESS = configOf({ epochs: 1_000_000 });

/** The record with what may differ between two runs taken out. */
function timeless(record: RunRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value)),
  );
}

async function trainedHere(config: TrainConfig & BackendOption): Promise<unknown> {
  const { record, learner } = await train(config);
  await learner.dispose();
  return timeless(record);
}

/** Runs in compiled worker threads: `npm run build` comes first. */
describe('RunPool', () => {
  const threads: Worker[] = [];
  const onWorker = (worker: Worker): void => {
    threads.push(worker);
  };
  let pool: RunPool;
  beforeAll(() => {
    process.on('worker', onWorker);
    pool = new RunPool({ workers: 2 });
  });
  afterAll(async () => {
    await pool.close();
    process.off('worker', onWorker);
  });

  it.each<TrainOptions['rule']>([
    LOCAL_ERROR,
    { name: 'bep', layers: [30, 30], groupSize: 10 },
    { name: 'sgd', layers: [20] },
  ])('gives the record that train gives: $name', async (rule) => {
    const configs = [1, 2, 3].map((seed) => configOf({ rule, seed }));
    const records = await Promise.all(configs.map((config) => pool.run(config)));
    for (const [i, record] of records.entries()) {
      expect(timeless(record)).toEqual(await trainedHere(configs[i]));
    }
  });

  it('gives the same record on every backend that is here', async () => {
    const here = backendStatuses().filter(({ available }) => available);
    expect(BACKENDS.filter((name) => here.some(({ backend }) => backend === name))).toContain('reference');
    const config = configOf({});
    for (const { backend } of here) {
      const other = new RunPool({ workers: 1, backend });
      const record = await other.run(config);
      expect(record.backend.name).toBe(backend);
      expect(timeless(record)).toEqual(await trainedHere({ ...config, backend }));
      await other.close();
    }
  });

  it('shows limited data as train does', async () => {
    const config = configOf({ dataset: { name: 'prototypes', prototypes: PROTOTYPES, limitTrain: 50 } });
    const record = await pool.run(config);
    expect(record.dataset.trainSamples).toBe(50);
    expect(timeless(record)).toEqual(await trainedHere(config));
  });

  it('tells of every epoch before it gives the record', async () => {
    const epochs: EpochRecord[] = [];
    const record = await pool.run(configOf({ epochs: 40 }), { onEpoch: (epoch) => epochs.push(epoch) });
    expect(epochs).toHaveLength(40);
    expect(epochs).toEqual(record.epochs);
  });

  it('tells of progress within epochs', async () => {
    const enough = new AbortController();
    const progress: TrainProgress[] = [];
    const run = pool.run(ENDLESS, {
      signal: enough.signal,
      onProgress: (state) => {
        progress.push(state);
        enough.abort();
      },
    });
    await expect(run).rejects.toThrow(InterruptedError);
    expect(progress[0]).toMatchObject({ epochs: 1_000_000, samples: 300 });
    expect(progress[0].samplesShown % 100).toBe(0);
  });

  it('says what the data makes of a configuration before it runs', async () => {
    const config = configOf();
    const { sha256 } = await loadDataset('prototypes', { prototypes: PROTOTYPES });
    const { dataset, resolved } = await pool.describe(config);
    expect(dataset.sha256).toBe(sha256);
    expect(resolved).toEqual((await pool.run(config)).config);
    expect(resolved).toMatchObject({ binarizer: { kind: 'median', per: 'feature' } });
  });

  it('reads data of the folder it is given, and describes it again without reading it again', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'xnorlab-pool-'));
    const own = new RunPool({ workers: 1, dataDir, idleDataMebibytes: 0 });
    mkdirSync(path.join(dataDir, 'points'));
    writeFileSync(path.join(dataDir, 'points', 'train.csv'), 'x,y,label\n1,5,a\n3,4,b\n2,7,a\n');
    writeFileSync(path.join(dataDir, 'points', 'test.csv'), 'x,y,label\n2,5,b\n');
    const configs = [1, 2].map((seed) =>
      configOf({ dataset: 'points', rule: { name: 'sgd', layers: [3] }, seed }),
    );
    const { record, learner } = await train(configs[0], { dataDir });
    await learner.dispose();
    expect(timeless(await own.run(configs[0]))).toEqual(timeless(record));
    rmSync(dataDir, { recursive: true });
    const { dataset, resolved } = await own.describe(configs[1]);
    expect(dataset.sha256).toBe(record.dataset.sha256);
    expect(resolved).toEqual(configs[1]);
    await expect(own.run(configs[1])).rejects.toThrow('dataDir: expected');
    await own.close();
  });

  it('stops one run by its signal; its thread goes on with the next', async () => {
    const before = threads.length;
    const single = new RunPool({ workers: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = single.run(ENDLESS, { signal: first.signal, onEpoch: () => first.abort() });
    const waiting = single.run(ENDLESS, { signal: second.signal });
    const next = single.run(configOf());
    second.abort();
    await expect(waiting).rejects.toThrow(InterruptedError);
    await expect(running).rejects.toThrow(new InterruptedError('training'));
    expect((await next).epochs).toHaveLength(2);
    expect(threads).toHaveLength(before + 1);
    const aborted = AbortSignal.abort();
    await expect(single.run(configOf(), { signal: aborted })).rejects.toThrow('training was interrupted');
    await single.close();
  });

  it('takes one run more than it trains, and tells that one that it waits', async () => {
    const single = new RunPool({ workers: 1 });
    expect([pool.capacity, single.capacity]).toEqual([3, 2]);
    const news: string[] = [];
    const hooksOf = (name: string) => ({
      onWait: () => news.push(`${name} waits`),
      onEpoch: ({ epoch }: EpochRecord) => news.push(`${name} ${epoch}`),
    });
    await Promise.all([single.run(configOf(), hooksOf('a')), single.run(configOf(), hooksOf('b'))]);
    expect(news).toEqual(['b waits', 'a 1', 'a 2', 'b 1', 'b 2']);
    await single.close();
  });

  it('goes on from a checkpoint, as if it had never stopped', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-pool-'));
    const checkpoint = { file: path.join(folder, 'run.checkpoint'), everySeconds: 0 };
    const config = configOf({ epochs: 200 });
    const stop = new AbortController();
    const onEpoch = ({ epoch }: EpochRecord): void => {
      if (epoch === 3) stop.abort();
    };
    await expect(pool.run(config, { signal: stop.signal, onEpoch, checkpoint })).rejects.toThrow(
      InterruptedError,
    );
    const before: EpochRecord[] = [];
    const after: EpochRecord[] = [];
    const record = await pool.run(config, {
      checkpoint: { file: checkpoint.file },
      onResume: (epochs) => before.push(...epochs),
      onEpoch: (epoch) => after.push(epoch),
    });
    expect(before.length).toBeGreaterThanOrEqual(3);
    expect(after.length).toBeGreaterThan(0);
    expect([...before, ...after]).toEqual(record.epochs);
    expect(timeless(record)).toEqual(await trainedHere(config));
    writeFileSync(checkpoint.file, 'not a checkpoint');
    const damaged = await pool.run(config, { checkpoint }).catch((error: unknown) => error);
    expect(damaged).toBeInstanceOf(CheckpointError);
    expect((damaged as CheckpointError).source).toBe(checkpoint.file);
    rmSync(folder, { recursive: true });
  });

  it('hands on errors with their class and fields', async () => {
    const prototypes = { ...PROTOTYPES, validationSamples: 0 };
    const noValidation = configOf({
      dataset: { name: 'prototypes', prototypes },
      modelSelection: 'best-validation',
    });
    const argument = await pool.run(noValidation).catch((error: unknown) => error);
    expect(argument).toBeInstanceOf(ArgumentError);
    expect(argument).toMatchObject({
      name: 'ArgumentError',
      message:
        "modelSelection: expected last, as prototypes has no validation samples, got 'best-validation'",
      argument: 'modelSelection',
      received: 'best-validation',
      exitCode: 2,
    });
    const diverging = configOf({ rule: { name: 'sgd', layers: [20], learningRate: 1e30 } });
    const divergence = await pool.run(diverging).catch((error: unknown) => error);
    expect(divergence).toBeInstanceOf(DivergedError);
    expect(divergence).toMatchObject({ rule: 'sgd', epoch: 1, exitCode: 1 });
  });

  it('says what is wrong with the data, again each time', async () => {
    const unknown = configOf({ dataset: 'no-such-set' });
    for (const attempt of [() => pool.run(unknown), () => pool.describe(unknown), () => pool.run(unknown)]) {
      await expect(attempt()).rejects.toThrow(/^dataset: expected one of prototypes, .* got 'no-such-set'$/);
    }
  });

  it('ends a run whose listener throws with that error, and calls it no more', async () => {
    const heard: number[] = [];
    const run = pool.run(ENDLESS, {
      onEpoch: ({ epoch }) => {
        heard.push(epoch);
        if (epoch === 2) throw new RangeError('the disk is full');
      },
    });
    await expect(run).rejects.toThrow(new RangeError('the disk is full'));
    expect(heard).toEqual([1, 2]);
  });

  it('fails the run of a thread that dies, and replaces the thread', async () => {
    const before = threads.length;
    const single = new RunPool({ workers: 1 });
    const run = single.run(ENDLESS, { onEpoch: () => void threads[before].terminate() });
    const next = single.run(configOf());
    const death = await run.catch((error: unknown) => error);
    expect(death).toBeInstanceOf(WorkerError);
    expect((death as WorkerError).message).toBe(
      'the worker thread ended before its work did: worker exited with code: 1',
    );
    expect((await next).epochs).toHaveLength(2);
    await single.close();
  });

  it('does not mind that an idle thread dies', async () => {
    const before = threads.length;
    const single = new RunPool({ workers: 1 });
    await single.run(configOf());
    threads[before].emit('error', new Error('stray'));
    expect((await single.run(configOf())).epochs).toHaveLength(2);
    await single.close();
  });

  it('does not wait for threads that do not start', async () => {
    const before = threads.length;
    const single = new RunPool({ workers: 1 });
    for (const [i, reason] of ['out of threads', 'still out of threads'].entries()) {
      const description = single.describe(configOf());
      await new Promise(setImmediate);
      threads[before + i].emit('error', new Error(reason));
      await expect(description).rejects.toThrow(new WorkerError(reason));
    }
    expect(await single.describe(configOf())).toMatchObject({ dataset: { sha256: expect.any(String) } });
    await single.close();
  });

  it('interrupts what goes on when it is closed, and everything after', async () => {
    const before = threads.length;
    const closing = new RunPool({ workers: 1 });
    const outcomes = [ENDLESS, ENDLESS].map((config) => closing.run(config).catch((error: unknown) => error));
    await closing.describe(ENDLESS);
    await closing.close();
    for (const outcome of outcomes) expect(await outcome).toBeInstanceOf(InterruptedError);
    await expect(closing.run(configOf())).rejects.toThrow(InterruptedError);
    await expect(closing.describe(configOf({ dataset: 'no-such-set' }))).rejects.toThrow(InterruptedError);
    expect(threads).toHaveLength(before + 1);
  });

  it('refuses a number of workers that is none', () => {
    expect(() => new RunPool({ workers: 0 })).toThrow('workers: expected an integer of at least 1, got 0');
  });
});
