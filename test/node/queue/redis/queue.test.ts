import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentError, InterruptedError } from '../../../../src/core/errors.js';
import { AbandonedRunError } from '../../../../src/node/queue/abandoned-run-error.js';
import { QueueConnection } from '../../../../src/node/queue/connection.js';
import { requestKey, runRequest } from '../../../../src/node/queue/job.js';
import { QueueJobs } from '../../../../src/node/queue/queue-jobs.js';
import { QueueRunner } from '../../../../src/node/queue/queue-runner.js';
import { QueueWorker, type QueueWorkerOptions } from '../../../../src/node/queue/queue-worker.js';
import { KEY_PREFIX, QUEUE_NAME } from '../../../../src/node/queue/settings.js';
import { outcomeDifference } from '../../../../src/node/store/outcome.js';
import { openStore } from '../../../../src/node/store/run-store.js';
import { sweep } from '../../../../src/node/sweep/sweep.js';
import { train } from '../../../../src/node/train.js';
import { parseTrainConfig, type TrainConfig, type TrainOptions } from '../../../../src/training/config.js';
import { RunRefusedError } from '../../../../src/training/sweep/run-refused-error.js';
import { freePort, hasRedis, RedisServer } from './redis-server.js';

function configOf(options: Partial<TrainOptions> = {}): TrainConfig {
  return parseTrainConfig({
    dataset: {
      name: 'prototypes',
      prototypes: { features: 60, classes: 3, trainSamples: 90, validationSamples: 30, testSamples: 30 },
    },
    rule: { name: 'local-error', layers: [12], groupSize: 3 },
    epochs: 2,
    ...options,
  });
}

/** Far more epochs than any test waits for. */
const ENDLESS = configOf({ epochs: 1_000_000 });

describe.skipIf(!hasRedis)('a queue', () => {
  let redis: RedisServer;
  let queue: Queue;
  let runner: QueueRunner;
  const workers: { readonly worker: QueueWorker; readonly ended: Promise<unknown> }[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.remove());
  beforeEach(async () => {
    queue = new Queue(QUEUE_NAME, { prefix: KEY_PREFIX, connection: { port: redis.port } });
    runner = await QueueRunner.open(redis.address);
  });
  afterEach(async () => {
    for (const { worker, ended } of workers.splice(0)) {
      worker.giveBack();
      await ended.catch(() => undefined);
    }
    await runner.close();
    await queue.obliterate({ force: true });
    await queue.close();
  });

  /** @returns the lines of its log, and what it ended with: undefined, or an error */
  async function startWorker(
    options: QueueWorkerOptions = {},
  ): Promise<{ worker: QueueWorker; lines: string[]; ended: Promise<unknown> }> {
    const lines: string[] = [];
    const log = (line: string): unknown => lines.push(line);
    const worker = await QueueWorker.open(redis.address, { workers: 1, log, ...options });
    const ended = worker.run().catch((error: unknown) => error);
    workers.push({ worker, ended });
    return { worker, lines, ended };
  }

  async function requestOf(config: TrainConfig): Promise<{ key: string; request: object }> {
    const description = await runner.describe(config);
    const request = runRequest(config, description);
    return { key: requestKey(request, description), request };
  }

  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) await sleep(20);
  }

  /** Leaves the run that waits as so many workers leave it that take it and die one after another. */
  async function leaveAsDeadWorkers(deaths: number): Promise<void> {
    const client = new Redis(redis.port);
    const keyOf = (name: string): string => `${KEY_PREFIX}:${QUEUE_NAME}:${name}`;
    const key = String(await client.lindex(keyOf('wait'), 0));
    await client.hset(keyOf(key), { stc: deaths - 1 });
    // Active, without a lock, and missed by the last look for such.
    await client.multi().del(keyOf('wait')).lpush(keyOf('active'), key).sadd(keyOf('stalled'), key).exec();
    client.disconnect();
  }

  it('gives back the record that training here gives', async () => {
    await startWorker();
    const config = configOf();
    const { record: expected, learner } = await train(config);
    await learner.dispose();
    expect(outcomeDifference(expected, await runner.run(config))).toBeUndefined();
  });

  it('tells that a run waits, and how far it is', async () => {
    const stop = new AbortController();
    const news: string[] = [];
    const run = runner.run(ENDLESS, {
      signal: stop.signal,
      onWait: () => news.push('waits'),
      onProgress: ({ epoch, epochs, samples }) => {
        news.push(`${epoch > 0} ${epochs} ${samples}`);
        stop.abort();
      },
    });
    await until(async () => (await queue.getWaitingCount()) === 1);
    await startWorker();
    await expect(run).rejects.toThrow(InterruptedError);
    expect(news).toEqual(['waits', 'true 1000000 90']);
  });

  it('holds a run once, and has the result for a submitter that comes later', async () => {
    const { lines } = await startWorker({ workers: 2 });
    const second = await QueueRunner.open(redis.address);
    const config = configOf();
    const records = await Promise.all([runner.run(config), second.run(config), runner.run(config)]);
    records.push(await second.run(config));
    await second.close();
    for (const record of records) expect(record).toEqual(records[0]);
    expect(lines.filter((line) => line.endsWith('begun'))).toHaveLength(1);
  });

  it('takes back what is not begun when the submitter stops, and lets the rest finish', async () => {
    const { lines } = await startWorker();
    const long = configOf({ epochs: 2000 });
    const stop = new AbortController();
    const { signal } = stop;
    const ended = [long, configOf({ seed: 2 })].map((config) => runner.run(config, { signal }));
    await until(() => lines.length === 1);
    await until(async () => (await queue.getWaitingCount()) === 1);
    stop.abort();
    for (const run of ended) await expect(run).rejects.toThrow(InterruptedError);
    expect(await queue.getJobCounts('active', 'waiting')).toEqual({ active: 1, waiting: 0 });
    expect((await runner.run(long)).epochs).toHaveLength(2000);
    expect(lines).toHaveLength(2);
  });

  it('queues again what Redis forgot', async () => {
    const run = runner.run(configOf());
    await until(async () => (await queue.getWaitingCount()) === 1);
    await queue.obliterate({ force: true });
    await startWorker();
    expect((await run).epochs).toHaveLength(2);
  });

  it('gives back what is begun when the worker has to stop, and another starts it anew', async () => {
    const { worker, lines, ended } = await startWorker();
    const stop = new AbortController();
    const run = runner.run(ENDLESS, { signal: stop.signal });
    await until(() => lines.length === 1);
    worker.giveBack();
    expect(await ended).toBeUndefined();
    expect(lines[1]).toMatch(/given back/);
    expect(await queue.getJobCounts('active', 'waiting')).toEqual({ active: 0, waiting: 1 });
    const other = await startWorker();
    await until(() => other.lines.length === 1);
    expect(other.lines).toEqual([lines[0]]);
    stop.abort();
    await expect(run).rejects.toThrow(InterruptedError);
  });

  it('lets a worker finish what is begun and take no more', async () => {
    const stop = new AbortController();
    const [first, second] = [configOf({ epochs: 500 }), configOf()].map((config) =>
      runner.run(config, { signal: stop.signal }),
    );
    await until(async () => (await queue.getWaitingCount()) === 2);
    const lines: string[] = [];
    const { ended } = await startWorker({
      log: (line) => {
        lines.push(line);
        // At once: a busy machine may come back to this test when the run is over.
        workers[0].worker.finish();
      },
    });
    expect(await ended).toBeUndefined();
    expect((await first).epochs).toHaveLength(500);
    expect(lines).toHaveLength(2);
    stop.abort();
    await expect(second).rejects.toThrow(InterruptedError);
  });

  describe('a failure', () => {
    it('is that of training here, and does not come again from the queue', async () => {
      // A single unit tells two classes apart; this data has three.
      const wrong = configOf({
        rule: { name: 'local-error', layers: [12], groupSize: 3, output: 'single-unit' },
      });
      const here: unknown = await train(wrong).catch((error: unknown) => error);
      if (!(here instanceof Error)) throw new Error('it did not fail');
      const { lines } = await startWorker();
      for (let attempt = 0; attempt < 2; attempt++) {
        const there = await runner.run(wrong).catch((error: Error) => error);
        expect(there).toMatchObject({ name: here.name, message: here.message });
      }
      expect(lines.filter((line) => line.endsWith('begun'))).toHaveLength(2);
    });

    it('is what a job with extra fields becomes; the sweep goes on', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-queue-'));
      const { key, request } = await requestOf(configOf({ seed: 1 }));
      await queue.add('run', { ...request, code: 'process.exit()' }, { jobId: key });
      try {
        const { dataset, rule } = configOf();
        const spec = { base: { dataset, rule, epochs: 2 }, axes: [{ seeds: 2 }] };
        const ended = sweep(spec, { store: folder, queue: redis.address });
        await until(async () => (await queue.getWaitingCount()) === 2);
        await startWorker();
        const { runs } = await ended;
        expect(runs.map(({ status }) => status)).toEqual(['failed', 'finished']);
        const store = openStore(folder);
        const stored = store.find(key);
        store.close();
        expect(stored).toMatchObject({
          status: 'failed',
          error: {
            name: 'ArgumentError',
            message: expect.stringContaining('job: expected no key code, got {'),
          },
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('is what a run under a wrong name becomes', async () => {
      const { request } = await requestOf(configOf({ seed: 1 }));
      const { key } = await requestOf(configOf({ seed: 2 }));
      await queue.add('run', request, { jobId: key });
      await startWorker();
      await expect(runner.run(configOf({ seed: 2 }))).rejects.toThrow(
        `the job is called ${key}, and its run `,
      );
    });

    it('is what a run that loses its workers again and again becomes', async () => {
      const run = runner.run(configOf());
      await until(async () => (await queue.getWaitingCount()) === 1);
      await leaveAsDeadWorkers(4);
      await startWorker();
      await expect(run).rejects.toThrow(AbandonedRunError);
      await expect(run).rejects.toThrow('the workers gave the run up: job stalled more than allowable limit');
    });
  });

  describe('a run that a worker cannot train', () => {
    /** Puts a run into the queue as somebody else would ask for it. */
    async function queueOther(config: TrainConfig, other: object): Promise<string> {
      const { key, request } = await requestOf(config);
      await queue.add('run', { ...request, ...other }, { jobId: key });
      return key;
    }

    it('is put aside with its reason, and those behind it are trained', async () => {
      const bad = configOf({ seed: 9 });
      const key = await queueOther(bad, { datasetSha256: '0'.repeat(64) });
      const refused = runner.run(bad);
      refused.catch(() => undefined);
      const { lines } = await startWorker();
      const good = await Promise.all([1, 2, 3].map((seed) => runner.run(configOf({ seed }))));
      expect(good.map(({ seed }) => seed)).toEqual([1, 2, 3]);
      await expect(refused).rejects.toThrow(RunRefusedError);
      await expect(refused).rejects.toThrow(
        /^the run was put aside, as no worker could train it: cannot train on prototypes: the data here is another: hash \w{64}, and the run is meant for 0{64}\. Give .*\. Mend that, and call again/,
      );
      expect(lines.filter((line) => line.startsWith(`run ${key} refused: `))).toHaveLength(2);
      expect(lines.filter((line) => line.startsWith(`run ${key} put aside: `))).toHaveLength(1);
      expect(await queue.getJobState(key)).toBe('failed');
      // The worker goes on, and asking again tries again.
      const again = await runner.run(configOf({ seed: 4 }));
      expect(again.seed).toBe(4);
      expect(
        (await runner.run(configOf({ seed: 9 })).catch((error: unknown) => error)) as object,
      ).toHaveProperty('seed', 9);
    });

    it('is not put aside while there is a worker that has not refused it', async () => {
      const dataDir = mkdtempSync(path.join(tmpdir(), 'xnorlab-queue-data-'));
      const own = path.join(dataDir, 'flowers');
      mkdirSync(own);
      const rows = Array.from({ length: 30 }, (_, i) => `${i % 2},${i % 3},${i % 5 > 2 ? 'rose' : 'tulip'}`);
      for (const split of ['train', 'test'])
        writeFileSync(path.join(own, `${split}.csv`), ['a,b,label', ...rows].join('\n'));
      const submitter = await QueueRunner.open(redis.address, { dataDir });
      const stop = new AbortController();
      try {
        const ignorant = await startWorker();
        // It has the data, and something else to do.
        const able = await startWorker({ dataDir });
        const endless = runner.run(ENDLESS, { signal: stop.signal });
        endless.catch(() => undefined);
        await until(() => [...ignorant.lines, ...able.lines].some((line) => line.endsWith('begun')));
        const isAbleBusy = able.lines.length > 0;
        const flowers = submitter.run(configOf({ dataset: 'flowers' }));
        flowers.catch(() => undefined);
        if (isAbleBusy) {
          await until(() => ignorant.lines.filter((line) => line.includes('refused')).length > 3);
          expect(ignorant.lines.join()).toMatch(
            /refused: cannot train on flowers: dataset: expected one of .*, got 'flowers'\. Give/,
          );
          expect(ignorant.lines.join()).not.toContain('put aside');
          able.worker.giveBack();
          await able.ended;
          await startWorker({ dataDir, workers: 2 });
        }
        expect((await flowers).dataset.name).toBe('flowers');
      } finally {
        stop.abort();
        await submitter.close();
        rmSync(dataDir, { recursive: true });
      }
    });

    it('of another version is in a queue of its own, which workers of this one leave alone', async () => {
      const other = new Queue('runs-99.0.0', { prefix: KEY_PREFIX, connection: { port: redis.port } });
      const { key, request } = await requestOf(configOf());
      await other.add('run', { ...request, xnorlab: '99.0.0' }, { jobId: key });
      await startWorker();
      expect((await runner.run(configOf({ seed: 2 }))).seed).toBe(2);
      expect(await other.getJobState(key)).toBe('waiting');
      // Put into our queue by hand, it is refused like any other.
      const own = await queueOther(configOf({ seed: 3 }), { xnorlab: '99.0.0' });
      await until(async () => (await queue.getJobState(own)) === 'failed');
      await other.obliterate({ force: true });
      await other.close();
    });

    it('because all workers are of another version is said when patience ends', async () => {
      const submitter = await QueueRunner.open(redis.address, { patienceSeconds: 1 });
      const stranger = new Worker('runs-99.0.0', async () => undefined, {
        prefix: KEY_PREFIX,
        connection: { port: redis.port },
        name: 'stranger',
      });
      try {
        await expect(submitter.run(configOf())).rejects.toThrow(
          /^for 1 s the workers at redis:\/\/127\.0\.0\.1:\d+ have been of xnorlab 99\.0\.0, and this is [\d.]+\. Start workers of the same xnorlab/,
        );
      } finally {
        await submitter.close();
        await stranger.close(true);
      }
    });

    it('ends a sweep when the others are trained, and stays unfinished', async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-queue-'));
      const key = await queueOther(configOf({ seed: 1 }), { datasetSha256: '0'.repeat(64) });
      try {
        const { dataset, rule } = configOf();
        const spec = { base: { dataset, rule, epochs: 2 }, axes: [{ seeds: 3 }] };
        await startWorker();
        const options = { store: folder, queue: redis.address };
        await expect(sweep(spec, options)).rejects.toThrow(
          /^1 run was put aside, as no worker could train it: cannot train on prototypes: .*Mend that, and call again/,
        );
        const store = openStore(folder);
        expect(store.runs().map(({ status }) => status)).toEqual(['unfinished', 'finished', 'finished']);
        expect(store.find(key)?.status).toBe('unfinished');
        // What was asked for wrongly is asked for anew.
        expect((await sweep(spec, options)).finished).toBe(1);
        expect(store.records()).toHaveLength(3);
        store.close();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  it('is looked into, and what was put aside queued again or dropped', async () => {
    const [aside, dropped] = await Promise.all([configOf({ seed: 1 }), configOf({ seed: 2 })].map(requestOf));
    for (const { key, request } of [aside, dropped]) {
      await queue.add('run', { ...request, datasetSha256: '0'.repeat(64) }, { jobId: key });
    }
    const { worker, ended } = await startWorker();
    await until(async () => (await queue.getFailedCount()) === 2);
    worker.finish();
    await ended;
    const client = new Redis(redis.port);
    await client.hset(`${KEY_PREFIX}:${QUEUE_NAME}:${dropped.key}`, { data: '{"damaged' });
    const jobs = await QueueJobs.open(redis.address);
    try {
      const { runs, workers: present } = await jobs.list();
      expect(present).toEqual([]);
      expect(runs).toContainEqual({
        key: aside.key,
        version: QUEUE_NAME.slice('runs-'.length),
        state: 'aside',
        reasons: [
          {
            worker: expect.stringContaining(`-${process.pid}-`),
            reason: expect.stringMatching(/^cannot train/),
          },
        ],
      });
      expect(runs).toContainEqual(
        expect.objectContaining({
          key: dropped.key,
          state: 'failed',
          reasons: [{ reason: 'it is no job that can be read' }],
        }),
      );
      expect(await jobs.drop([dropped.key])).toEqual([dropped.key]);
      await expect(jobs.retry([dropped.key])).rejects.toThrow(
        `key: expected that of a run that is failed: xnorlab queue lists them, got '${dropped.key}'`,
      );
      expect(await jobs.retry()).toEqual([aside.key]);
      expect((await jobs.list()).runs).toEqual([
        expect.objectContaining({ key: aside.key, state: 'waiting' }),
      ]);
      expect(await jobs.drop([aside.key])).toEqual([aside.key]);
      expect((await jobs.list()).runs).toEqual([]);
    } finally {
      jobs.close();
      client.disconnect();
    }
  });

  it('that holds what is no job, or no result, costs that run and no other', async () => {
    const keyOf = (key: string): string => `${KEY_PREFIX}:${QUEUE_NAME}:${key}`;
    const client = new Redis(redis.port);
    const [first, second] = await Promise.all([configOf({ seed: 1 }), configOf({ seed: 2 })].map(requestOf));
    for (const { key, request } of [first, second]) await queue.add('run', request, { jobId: key });
    await client.hset(keyOf(first.key), { data: '{"damaged' });
    await expect(runner.run(configOf({ seed: 1 }))).rejects.toThrow(
      new RegExp(`^redis://127\\.0\\.0\\.1:\\d+: what is in the queue for run ${first.key} is no job$`),
    );
    const stop = new AbortController();
    await startWorker();
    const run = runner.run(configOf({ seed: 2 }), { signal: stop.signal });
    expect((await run).seed).toBe(2);
    // Somebody writes another result over it: it is not believed, and trained again.
    const job = await queue.getJob(second.key);
    const { record } = (job?.returnvalue ?? {}) as { record?: object };
    await client.hset(keyOf(second.key), {
      returnvalue: JSON.stringify({ record: { ...record, testAccuracy: 101 } }),
    });
    expect((await runner.run(configOf({ seed: 2 }))).testAccuracy).toBeLessThanOrEqual(100);
    client.disconnect();
  });
});

describe.skipIf(!hasRedis)('a connection', () => {
  it('to nobody is an error that says where', async () => {
    const port = await freePort();
    for (const open of [QueueRunner.open, QueueWorker.open]) {
      await expect(open(`redis://:secret@localhost:${port}`)).rejects.toThrow(
        new RegExp(
          `^no Redis answers at redis://localhost:${port} \\(.*ECONNREFUSED.*\\)\\. Start one there, or`,
        ),
      );
    }
  });

  it('with a wrong password, or none, is an error that does not tell it', async () => {
    const redis = await RedisServer.start('--requirepass', 'secret');
    try {
      const place = `127.0.0.1:${redis.port}`;
      for (const address of [`redis://${place}`, `redis://:wrong@${place}`, `redis://me:wrong@${place}`]) {
        const opening = QueueConnection.open(address);
        await expect(opening).rejects.toThrow(`the Redis at redis://${place} refuses the user or password (`);
        await expect(opening).rejects.not.toThrow('wrong@');
      }
      const connection = await QueueConnection.open(`redis://:secret@${place}`);
      expect(await connection.client.ping()).toBe('PONG');
      connection.close();
    } finally {
      await redis.remove();
    }
  });

  it.each([
    ['scripts', ['+@all', '-eval', '-evalsha'], "the 'eval' command"],
    ['keys', ['~other:*', '+@all'], 'keys used as arguments'],
    ['what it is asked first', ['+@all', '-info'], "the 'info' command"],
  ])('of a user who is kept from %s is an error, to workers too', async (_, rules, told) => {
    const redis = await RedisServer.start();
    try {
      const keys = rules[0].startsWith('~') ? [] : ['~*'];
      const client = new Redis(redis.port);
      await client.call('ACL', 'SETUSER', 'me', 'on', '>secret', '&*', ...keys, ...rules);
      client.disconnect();
      for (const open of [QueueRunner.open, QueueWorker.open]) {
        const opening = open(`redis://me:secret@127.0.0.1:${redis.port}`);
        await expect(opening).rejects.toThrow(
          `the Redis at ${redis.address} keeps its user from what a queue does (NOPERM`,
        );
        await expect(opening).rejects.toThrow(told);
        await expect(opening).rejects.toThrow('Let the user run all commands');
      }
    } finally {
      await redis.remove();
    }
  });

  it('to a Redis that drops keys is an error', async () => {
    const redis = await RedisServer.start('--maxmemory-policy', 'allkeys-lru');
    try {
      await expect(QueueConnection.open(redis.address)).rejects.toThrow(
        `the Redis at ${redis.address} may drop what it is given (maxmemory-policy allkeys-lru). Set maxmemory-policy noeviction.`,
      );
    } finally {
      await redis.remove();
    }
  });

  it('to a database that there is not is an error', async () => {
    const redis = await RedisServer.start();
    try {
      await expect(QueueConnection.open(`${redis.address}/99`)).rejects.toThrow(
        `the Redis at ${redis.address}/99 has no database 99 (ERR DB index is out of range). Name one that there is`,
      );
      const connection = await QueueConnection.open(`${redis.address}/15`);
      connection.close();
    } finally {
      await redis.remove();
    }
  });

  it('to a replica is an error that names the primary', async () => {
    const primary = await RedisServer.start();
    const replica = await RedisServer.start('--replicaof', '127.0.0.1', String(primary.port));
    try {
      await expect(QueueConnection.open(replica.address)).rejects.toThrow(
        `the Redis at ${replica.address} is a replica, which takes no jobs. Name its primary, 127.0.0.1:${primary.port}.`,
      );
    } finally {
      await replica.remove();
      await primary.remove();
    }
  });

  it('to a part of a cluster is an error', async () => {
    const redis = await RedisServer.start('--cluster-enabled', 'yes');
    try {
      await expect(QueueConnection.open(redis.address)).rejects.toThrow(
        `the Redis at ${redis.address} is part of a cluster, over which a queue cannot be spread. Use a single Redis.`,
      );
    } finally {
      await redis.remove();
    }
  });

  it('to an old Redis, or to none at all, is an error', async () => {
    const info = 'redis_version:5.0.14\r\n';
    const server = createServer((socket) =>
      socket.on('data', (data) => {
        for (const command of String(data).split('*').slice(1)) {
          socket.write(
            /info/i.test(command) && !/setinfo/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n',
          );
        }
      }),
    );
    const stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const [port, other] = [await freePort(), await freePort()];
    server.listen(port, '127.0.0.1');
    stranger.listen(other, '127.0.0.1');
    await expect(QueueConnection.open(`redis://127.0.0.1:${port}`)).rejects.toThrow(
      `the Redis at redis://127.0.0.1:${port} is 5.0.14, and 6.2.0 is needed. Update it.`,
    );
    await expect(QueueConnection.open(`redis://127.0.0.1:${other}`)).rejects.toThrow(
      `no Redis answers at redis://127.0.0.1:${other} (`,
    );
    server.close();
    stranger.close();
  });

  it('to a Redis that is full is no failure of a run', async () => {
    const redis = await RedisServer.start('--maxmemory', '1');
    const runner = await QueueRunner.open(redis.address);
    try {
      const run = runner.run(configOf());
      await expect(run).rejects.toThrow(EnvironmentError);
      await expect(run).rejects.toThrow(`the Redis at ${redis.address} does not do what it is asked (OOM`);
    } finally {
      await runner.close();
      await redis.remove();
    }
  });

  it('that is lost for longer than patience lasts ends submitter and worker', async () => {
    const lines: string[] = [];
    const redis = await RedisServer.start();
    const [runner, worker] = await Promise.all([
      QueueRunner.open(redis.address, { patienceSeconds: 1 }),
      QueueWorker.open(redis.address, { patienceSeconds: 1, workers: 1, log: (line) => lines.push(line) }),
    ]);
    const ends = [worker.run(), runner.run(ENDLESS)];
    for (const end of ends) end.catch(() => undefined);
    while (lines.length === 0) await sleep(20);
    await redis.end();
    for (const end of ends) {
      await expect(end).rejects.toThrow(EnvironmentError);
      await expect(end).rejects.toThrow(
        `the connection to the Redis at ${redis.address} was lost for more than 1 s (`,
      );
    }
    await runner.close();
    await redis.remove();
  });
});
