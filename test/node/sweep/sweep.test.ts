import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArgumentError, EnvironmentError, InterruptedError } from '../../../src/core/errors.js';
import { prepareData } from '../../../src/node/prepare-data.js';
import { openStore, type RunStore } from '../../../src/node/store/run-store.js';
import { type SweepOptions, type SweepSummary, sweep } from '../../../src/node/sweep/sweep.js';
import { train } from '../../../src/node/train.js';
import type { RunRecord } from '../../../src/records/record.js';
import type { TrainConfig } from '../../../src/training/config.js';
import type { SweepProgress } from '../../../src/training/sweep/progress.js';
import { InlineRunner, type RunnerHooks } from '../../../src/training/sweep/runner.js';
import type { SweepSpec } from '../../../src/training/sweep/spec.js';

const PROTOTYPES = { features: 60, classes: 3, trainSamples: 90, validationSamples: 30, testSamples: 30 };
const SPEC: SweepSpec = {
  name: 'small',
  base: {
    dataset: { name: 'prototypes', prototypes: PROTOTYPES },
    rule: { name: 'local-error', layers: [12], groupSize: 3 },
    epochs: 2,
    batchSize: 30,
  },
  axes: [{ grid: { 'rule.groupSize': [2, 3, 6] } }, { seeds: 2 }],
};

/** Trains inline, so that a test can step in; notes the order in which runs began. */
class InThisThread extends InlineRunner {
  override readonly capacity = 2;
  readonly begun: TrainConfig[] = [];
  epochsTrained = 0;

  /** @param before - called before a run; what it throws is the run's failure */
  constructor(readonly before: (config: TrainConfig) => void = () => undefined) {
    super({
      prepare: (config, signal) => prepareData(config, { signal }),
      train: (config, prepared, hooks) => train(config, { ...hooks, prepared }),
    });
  }

  override async run(config: TrainConfig, hooks: RunnerHooks = {}): Promise<RunRecord> {
    this.begun.push(config);
    this.before(config);
    return super.run(config, {
      ...hooks,
      onEpoch: (epoch) => {
        this.epochsTrained++;
        hooks.onEpoch?.(epoch);
      },
    });
  }
}

function layersOf(rule: object): unknown {
  return 'layers' in rule ? rule.layers : undefined;
}

/** What is in a store, times aside. */
function contents(store: RunStore): unknown {
  return JSON.parse(
    JSON.stringify(store.runs({ sweep: 'small' }), (key, value) =>
      key.endsWith('Ms') || key === 'startedAt' ? undefined : value,
    ),
  );
}

describe('sweep', () => {
  let folder: string;
  let store: RunStore;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-sweep-'));
    store = openStore(path.join(folder, 'store'), { create: true });
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(spec: SweepSpec, options: Partial<SweepOptions> = {}): Promise<SweepSummary> {
    return sweep(spec, { store, runner: new InThisThread(), ...options });
  }

  /** A store that a sweep filled without any disturbance. */
  async function undisturbed(spec: SweepSpec = SPEC): Promise<unknown> {
    const other = openStore(path.join(folder, 'undisturbed'), { create: true });
    await run(spec, { store: other });
    const found = contents(other);
    other.close();
    return found;
  }

  it('trains every run into the store, as `train` would, and tells how it went', async () => {
    const summary = await run(SPEC);
    expect(summary).toMatchObject({ finished: 6, skipped: 0, failed: 0 });
    expect(summary.runs.map(({ settings }) => settings)).toEqual(
      [2, 3, 6].flatMap((size) => [1, 2].map((seed) => ({ 'rule.groupSize': size, seed }))),
    );
    const records = await summary.records();
    expect(records).toHaveLength(6);
    const { record } = await train(records[3].config as TrainConfig);
    expect(record.epochs.map(({ flips, testAccuracy }) => [flips, testAccuracy])).toEqual(
      records[3].epochs.map(({ flips, testAccuracy }) => [flips, testAccuracy]),
    );
    const accuracies = records.map(({ validationAccuracy }) => validationAccuracy ?? 0);
    const means = [0, 2, 4].map((i) => (accuracies[i] + accuracies[i + 1]) / 2);
    const best = means.indexOf(Math.max(...means));
    const [one, other] = accuracies.slice(2 * best, 2 * best + 2);
    expect(summary.best).toMatchObject({
      label: `rule.groupSize ${[2, 3, 6][best]}`,
      settings: { 'rule.groupSize': [2, 3, 6][best] },
      n: 2,
      validationAccuracy: means[best],
      runs: summary.runs.slice(2 * best, 2 * best + 2),
    });
    expect(summary.best?.standardDeviation).toBeCloseTo(Math.abs(one - other) / Math.SQRT2, 12);
    expect(readdirSync(path.join(folder, 'store'))).not.toContain('checkpoints');
  });

  it('trains nothing twice, and counts finished runs to every sweep that wants them', async () => {
    await run(SPEC);
    const runner = new InThisThread();
    const again = await run({ ...SPEC, name: 'again', axes: [{ seeds: [1, 3] }] }, { runner });
    expect(again).toMatchObject({ finished: 1, skipped: 1 });
    expect(runner.begun.map(({ seed }) => seed)).toEqual([3]);
    expect(store.records({ sweep: 'again' }).map(({ seed }) => seed)).toEqual([1, 3]);
  });

  it('begins with the longest runs and enters them in the order of the sweep', async () => {
    const runner = new InThisThread();
    const axes: SweepSpec['axes'] = [
      { grid: { 'rule.layers': [[6], [24], [12, 12]] } },
      { grid: { epochs: [1, 2] } },
    ];
    await run({ ...SPEC, axes }, { runner });
    // Weights: 60·6 = 360, 60·24 = 1440, 60·12 + 12·12 = 864; times epochs
    expect(runner.begun.map(({ rule, epochs }) => [layersOf(rule), epochs])).toEqual([
      [[24], 2],
      [[12, 12], 2],
      [[24], 1],
      [[12, 12], 1],
      [[6], 2],
      [[6], 1],
    ]);
    expect(store.records().map(({ config }) => layersOf((config as TrainConfig).rule))).toEqual([
      [6],
      [6],
      [24],
      [24],
      [12, 12],
      [12, 12],
    ]);
  });

  it('hands over as many runs at a time as the runner takes', async () => {
    let [underway, most] = [0, 0];
    const runner = new InThisThread(() => {
      most = Math.max(most, ++underway);
    });
    await run(SPEC, { runner, onRun: () => underway-- });
    expect([most, underway]).toEqual([runner.capacity, 0]);
  });

  it('records a run that fails with its error and goes on; tries it again when asked to', async () => {
    let broken = true;
    const before = ({ rule, seed }: TrainConfig): void => {
      if (broken && seed === 2 && 'groupSize' in rule && rule.groupSize === 3)
        throw new RangeError('no luck');
    };
    const options = { runner: new InThisThread(before) };
    const first = await run(SPEC, options);
    expect(first).toMatchObject({ finished: 5, skipped: 0, failed: 1 });
    expect(first.runs[3]).toMatchObject({ status: 'failed', error: 'no luck', settings: { seed: 2 } });
    expect(store.find(first.runs[3].key)).toMatchObject({
      status: 'failed',
      error: { name: 'RangeError', message: 'no luck' },
    });
    broken = false;
    expect(await run(SPEC, options)).toMatchObject({ finished: 0, skipped: 6, failed: 1 });
    expect(await run(SPEC, { ...options, retryFailed: true })).toMatchObject({
      finished: 1,
      skipped: 5,
      failed: 0,
    });
    expect(contents(store)).toEqual(await undisturbed());
  });

  it('stops on a signal and goes on from checkpoints to the same store', async () => {
    const stop = new AbortController();
    let epochs = 0;
    const spec = { ...SPEC, base: { ...SPEC.base, epochs: 5 } };
    const onProgress = ({ running }: SweepProgress): void => {
      epochs = Math.max(epochs, ...running.map(({ epoch }) => epoch));
      if (epochs >= 3) stop.abort();
    };
    await expect(run(spec, { signal: stop.signal, onProgress })).rejects.toThrow(
      new InterruptedError('the sweep'),
    );
    expect(readdirSync(path.join(folder, 'store', 'checkpoints'))).not.toEqual([]);
    expect(store.runs().map(({ status }) => status)).toContain('unfinished');
    const runner = new InThisThread();
    const summary = await run(spec, { runner });
    expect(runner.epochsTrained).toBeLessThan(6 * 5);
    expect(summary.failed).toBe(0);
    expect(contents(store)).toEqual(await undisturbed(spec));
    expect(readdirSync(path.join(folder, 'store', 'checkpoints'))).toEqual([]);
  });

  it('stops on SIGINT and leaves no listener behind', async () => {
    const listeners = process.listenerCount('SIGINT');
    const runner = new InThisThread(() => process.emit('SIGINT'));
    await expect(run(SPEC, { runner })).rejects.toThrow('the sweep was interrupted');
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });

  it('stops when the surroundings fail, and blames no run', async () => {
    const runner = new InThisThread(() => {
      throw new EnvironmentError('the disk is full', 'Make room.');
    });
    await expect(run(SPEC, { runner })).rejects.toThrow('the disk is full. Make room.');
    expect(store.runs().map(({ status }) => status)).toEqual(Array(6).fill('unfinished'));
    await run(SPEC);
    expect(contents(store)).toEqual(await undisturbed());
  });

  it('stops when a callback throws, and blames no run', async () => {
    let calls = 0;
    const onProgress = (): void => {
      if (++calls === 5) throw new TypeError('cannot draw');
    };
    await expect(run(SPEC, { onProgress })).rejects.toThrow(new TypeError('cannot draw'));
    expect(store.runs().map(({ status }) => status)).not.toContain('failed');
    await run(SPEC);
    expect(contents(store)).toEqual(await undisturbed());
  });

  it('tells its progress', async () => {
    const told: SweepProgress[] = [];
    await run(SPEC, { onProgress: (progress) => told.push(progress) });
    expect(told[0]).toMatchObject({ runs: 6, done: 0, failed: 0 });
    expect(told[0].running).toEqual([{ label: 'rule.groupSize 2, seed 1', epoch: 1, epochs: 2 }]);
    expect(Math.max(...told.map(({ running }) => running.length))).toBe(2);
    const last = told.at(-1);
    expect(last).toMatchObject({ runs: 6, done: 6, running: [], remainingMs: 0 });
    expect(last?.best).toMatchObject({ n: 2, label: expect.stringMatching(/^rule.groupSize \d$/) as string });
  });

  it('writes nothing for data that is not there', async () => {
    const place = path.join(folder, 'new');
    const spec = { ...SPEC, base: { ...SPEC.base, dataset: { name: 'nothing' } } };
    await expect(run(spec, { store: place })).rejects.toThrow(ArgumentError);
    expect(readdirSync(folder)).not.toContain('new');
  });
});

describe('successive halving', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-halving-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const search = { kind: 'successive-halving', eta: 2 } as const;
  const spec: SweepSpec = {
    ...SPEC,
    base: { ...SPEC.base, epochs: 4 },
    axes: [{ grid: { 'rule.groupSize': [1, 2, 3, 4, 6] } }, { seeds: 2 }],
    search,
  };

  it('trains the best candidates by mean validation accuracy longer, rung after rung', async () => {
    const store = path.join(folder, 'store');
    const { runs, best } = await sweep(spec, { store, runner: new InThisThread() });
    const rung = (epochs: number): typeof runs => runs.filter(({ settings }) => settings.epochs === epochs);
    // 5 candidates of 2 seeds; ⌊5/2⌋ = 2 go on, then 1
    expect([1, 2, 4].map((epochs) => rung(epochs).length)).toEqual([10, 4, 2]);
    const ranked = (epochs: number): unknown[] => {
      const means = new Map<unknown, number>();
      for (const { settings, validationAccuracy = 0 } of rung(epochs)) {
        const size = settings['rule.groupSize'];
        means.set(size, (means.get(size) ?? 0) + validationAccuracy / 2);
      }
      return [...means].sort(([, a], [, b]) => b - a).map(([size]) => size);
    };
    const sizes = (epochs: number): unknown[] => [
      ...new Set(rung(epochs).map(({ settings }) => settings['rule.groupSize'])),
    ];
    expect(sizes(2)).toEqual(ranked(1).slice(0, 2));
    expect(sizes(4)).toEqual(ranked(2).slice(0, 1));
    expect(best?.settings.epochs).toBe(4);
    const again = await sweep(spec, { store, runner: new InThisThread() });
    expect(again).toMatchObject({ finished: 0, skipped: 16 });
    expect(again.runs.map(({ key }) => key)).toEqual(runs.map(({ key }) => key));
  });

  it('looks for the best run in the last rung, whatever others had reached before', async () => {
    class Declining extends InThisThread {
      override async run(config: TrainConfig, hooks?: RunnerHooks): Promise<RunRecord> {
        return { ...(await super.run(config, hooks)), validationAccuracy: 100 - config.epochs };
      }
    }
    const { best } = await sweep(spec, { store: path.join(folder, 'store'), runner: new Declining() });
    expect(best).toMatchObject({ settings: { epochs: 4 }, n: 2, validationAccuracy: 96 });
  });

  it('leaves out candidates with a failed run', async () => {
    const before = ({ rule, seed }: TrainConfig): void => {
      if (seed === 1 && 'groupSize' in rule && rule.groupSize !== 4) throw new Error('no luck');
    };
    const { runs } = await sweep(spec, {
      store: path.join(folder, 'store'),
      runner: new InThisThread(before),
    });
    expect(runs.slice(10).map(({ settings }) => settings)).toEqual(
      [2, 4].flatMap((epochs) => [1, 2].map((seed) => ({ 'rule.groupSize': 4, seed, epochs }))),
    );
  });

  it.each<[string, SweepSpec, string]>([
    [
      'data without validation samples',
      {
        ...spec,
        base: {
          ...spec.base,
          dataset: { name: 'prototypes', prototypes: { ...PROTOTYPES, validationSamples: 0 } },
        },
      },
      'dataset: expected a data set with validation samples for successive halving, unlike prototypes',
    ],
    [
      'runs of different epochs',
      { ...spec, axes: [{ grid: { epochs: [4, 8] } }] },
      'epochs: expected the same in all runs for successive halving, 4, got 8',
    ],
    [
      'a first rung beyond the end',
      { ...spec, search: { ...search, minEpochs: 5 } },
      'search.minEpochs: expected at most the 4 epochs of the runs, got 5',
    ],
    [
      'a rung whose epochs tasks cannot share',
      { ...spec, base: { ...spec.base, tasks: { count: 2 } } },
      'epochs: expected a multiple of the 2 tasks, in every rung, got 1',
    ],
  ])('refuses %s before it writes', async (_, wrong, message) => {
    const store = path.join(folder, 'store');
    await expect(sweep(wrong, { store, runner: new InThisThread() })).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
  });
});
