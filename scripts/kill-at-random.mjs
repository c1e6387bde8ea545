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

/** Longest life of a process after it has said something, before it is killed. */
const LIFE_MS = 1_500;

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
  const redis = lives('redis', () => redisServer(port, folder), stop.signal, 4);
  const workers = [1, 2].map(() =>
    lives('worker', () => program('worker', '--queue', address, '--workers', '1'), stop.signal, 2),
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
    lives(
      'submitter',
      () => program('sweep', file, '--store', queued, '--queue', address, '--retry-failed'),
      undefined,
      2,
    ),
  ]);
  stop.abort();
  await Promise.all([redis, ...workers]);
  for (const store of [local, queued]) {
    const difference = judge(store, expected);
    if (difference) wrong.push(`round ${rounds}, ${path.basename(store)}: ${difference}`);
  }
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Starts a process, kills it at random and starts it again, until it ends by itself, with success, or until `signal` aborts.
 * @param rarely - how many times longer it may live than others
 */
async function lives(kind, start, signal, rarely = 1) {
  for (;;) {
    const { child, spoke } = start();
    const over = ended({ child });
    // One in four before it has begun to work.
    const begun = draw(4) === 0 ? sleep(draw(1_500)) : spoke;
    const mayKill = total() < wanted;
    const doomed = mayKill
      ? Promise.race([begun, over]).then(() => sleep(draw(LIFE_MS * rarely), 'doomed'))
      : new Promise(() => undefined);
    const stopped = signal ? once(signal, 'abort').then(() => 'stopped') : new Promise(() => undefined);
    const first = signal?.aborted ? 'stopped' : await Promise.race([over, doomed, stopped]);
    if (first === 'doomed' && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      kills[kind]++;
    } else if (first === 'stopped') child.kill('SIGKILL');
    const code = await over;
    if (first === 'stopped' || signal?.aborted || code === 0) return;
    if (code !== null && kind === 'sweep') throw new Error(`a sweep ended with ${code}`);
    // Redis may be away for longer than a connection is tried, when its start fails: then it is a matter of time.
    if (code !== null) await sleep(500);
  }
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
  const spoke = new Promise((resolve) => stream.once('data', resolve));
  stream.resume();
  return { child, spoke };
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

/** Whole numbers below n of a seed: mulberry32. */
function random(start) {
  let state = start >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * n);
  };
}
