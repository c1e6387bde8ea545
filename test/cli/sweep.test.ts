import { type ChildProcess, execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random.js';
import { openStore, type RunStore } from '../../src/node/store/run-store.js';
import type { SweepSummary } from '../../src/node/sweep/sweep.js';

/** Compiled: `npm run build` comes first. */
const CLI = path.resolve(__dirname, '..', '..', 'dist', 'cli.js');

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[]): { child: ChildProcess; ended: Promise<Outcome> } {
  let end: (outcome: Outcome) => void = () => undefined;
  const ended = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  const child = execFile(process.execPath, [CLI, ...args], { maxBuffer: 2 ** 24 }, (_, stdout, stderr) => {
    end({ code: child.exitCode, stdout, stderr });
  });
  return { child, ended };
}

const xnorlab = (...args: string[]): Promise<Outcome> => start(args).ended;

const BASE = `
base:
  dataset:
    name: prototypes
    prototypes: { features: 100, classes: 4, trainSamples: 400, validationSamples: 100, testSamples: 100 }
  rule: { name: local-error, layers: [30], groupSize: 5 }
  epochs: 2
`;

let folder: string;
let file: string;
let store: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-cli-sweep-'));
  file = path.join(folder, 'small.yaml');
  store = path.join(folder, 'store');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('xnorlab sweep', () => {
  it('trains the runs into a store, marked with the name of the file, and again has nothing to do', async () => {
    writeFileSync(file, `${BASE}axes:\n  - grid: { rule.groupSize: [5, 10] }\n  - seeds: 2\n`);
    const first = await xnorlab('sweep', file, '--store', store, '--workers', '2', '--json');
    expect(first.stderr).toMatch(
      /^(run \d\/4 {2}rule\.groupSize \d+, seed \d {2}validation [\d.]+ {2}test [\d.]+.*\n){4}$/,
    );
    expect(first.code).toBe(0);
    const summary = JSON.parse(first.stdout) as SweepSummary;
    expect(summary).toMatchObject({ finished: 4, skipped: 0, failed: 0 });
    expect(summary.runs).toHaveLength(4);
    expect(reading(store, (opened) => opened.records({ sweep: 'small' }))).toHaveLength(4);
    const second = await xnorlab('sweep', file, '--store', store);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('4 runs in ');
    expect(second.stdout).toContain(
      ': 0 finished now, 4 before, 0 failed\n  best mean on validation data: rule.groupSize ',
    );
  });

  it('lists the runs and writes nothing with --dry-run', async () => {
    writeFileSync(file, `${BASE}axes:\n  - seeds: [7, 9]\n`);
    expect(await xnorlab('sweep', file, '--store', store, '--dry-run')).toEqual({
      code: 0,
      stdout: '1  seed 7\n2  seed 9\n2 runs\n',
      stderr: '',
    });
    expect(existsSync(store)).toBe(false);
  });

  it('ends with 1 when runs fail, and tells why', async () => {
    // A single unit tells two classes apart; this data has four.
    writeFileSync(
      file,
      `${BASE}axes:\n  - grid: { rule.output: [single-unit, one-per-class] }\n  - seeds: 2\n`,
    );
    const { code, stdout, stderr } = await xnorlab('sweep', file, '--store', store);
    expect(stdout).toMatch(/4 runs in .*: 2 finished now, 0 before, 2 failed\n/);
    expect(stdout).toMatch(/\n {2}failed: rule\.output single-unit, seed 1 and 1 more: .*class.*\n$/);
    expect(stderr).toMatch(/rule\.output single-unit, seed 2 {2}failed: .*class/);
    expect(code).toBe(1);
  });

  it('says where the sweep is wrong, with status 2, and writes nothing', async () => {
    writeFileSync(file, `${BASE}axes:\n  - grid:\n      rule.groupSize: [5, 7]\n`);
    const { code, stdout, stderr } = await xnorlab('sweep', file, '--store', store);
    expect(stderr).toBe(
      `xnorlab: ${file}:10:27 rule.groupSize of the run with rule.groupSize 7: expected a divisor of the layer's 30 neurons, got 7\n`,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(folder)).toEqual(['small.yaml']);
  });

  it('prints JSON Schemas', async () => {
    const [train, sweep] = await Promise.all([xnorlab('schema', 'train'), xnorlab('schema')]);
    expect(JSON.parse(train.stdout).title).toBe('A training run of xnorlab');
    expect(JSON.parse(sweep.stdout).title).toBe('A sweep of xnorlab');
  });
});

describe('a sweep that is killed', () => {
  it('ten times at random moments ends with the store of an undisturbed one', {
    timeout: 5 * 60_000,
  }, async () => {
    writeFileSync(
      file,
      `${BASE.replace('epochs: 2', 'epochs: 150')}axes:\n  - grid: { rule.groupSize: [5, 10, 15] }\n  - seeds: 2\n`,
    );
    const random = RandomStream.named(1, 'kills');
    const command = ['sweep', file, '--store', store, '--workers', '2', '--checkpoint-seconds', '0'];
    const states = [progressOf(store)];
    for (let kill = 0; kill < 10; kill++) {
      const { child, ended } = start(command);
      // Every other one while it starts, the rest while it trains, however slow the machine is.
      if (kill % 2 === 1)
        while (progressOf(store) === states.at(-1) && child.exitCode === null) await sleep(20);
      await sleep(500 * random.uniform());
      child.kill('SIGKILL');
      await ended;
      states.push(progressOf(store));
    }
    expect(await xnorlab(...command)).toMatchObject({ code: 0 });
    const quiet = path.join(folder, 'quiet');
    expect(await xnorlab('sweep', file, '--store', quiet)).toMatchObject({ code: 0 });
    expect(contents(store)).toEqual(contents(quiet));
    expect(readdirSync(path.join(store, 'checkpoints'))).toEqual([]);
    // Otherwise nothing was interrupted.
    expect(new Set(states).size).toBeGreaterThan(2);
  });
});

/** How many epochs every run has. */
function progressOf(folder: string): string {
  try {
    return reading(folder, (store) => store.runs().map(({ epochs }) => epochs.length)).join(' ');
  } catch (error) {
    // Not there yet, or being made right now.
    if (error instanceof DataError) return 'no store';
    throw error;
  }
}

/** Everything in a store, times aside. */
function contents(folder: string): unknown {
  const all = reading(folder, (store) => [store.runs(), store.runs({ sweep: 'small' })]);
  return JSON.parse(
    JSON.stringify(all, (key, value) => (key.endsWith('Ms') || key === 'startedAt' ? undefined : value)),
  );
}

function reading<Result>(folder: string, read: (store: RunStore) => Result): Result {
  const store = openStore(folder);
  try {
    return read(store);
  } finally {
    store.close();
  }
}
