// Sweeps on this machine and sweeps on a queue, whose processes are killed at random and started again: the sweeps, their submitters, the
// workers, and Redis. When all have ended, each store must hold every run exactly once, identical to that of a sweep that nobody
// disturbed, without damage, and nothing else may lie in its folder.
//
//   node scripts/kill-at-random.mjs [--kills 1000] [--seconds 3600] [--seed 1]      needs `npm run build` and redis-server
//
// It starts no further round when the time is over, and says on stdout what it has done; exit 1 if anything differed.
import { spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { random } from './random.mjs';

const require = createRequire(import.meta.url);
const DIST = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const { openStore } = require(path.join(DIST, 'node', 'store', 'run-store.js'));
const { checkStore } = require(path.join(DIST, 'node', 'store', 'repair.js'));

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '3600' },
    seed: { type: 'string', default: '1' },
  },
});
const draw = random(Number(values.seed));
const wanted = Number(values.kills);
const end = performance.now() + 1000 * Number(values.seconds);

/** 16 short runs, which a checkpoint is written of after every epoch. */
const SWEEP = `
base:
  dataset:
    name: prototypes
    prototypes: { features: 100, classes: 3, trainSamples: 600, validationSamples: 60, testSamples: 60 }
  rule: { name: local-error, layers: [30, 15], groupSize: 5 }
  epochs: 80
axes:
  - grid: { rule.groupSize: [5, 15] }
  - seeds: 8
`;

/** Lives are counted in what is said, not by the clock, as a busy machine may do nothing in any given time. */
const LINES = { sweep: 4, submitter: 5, worker: 6, redis: 25 };
/** And then it may be anywhere in what it does next. */
const MOMENT_MS = 400;

/** Lines of all processes, for Redis, which says little itself. */
let said = 0;

const root = mkdtempSync(path.join(tmpdir(), 'xnorlab-kills-'));
const kills = { sweep: 0, submitter: 0, worker: 0, redis: 0 };
const running = new Set();
let rounds = 0;
const wrong = [];
try {
  const file = path.join(root, 'small.yaml');
  writeFileSync(file, SWEEP);
  const reference = path.join(root, 'reference');
  await ended(program('sweep', file, '--store', reference, '--workers', '1'));
  const expected = contents(reference);
  while (total() < wanted && performance.now() < end && wrong.length === 0) {
    rounds++;
    await round(file, expected, path.join(root, `round-${rounds}`));
    process.stderr.write(`round ${rounds}: ${total()} kills ${JSON.stringify(kills)}\n`);
  }
} finally {
  for (const child of running) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
}
process.stdout.write(`${JSON.stringify({ rounds, kills: total(), of: kills, wrong })}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;

/** Two sweeps, disturbed until both are through. */
async function round(file, expected, folder) {
  mkdirSync(folder);
  const [local, queued] = ['local', 'queued'].map((name) => path.join(folder, name));
  const port = await freePort();
  const address = `redis://127.0.0.1:${port}`;
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const redis = lives('redis', () => redisServer(port, folder), stop.signal);
  const workers = [1, 2].map(() =>
    lives('worker', () => program('worker', '--queue', address, '--workers', '1'), stop.signal),
  );
  await Promise.all([
    lives('sweep', () =>
      program(
        'sweep',
        file,
        '--store',
        local,
        '--workers',
        '2',
        '--checkpoint-seconds',
        '0',
        '--retry-failed',
      ),
    ),
    lives('submitter', () => program('sweep', file, '--store', queued, '--queue', address, '--retry-failed')),
  ]);
  stop.abort();
  await Promise.all([redis, ...workers]);
  for (const store of [local, queued]) {
    const difference = judge(store, expected);
    if (difference) wrong.push(`round ${rounds}, ${path.basename(store)}: ${difference}`);
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Starts a process, kills it at random and starts it again, until it ends by itself, with success, or until `signal` aborts. */
async function lives(kind, start, signal) {
  for (;;) {
    const process_ = start();
    const over = ended(process_);
    const stopped = signal ? once(signal, 'abort') : new Promise(() => undefined);
    const first = await Promise.race([
      over.then(() => 'over'),
      doom(kind, process_, over),
      signal?.aborted ? 'stopped' : stopped.then(() => 'stopped'),
    ]);
    const { child } = process_;
    if (first !== 'over' && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      if (first === 'doomed') kills[kind]++;
      if (first === 'doomed' && total() % 10 === 0) process.stderr.write(`${total()} kills\n`);
    }
    const code = await over;
    if (first === 'stopped' || signal?.aborted || code === 0) return;
    // A queue that is away for long, or a run that lost its workers too often.
    if (code !== null) await sleep(500);
  }
}

/** @returns when it is to be killed */
async function doom(kind, process_, over) {
  if (total() >= wanted) return new Promise(() => undefined);
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  // One in four before it has begun to work.
  if (draw(4) === 0) await sleep(draw(2_000));
  else {
    const [lines, before] = [1 + draw(LINES[kind]), said];
    while (!isOver && (kind === 'redis' ? said - before : process_.lines) < lines) await sleep(20);
    await sleep(draw(MOMENT_MS));
  }
  return total() < wanted ? 'doomed' : new Promise(() => undefined);
}

function program(...args) {
  const child = spawn(process.execPath, [path.join(DIST, 'cli.js'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return track(child, child.stderr);
}

function redisServer(port, folder) {
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
  ];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return track(child, child.stdout);
}

function track(child, stream) {
  running.add(child);
  child.once('close', () => running.delete(child));
  const tracked = { child, lines: 0 };
  stream.on('data', (data) => {
    const lines = String(data).split('\n').length - 1;
    tracked.lines += lines;
    if (child.spawnfile !== 'redis-server') said += lines;
  });
  return tracked;
}

/** @returns its exit status; null when it was killed */
async function ended({ child }) {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}

/** What is wrong with a store, if anything is. */
function judge(folder, expected) {
  const { damages } = checkStore(folder);
  if (damages.length > 0) return `${damages[0].place}: ${damages[0].problem}`;
  if (contents(folder) !== expected) return 'it holds something else';
  const litter = readdirSync(folder, { recursive: true }).filter(
    (name) => !/^(store\.sqlite(-wal|-shm)?|writer\.lock|checkpoints)$/.test(name),
  );
  return litter.length > 0 ? `litter: ${litter.join(', ')}` : undefined;
}

/** Everything in a store, in its order, but times. */
function contents(folder) {
  const store = openStore(folder);
  const all = [store.runs(), store.runs({ sweep: 'small' })];
  store.close();
  return JSON.stringify(all, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value));
}

function total() {
  return Object.values(kills).reduce((sum, count) => sum + count, 0);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
