// Damages a small run store at random, thousands of times, and reads it: each time the outcome must be an error of ours that says
// where, or the very rows that were written. Every hundredth damage is repaired as well: what is kept must be what was written, and
// the damaged file must still be there, byte for byte. The reading is done by child processes, as what is looked for may end them.
//
//   node scripts/damage-stores.mjs [--cases 1000] [--seed 1] [--seconds 3600]      needs `npm run build`; exit 1 if anything else came out
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { random } from './random.mjs';

const require = createRequire(import.meta.url);
const DIST = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const { openStore } = require(path.join(DIST, 'node', 'store', 'run-store.js'));
const { checkStore, repairStore } = require(path.join(DIST, 'node', 'store', 'repair.js'));
const { XnorlabError } = require(path.join(DIST, 'core', 'errors.js'));
const { runKey } = require(path.join(DIST, 'records', 'run-key.js'));

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3600' },
    child: { type: 'string' },
    from: { type: 'string', default: '0' },
  },
});
/** Each takes memory that the driver gives back only when the event loop turns. */
const CASES_OF_A_CHILD = 500;

const [cases, seed, from] = [values.cases, values.seed, values.from].map(Number);

if (values.child === undefined) process.exitCode = await attack();
else await child(values.child);

async function attack() {
  const folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-damage-'));
  const end = performance.now() + 1000 * Number(values.seconds);
  try {
    await makeStore(path.join(folder, 'store'));
    const counts = {};
    const wrong = [];
    let next = 0;
    while (next < cases && performance.now() < end) {
      const until = Math.min(next + CASES_OF_A_CHILD, cases);
      const { last, lines, signal, stderr } = await runChild(folder, next, until);
      for (const { outcome, detail, number } of lines) {
        counts[outcome] = (counts[outcome] ?? 0) + 1;
        if (!['error', 'identical'].includes(outcome)) wrong.push(`case ${number}: ${outcome}: ${detail}`);
      }
      next = last + 1;
      if (next >= until) continue;
      counts.died = (counts.died ?? 0) + 1;
      wrong.push(`case ${next}: the process died (${signal}): ${stderr.slice(0, 300)}`);
      next++;
    }
    process.stdout.write(`${JSON.stringify({ cases: next, seed, ...counts, wrong: wrong.slice(0, 20) })}\n`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runChild(folder, first, until) {
  const process_ = spawn(
    process.execPath,
    [
      fileURLToPath(import.meta.url),
      '--child',
      folder,
      '--from',
      first,
      '--cases',
      until,
      '--seed',
      seed,
    ].map(String),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [stdout, stderr] = ['', ''];
  process_.stdout.on('data', (data) => {
    stdout += data;
  });
  process_.stderr.on('data', (data) => {
    stderr += data;
  });
  const [code, signal] = await new Promise((resolve) => process_.on('close', (...ended) => resolve(ended)));
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const last = lines.at(-1)?.number ?? first - 1;
  return { last, lines, signal: signal ?? code, stderr };
}

async function makeStore(folder) {
  const store = openStore(folder, { create: true });
  await store.write(async (writer) => {
    for (let i = 0; i < 12; i++) {
      const rule = { name: 'local-error', version: 2 };
      const config = {
        dataset: { name: 'prototypes' },
        rule: { name: 'local-error', layers: [4, 2], groupSize: 1 + (i % 2) },
        epochs: 6,
        seed: i,
      };
      const key = runKey(config, 'ab'.repeat(32), rule);
      const epochs = Array.from({ length: 6 }, (_, e) => epochOf(e + 1, i));
      writer.begin({ key, config, rule, datasetSha256: 'ab'.repeat(32), sweep: `süß ${i % 3}` });
      if (i % 4 === 3) writer.appendEpochs(key, epochs.slice(0, 3));
      if (i % 4 === 2) writer.fail(key, { name: 'RangeError', message: 'too «deep»' });
      if (i % 4 < 2) writer.finish(key, recordOf(config, rule, epochs));
    }
  });
  store.close();
}

function epochOf(epoch, i) {
  const layer = {
    triggerPercent: 100 / 3 + i,
    flips: 10 * epoch,
    boundPercent: 0,
    depthHistogram: [1, 2, 3, 4],
  };
  return {
    epoch,
    trainAccuracy: 100 / 3,
    validationAccuracy: 70.1 + i / 7,
    testAccuracy: 60 + epoch / 7,
    loss: 0.1 * epoch,
    flips: 20,
    layers: [layer, layer],
    trainMs: 1.25,
    elapsedMs: 2.5,
  };
}

function recordOf(config, rule, epochs) {
  return {
    recordVersion: 1,
    config,
    rule,
    architecture: '4,2',
    seed: config.seed,
    dataset: {
      name: 'prototypes',
      sha256: 'ab'.repeat(32),
      classes: 2,
      features: 4,
      inputs: 4,
      trainSamples: 9,
      validationSamples: 3,
      testSamples: 3,
    },
    backend: { name: 'reference', description: 'reference' },
    software: { xnorlab: '0.2.0', commit: 'unknown', node: '20.19.0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    epochs,
    selectedEpoch: 6,
    trainAccuracy: 100 / 3,
    validationAccuracy: 70,
    testAccuracy: 60,
    totals: {
      parameters: 20,
      memoryBits: 12,
      modelBits: 4,
      activationBits: 4,
      dataBits: 4,
      booleanGates: 1e6,
      trainMs: 20,
      elapsedMs: 30,
    },
  };
}

/** Everything that can be read of a store. */
function contents(folder) {
  const store = openStore(folder);
  try {
    return JSON.stringify([
      store.runs(),
      ['süß 0', 'süß 1', 'süß 2'].map((sweep) => store.runs({ sweep }).map(({ key }) => key)),
      ...['runs', 'epochs', 'layers', 'sweepRuns'].map((table) => store.query(`SELECT * FROM ${table}`)),
      store.query(
        'SELECT seed, count(*) AS n FROM runs JOIN epochs ON run = id WHERE key > ? GROUP BY seed',
        ['8'],
      ),
    ]);
  } finally {
    store.close();
  }
}

async function child(folder) {
  const whole = readFileSync(path.join(folder, 'store', 'store.sqlite'));
  const expected = contents(path.join(folder, 'store'));
  const runs = new Map(JSON.parse(expected)[0].map((run) => [run.key, JSON.stringify(run)]));
  const target = path.join(folder, 'damaged');
  for (let number = from; number < cases; number++) {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target);
    const bytes = damaged(whole, random(seed * 1_000_003 + number));
    writeFileSync(path.join(target, 'store.sqlite'), bytes);
    const result = { number, ...read(target, expected) };
    if (number % 100 === 0 && result.outcome === 'error') Object.assign(result, repair(target, bytes, runs));
    process.stdout.write(`${JSON.stringify(result)}\n`);
    await nextTurn();
  }
}

function read(target, expected) {
  try {
    return { outcome: contents(target) === expected ? 'identical' : 'silent' };
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { outcome: error instanceof XnorlabError ? 'error' : 'untyped', detail: detail.slice(0, 400) };
  }
}

/** @returns what is wrong, if anything is */
function repair(target, bytes, runs) {
  try {
    checkStore(target);
    const { original } = repairStore(target);
    if (original === undefined) return {};
    if (!readFileSync(path.join(original, 'store.sqlite')).equals(bytes))
      return { outcome: 'original changed' };
    const store = openStore(target);
    for (const run of store.runs()) {
      if (run.status !== 'unfinished' && JSON.stringify(run) !== runs.get(run.key))
        return { outcome: 'kept what is not whole' };
    }
    store.close();
    const others = readdirSync(target).filter(
      (name) => !/^(store\.sqlite(-wal|-shm)?|writer\.lock|damaged-.*)$/.test(name),
    );
    return others.length === 0 ? {} : { outcome: 'litter', detail: others.join() };
  } catch (error) {
    return error instanceof XnorlabError
      ? {}
      : { outcome: 'untyped repair', detail: String(error?.stack).slice(0, 400) };
  }
}

function damaged(whole, draw) {
  const bytes = Buffer.from(whole);
  const kind = draw(20);
  if (kind === 0) return bytes.subarray(0, draw(bytes.length));
  if (kind === 1) {
    const at = draw(bytes.length);
    bytes.fill(draw(256), at, at + 1 + draw(600));
    return bytes;
  }
  if (kind === 2) {
    const [a, b] = [draw(bytes.length / 4096), draw(bytes.length / 4096)].map(
      (page) => 4096 * Math.floor(page),
    );
    whole.copy(bytes, a, b, b + 4096);
    return bytes;
  }
  // Every other one in the first pages, where the tables are described.
  const bits = kind < 15 ? 1 : 1 + draw(8);
  for (let i = 0; i < bits; i++) bytes[draw(draw(2) ? bytes.length : 12_288)] ^= 1 << draw(8);
  return bytes;
}
