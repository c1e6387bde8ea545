import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEY_PREFIX, QUEUE_NAME } from '../../../../src/node/queue/settings.js';
import { openStore } from '../../../../src/node/store/run-store.js';
import { hasRedis, RedisServer } from './redis-server.js';
import { CLI, Commands, type Xnorlab } from './xnorlab.js';

/** 12 runs of about a second each on one thread. */
const SWEEP = `
base:
  dataset:
    name: prototypes
    prototypes: { features: 200, classes: 4, trainSamples: 2000, validationSamples: 200, testSamples: 200 }
  rule: { name: local-error, layers: [90, 30], groupSize: 5 }
  epochs: 150
axes:
  - grid: { rule.groupSize: [5, 10, 15] }
  - seeds: 4
`;

describe.skipIf(!hasRedis)('a sweep on many machines', () => {
  let folder: string;
  let file: string;
  let redis: RedisServer;
  const commands = new Commands();
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-machines-'));
    file = path.join(folder, 'small.yaml');
    writeFileSync(file, SWEEP);
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await commands.end();
    await redis.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const startWorker = (): Xnorlab => commands.startWorker(redis.address);
  const submit = (store: string): Xnorlab =>
    commands.start('sweep', file, '--store', store, '--queue', redis.address);

  /** Kills a worker in the middle of a run. @returns the run's key */
  async function killWorker(): Promise<string> {
    for (;;) {
      const victim = startWorker();
      await victim.wrote(/begun/);
      victim.kill('SIGKILL');
      await victim.end();
      const lost = /run (\w+) begun\n$/.exec(victim.output)?.[1];
      // Otherwise it was through with the run before the signal came.
      if (lost !== undefined) return lost;
    }
  }

  it('trains rules of the user’s where a worker is told of the file, and nowhere else', async () => {
    const rule = path.join(folder, 'my-rule.ts');
    copyFileSync(path.resolve(__dirname, '..', '..', '..', '..', 'examples', 'random-correction.ts'), rule);
    const own = SWEEP.replace(/ {2}rule: .*\n/, '  rule: { name: random-correction, layers: [9] }\n')
      .replace('epochs: 150', 'epochs: 1')
      .replace(/ {2}- grid: .*\n/, '');
    writeFileSync(file, `rules: my-rule.ts\n${own}`);
    const store = path.join(folder, 'store');
    const refused = submit(store);
    const ignorant = startWorker();
    expect(await refused.end()).toBe(1);
    expect(ignorant.output).toContain('the run asks for the rule random-correction, which is not known here');
    expect(refused.output).toContain(
      '4 runs were put aside, as no worker could train them: the run asks for',
    );
    ignorant.kill('SIGINT');
    expect(await ignorant.end()).toBe(0);
    const again = submit(store);
    commands.start('worker', '--queue', redis.address, '--workers', '1', '--rules', rule);
    expect(await again.end()).toBe(0);
    expect(again.output).toContain('4 finished now, 0 before, 0 failed');
  });

  it('ends as one here, each run once, though a worker is killed and Redis restarted', async () => {
    const store = path.join(folder, 'queue');
    const sweep = submit(store);
    const lost = await killWorker();
    const others = [startWorker(), startWorker()];
    for (const other of others) await other.wrote(/runs at a time/);
    await sweep.wrote(/run \d+\/12/, 4);
    await redis.end();
    await sleep(500);
    await redis.begin();
    expect(await sweep.end()).toBe(0);
    expect(sweep.output).toContain(`12 runs in ${store}: 12 finished now, 0 before, 0 failed`);
    for (const other of others) {
      await other.wrote(/connection back/);
      other.kill('SIGINT');
      expect(await other.end()).toBe(0);
    }
    expect(others.map(({ output }) => output).join('')).toContain(`run ${lost} finished`);
    const local = path.join(folder, 'local');
    expect(await commands.start('sweep', file, '--store', local, '--workers', '2').end()).toBe(0);
    expect(contents(store)).toEqual(contents(local));
  });

  it('goes on where it was after its submitter was killed', async () => {
    const store = path.join(folder, 'queue');
    const first = submit(store);
    const early = startWorker();
    await first.wrote(/run 1\/12/);
    first.kill('SIGKILL');
    await first.end();
    // The worker goes on without who asked for it.
    await early.wrote(/finished/, early.count(/finished/) + 1);
    early.kill('SIGINT');
    expect(await early.end()).toBe(0);
    const second = submit(store);
    const middle = startWorker();
    // The first may have stored more than it came to say.
    await second.wrote(/run \d+\/12/);
    // Ctrl-C: what nobody has begun is not begun any more.
    second.kill('SIGINT');
    expect(await second.end()).toBe(130);
    const queue = new Queue(QUEUE_NAME, { prefix: KEY_PREFIX, connection: { port: redis.port } });
    expect(await queue.getWaitingCount()).toBe(0);
    await queue.close();
    middle.kill('SIGINT');
    expect(await middle.end()).toBe(0);
    const finished = early.count(/finished/) + middle.count(/finished/);
    expect(finished).toBeLessThan(12);
    const other = startWorker();
    const third = submit(store);
    expect(await third.end()).toBe(0);
    // Nothing was trained twice.
    expect(finished + other.count(/finished/)).toBe(12);
    other.kill('SIGTERM');
    expect(await other.end()).toBe(0);
  });
});

describe.skipIf(!hasRedis)('processes that are killed at random', () => {
  it('leave every run exactly once, and nothing else', async () => {
    const script = path.resolve(__dirname, '..', '..', '..', '..', 'scripts', 'kill-at-random.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--kills', '6', '--seed', '2']);
    expect(JSON.parse(stdout)).toMatchObject({ wrong: [] });
  });
});

describe('without a queue', () => {
  it('nothing of Redis is loaded', async () => {
    const script = `
      require(${JSON.stringify(path.join(path.dirname(CLI), 'index.js'))});
      require(${JSON.stringify(path.join(path.dirname(CLI), 'cli', 'program.js'))}).createProgram().then(() => {
        process.stdout.write(Object.keys(require.cache).filter((file) => /[/\\\\](bullmq|ioredis)[/\\\\]/.test(file)).join());
      });
    `;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let loaded = '';
    child.stdout.on('data', (data) => {
      loaded += String(data);
    });
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
    expect(loaded).toBe('');
  });
});

/** Everything in a store, times aside. */
function contents(folder: string): unknown {
  expect(existsSync(folder)).toBe(true);
  const store = openStore(folder);
  const all = [store.runs(), store.runs({ sweep: 'small' })];
  store.close();
  return JSON.parse(
    JSON.stringify(all, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value)),
  );
}
