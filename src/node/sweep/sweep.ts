import '../../rules/float-rules.js';
import { parse } from '../../core/parse.js';
import type { RunRecord } from '../../records/record.js';
import type { TrainConfig } from '../../training/config.js';
import { bestSetting } from '../../training/sweep/best-setting.js';
import { expandSweep } from '../../training/sweep/expand.js';
import { HalvingSearch } from '../../training/sweep/halving.js';
import { type PlannedRun, planRuns } from '../../training/sweep/planned-run.js';
import { ProgressTracker } from '../../training/sweep/progress.js';
import type { Runner } from '../../training/sweep/runner.js';
import { rulesNamed, type SweepSpec, sweepConfig } from '../../training/sweep/spec.js';
import {
  type SweepBest,
  type SweepHooks,
  type SweepRun,
  SweepRuns,
} from '../../training/sweep/sweep-runs.js';
import { loadRules } from '../rules/load-rules.js';
import { stoppable } from '../stoppable.js';
import { openStore, type RunStore } from '../store/run-store.js';
import type { RunPoolOptions } from '../threads/run-pool.js';
import { ownRunner } from './own-runner.js';

/** Where and how a sweep is run. */
export interface SweepOptions
  extends SweepHooks,
    Pick<RunPoolOptions, 'workers' | 'backend' | 'dataDir' | 'download'> {
  /** Where the runs go: a store, or its folder, made if need be. */
  readonly store: RunStore | string;
  /** Ends the sweep with an InterruptedError; the same call goes on later. SIGINT does the same. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What trains the runs. Default: a pool of `workers` threads, closed at the end; this thread alone, where a rule is
   * registered in this program and not in a file.
   */
  readonly runner?: Runner | undefined;
  /**
   * Address of a Redis, `redis://host:6379`, whose workers train the runs instead: `xnorlab worker --queue …`. Needs
   * ioredis and bullmq, which nothing else loads.
   */
  readonly queue?: string | undefined;
}

/** What came out of a sweep. */
export interface SweepSummary {
  /** Every run, in the order of `expandSweep`, rung after rung. */
  readonly runs: readonly SweepRun[];
  /** Runs that finished now. */
  readonly finished: number;
  /** Runs that had ended before and were left as they were. */
  readonly skipped: number;
  /** Runs that failed, now or before. */
  readonly failed: number;
  /**
   * The setting with the best mean validation accuracy over its seeds, with their number and spread; of the last rung, if there
   * are rungs. Absent without validation data. A setting with a failed run is out.
   */
  readonly best?: SweepBest;
  /** Records of the finished runs, read from the store, in the order of `runs`. */
  records(): Promise<RunRecord[]>;
}

/**
 * Trains every run of a sweep that the store does not hold yet, several at a time, and writes them into the store.
 *
 * A run that fails is recorded with its error and the others go on. A sweep that was stopped, by a signal, an error or
 * the end of its process, is continued by the same call: finished runs stay, others go on from their checkpoints or
 * start again, and the store ends as if nothing had happened, times aside.
 *
 * @throws ArgumentError for what is wrong in the sweep, and for a search without validation data, before anything is
 *   written
 * @throws DataError for data or a store that is missing or damaged; StoreBusyError while another process writes to it
 * @throws EnvironmentError when something outside fails that can be mended: a full disk, a backend that is not there
 * @throws InterruptedError when `signal` aborts or the process gets SIGINT
 */
export async function sweep(spec: SweepSpec, options: SweepOptions): Promise<SweepSummary> {
  loadRules(rulesNamed(spec));
  const { name, search } = parse(sweepConfig, spec);
  const configs = expandSweep(spec);
  return stoppable(options.signal, (stop) =>
    withRunner(configs, options, async (runner) => {
      const planned = await planRuns(configs, runner, stop.signal);
      const halving = search && new HalvingSearch(planned, search);
      return withStore(options.store, (store) =>
        store.write(async (writer) => {
          const tracker = new ProgressTracker();
          const sweepRuns = new SweepRuns({ store, writer, runner, tracker, stop, hooks: options }, name);
          const stages = await (halving
            ? halve(halving, sweepRuns, tracker)
            : trainAll(planned, sweepRuns, tracker));
          return summary(stages, options.store);
        }),
      );
    }),
  );
}

async function trainAll(
  planned: readonly PlannedRun[],
  sweepRuns: SweepRuns,
  tracker: ProgressTracker,
): Promise<Stage[]> {
  tracker.plan(workOf(planned));
  return [{ planned, runs: await sweepRuns.train(planned) }];
}

/** Runs that were trained together, and how they ended, in the same order. */
interface Stage {
  readonly planned: readonly PlannedRun[];
  readonly runs: readonly SweepRun[];
}

/** @returns every rung */
async function halve(
  search: HalvingSearch,
  sweepRuns: SweepRuns,
  tracker: ProgressTracker,
): Promise<Stage[]> {
  const ended: Stage[] = [];
  for (let rung = search.next(); rung; rung = search.next()) {
    const now = workOf(rung);
    const later = search.later();
    tracker.plan({ runs: now.runs + later.runs, cost: now.cost + later.cost });
    const runs = await sweepRuns.train(rung);
    search.judge(runs.map(({ validationAccuracy }) => validationAccuracy));
    ended.push({ planned: rung, runs });
  }
  return ended;
}

function workOf(runs: readonly PlannedRun[]): { runs: number; cost: number } {
  return { runs: runs.length, cost: runs.reduce((sum, { cost }) => sum + cost, 0) };
}

/** @param stages - the runs of every rung; of one, where there are none */
function summary(stages: readonly Stage[], store: RunStore | string): SweepSummary {
  const runs = stages.flatMap((stage) => stage.runs);
  const last = stages.at(-1);
  const best = last && bestSetting(last.planned, last.runs);
  return {
    runs,
    finished: runs.filter(({ status, isSkipped }) => status === 'finished' && !isSkipped).length,
    skipped: runs.filter(({ isSkipped }) => isSkipped).length,
    failed: runs.filter(({ status }) => status === 'failed').length,
    ...(best && { best }),
    records: () =>
      withStore(store, (opened) =>
        runs.flatMap(({ key }) => {
          const run = opened.find(key);
          return run?.status === 'finished' ? [run.record] : [];
        }),
      ),
  };
}

async function withRunner<Result>(
  configs: readonly TrainConfig[],
  options: SweepOptions,
  work: (runner: Runner) => Promise<Result>,
): Promise<Result> {
  if (options.runner) return work(options.runner);
  const own = await ownRunner(configs, options);
  try {
    return await work(own);
  } finally {
    await own.close();
  }
}

async function withStore<Result>(
  store: RunStore | string,
  work: (store: RunStore) => Promise<Result> | Result,
): Promise<Result> {
  if (typeof store !== 'string') return work(store);
  const opened = openStore(store, { create: true });
  try {
    return await work(opened);
  } finally {
    opened.close();
  }
}
