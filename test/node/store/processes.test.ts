import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/core/errors.js';
import { Database } from '../../../src/node/store/database.js';
import { openStore, type RunStore } from '../../../src/node/store/run-store.js';
import { StoreBusyError } from '../../../src/node/store/store-busy-error.js';
import { plainEpoch, sampleRun } from './sample-run.js';

const DIST = path.resolve(__dirname, '..', '..', '..', 'dist', 'node', 'store', 'run-store.js');

let folder: string;
let store: RunStore;
let children: ChildProcess[];

beforeEach(() => {
  children = [];
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-store-'));
  store = openStore(folder, { create: true });
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Another process in which `body` may use `openStore`, `folder`, `say(line)` and `input`. */
function processOf(body: string, input: unknown = null): { child: ChildProcess; lines: string[] } {
  const script = `
    const { openStore } = require(${JSON.stringify(DIST)});
    const { readFileSync, writeSync } = require('node:fs');
    const folder = ${JSON.stringify(folder)};
    const input = JSON.parse(readFileSync(0, 'utf8'));
    const say = (line) => writeSync(1, line + '\\n');
    (async () => { ${body} })().catch((error) => say(error.name + ': ' + error.message));
  `;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(input));
  children.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { child, lines };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

const HOLD = `openStore(folder).write(async () => { say('holding'); await new Promise((end) => setTimeout(end, 60000)); });`;

describe('a killed writer', () => {
  // Each acknowledgement comes after the call returned, so that at most what it did in between is unknown.
  const WRITE = `
    await openStore(folder).write(async (writer) => {
      for (const run of input.runs) {
        writer.begin(run);
        writer.truncate(run.key, 0);
        for (let epoch = 1; epoch <= input.epochs; epoch++) {
          writer.appendEpochs(run.key, [{ ...input.epoch, epoch }]);
          say(run.key + ' ' + epoch);
        }
        writer.finish(run.key, run.record);
        say(run.key + ' finished');
      }
    });
    say('end');
  `;
  const EPOCHS = 40;
  const runs = Array.from({ length: 200 }, (_, seed) => {
    const { record, ...run } = sampleRun(seed);
    const epochs = Array.from({ length: EPOCHS }, (_, i) => plainEpoch(i + 1));
    return { ...run, record: { ...record, epochs } };
  });

  it('loses nothing that was acknowledged, and never the file', async () => {
    let done = 0;
    // By what is written, not by the clock: a busy machine may write nothing in any given time.
    for (const acknowledgements of [1, 18, 43, 77, 110, 160]) {
      const todo = runs.slice(done);
      const { child, lines } = processOf(WRITE, { runs: todo, epochs: EPOCHS, epoch: plainEpoch(1) });
      await until(() => lines.length >= acknowledgements);
      await kill(child);
      for (const line of lines) expect(line).toMatch(/^[0-9a-f]{32} (\d+|finished)$/);

      const database = new Database(path.join(folder, 'store.sqlite'), 'read');
      expect(database.all('SELECT integrity_check FROM pragma_integrity_check')).toEqual([
        { integrity_check: 'ok' },
      ]);
      database.close();
      const again = openStore(folder);
      const finished = again.records();
      const acknowledged = lines.filter((line) => line.endsWith('finished')).length;
      expect(finished.length).toBeGreaterThanOrEqual(done + acknowledged);
      expect(finished.length).toBeLessThanOrEqual(done + acknowledged + 1);
      expect(finished).toEqual(runs.slice(0, finished.length).map(({ record }) => record));

      const last =
        lines
          .filter((line) => / \d+$/.test(line))
          .at(-1)
          ?.split(' ') ?? [];
      const run = again.find(last[0] ?? '');
      const count = Number(last[1]);
      if (run?.status === 'unfinished') {
        expect(run.epochs.map(({ epoch }) => epoch)).toEqual(run.epochs.map((_, i) => i + 1));
        expect([count, count + 1]).toContain(run.epochs.length);
      }
      again.close();
      done = finished.length;
    }
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(runs.length);
  });

  it('leaves the right to write to the next one', async () => {
    const { child, lines } = processOf(HOLD);
    await until(() => lines.length > 0);
    await expect(store.write(async () => 'written')).rejects.toThrow(StoreBusyError);
    await kill(child);
    expect(await store.write(async () => 'written')).toBe('written');
  });
});

describe('two writers', () => {
  it('in two processes: the second one is told who holds the store, or waits', async () => {
    const { child, lines } = processOf(HOLD);
    await until(() => lines.length > 0);
    const refusal: unknown = await store.write(async () => 'written').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StoreBusyError);
    const { holder, message } = refusal as StoreBusyError;
    expect(holder).toMatchObject({ pid: child.pid, host: hostname() });
    expect(message).toBe(
      `${folder} is being written by process ${child.pid} on ${hostname()} since ${holder?.since}. ` +
        'Wait until it is done, or end it.',
    );
    expect(Math.abs(Date.now() - Date.parse(holder?.since ?? ''))).toBeLessThan(60_000);

    const waiting = store.write(async () => 'written', { wait: true });
    const sooner = await Promise.race([waiting, sleep(150, 'waits')]);
    expect(sooner).toBe('waits');
    await kill(child);
    expect(await waiting).toBe('written');
  });

  it('in one process, too, also through another object', () =>
    store.write(async () => {
      const other = openStore(folder);
      await expect(other.write(async () => 'written')).rejects.toThrow(`process ${process.pid} on`);
      await expect(store.write(async () => 'written')).rejects.toThrow(StoreBusyError);
      other.close();
    }));

  it('in one process: waits for each other in turn', async () => {
    const steps: string[] = [];
    const step = (name: string): Promise<void> =>
      store.write(
        async () => {
          steps.push(`${name} begins`);
          await sleep(20);
          steps.push(`${name} ends`);
        },
        { wait: true },
      );
    await Promise.all(['a', 'b', 'c'].map(step));
    for (let i = 0; i < 6; i += 2) expect(steps[i + 1]).toBe(steps[i].replace('begins', 'ends'));
    expect(steps).toHaveLength(6);
  });

  it('stop waiting on request', () =>
    store.write(async () => {
      const controller = new AbortController();
      const waiting = store.write(async () => 'written', { wait: true, signal: controller.signal });
      setTimeout(() => controller.abort(), 20);
      await expect(waiting).rejects.toThrow(InterruptedError);
      await expect(waiting).rejects.toThrow('waiting for the run store was interrupted');
    }));

  it('write only while they have the right to', async () => {
    const late = await store.write(async (writer) => writer);
    expect(() => late.begin(sampleRun(1))).toThrow('is used after it was closed');
    await expect(store.write(() => Promise.reject(new RangeError('mine')))).rejects.toThrow(RangeError);
    expect(await store.write(async () => 'written')).toBe('written');
  });
});

describe('other processes', () => {
  it('read while one writes', async () => {
    const run = sampleRun(1);
    const { lines } = processOf(
      `const store = openStore(folder);
       say('ready');
       for (;;) {
         const [run] = store.runs();
         if (run) say(run.status + ' ' + run.epochs.length);
         if (run?.status === 'finished') return;
         await new Promise((go) => setTimeout(go, 1));
       }`,
    );
    await until(() => lines.includes('ready'));
    await store.write(async (writer) => {
      writer.begin(run);
      await until(() => lines.includes('unfinished 0'));
      writer.appendEpochs(run.key, [plainEpoch(1)]);
      await until(() => lines.includes('unfinished 1'));
      writer.finish(run.key, run.record);
      await until(() => lines.includes('finished 2'));
    });
  });

  it('make a store together', async () => {
    rmSync(folder, { recursive: true });
    const made = [1, 2, 3, 4].map(() =>
      processOf(`openStore(folder, { create: true }).close(); say('made');`),
    );
    await until(() => made.every(({ lines }) => lines.length > 0));
    expect(made.map(({ lines }) => lines)).toEqual([['made'], ['made'], ['made'], ['made']]);
    openStore(folder).close();
  });
});
