/** Entry of the pool's threads: each export is a task that piscina calls by name. */

import type { RunRecord } from '../../records/record.js';
import { prepareData } from '../prepare-data.js';
import { loadSameRules } from '../rules/load-rules.js';
import { train as trainRun } from '../train.js';
import type { Outcome, PrepareTask, RunMessage, TrainTask } from './messages.js';
import { portableError } from './portable-error.js';
import { attachData, type SharedData, shareData } from './shared-data.js';

/** Does nothing: what a thread needs is loaded by then. */
export function getReady(): Promise<Outcome<undefined>> {
  return outcomeOf(async () => undefined);
}

/** Loads and prepares data, into shared memory. */
export function prepare({ config, source, rules }: PrepareTask): Promise<Outcome<SharedData>> {
  return outcomeOf(async () => {
    loadSameRules(rules);
    return shareData(await prepareData(config, source));
  });
}

/** Trains one network on one kernel thread. */
export function train(task: TrainTask): Promise<Outcome<RunRecord>> {
  const { config, data, port, checkpoint, reportsProgress, rules, backend } = task;
  const stop = new AbortController();
  port.on('message', () => stop.abort());
  const tell = (message: RunMessage): void => port.postMessage(message);
  return outcomeOf(async () => {
    try {
      loadSameRules(rules);
      const { record, learner } = await trainRun(
        { ...config, backend },
        {
          prepared: attachData(data),
          threads: 1,
          signal: stop.signal,
          ...(checkpoint && { checkpoint }),
          ...(reportsProgress && { onProgress: (progress) => tell({ kind: 'progress', progress }) }),
          onEpoch: (epoch) => tell({ kind: 'epoch', epoch }),
          onResume: (epochs) => tell({ kind: 'resume', epochs }),
        },
      );
      await learner.dispose();
      return record;
    } finally {
      port.close();
    }
  });
}

async function outcomeOf<Result>(work: () => Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error: portableError(error) };
  }
}
