import { ArgumentError } from '../../core/errors.js';
import { findRule, ruleFiles } from '../../rules/registry.js';
import type { TrainConfig } from '../../training/config.js';
import { InlineRunner, type Runner } from '../../training/sweep/runner.js';
import { loadPart } from '../parts.js';
import { prepareData } from '../prepare-data.js';
import { RunPool, type RunPoolOptions } from '../threads/run-pool.js';
import { train } from '../train.js';

/** Who trains the runs of a sweep. */
export interface RunnerOptions extends Pick<RunPoolOptions, 'workers' | 'backend' | 'dataDir' | 'download'> {
  readonly queue?: string | undefined;
  readonly checkpointSeconds?: number | undefined;
}

/** A runner that is closed at the end. */
export interface OwnRunner extends Runner {
  close(): Promise<void>;
}

/**
 * What trains the runs of a sweep: the workers of a queue if there is one, else threads; but this program alone where it
 * is the only one that knows a rule.
 * @throws ArgumentError for options that do not fit that
 */
export async function ownRunner(configs: readonly TrainConfig[], options: RunnerOptions): Promise<OwnRunner> {
  const { queue, workers, backend, dataDir, download } = options;
  const ofCell = configs.find(({ rule }) => isOfThisProgram(rule.name));
  if (ofCell) {
    checkAbsent(
      options,
      ['queue', 'workers'],
      `nothing, as only this program knows ${ofCell.rule.name}: see rules`,
    );
    return inlineRunner({ backend, dataDir, download });
  }
  const rules = ruleFiles();
  if (queue === undefined) return new RunPool({ workers, backend, dataDir, download, rules });
  checkAbsent(
    options,
    ['workers', 'checkpointSeconds', 'backend'],
    'nothing with a queue, as its workers see to that',
  );
  const { QueueRunner } = await loadPart('queue', () => import('../queue/queue-runner.js'));
  return QueueRunner.open(queue, { dataDir, download, rules });
}

function checkAbsent(
  options: RunnerOptions,
  names: readonly (keyof RunnerOptions)[],
  expected: string,
): void {
  for (const name of names) {
    if (options[name] !== undefined) throw new ArgumentError(name, expected, options[name]);
  }
}

/** A rule that is neither part of xnorlab nor in a file: other threads cannot know it. */
function isOfThisProgram(name: string): boolean {
  const rule = findRule(name);
  return rule !== undefined && !rule.isBuiltIn && rule.source === undefined;
}

function inlineRunner({
  backend,
  ...source
}: Pick<RunnerOptions, 'backend' | 'dataDir' | 'download'>): OwnRunner {
  const runner = new InlineRunner({
    prepare: (config, signal) => prepareData(config, { ...source, signal }),
    train: (config, prepared, hooks) => train({ ...config, backend }, { ...hooks, prepared }),
  });
  return Object.assign(runner, { close: async () => undefined });
}
