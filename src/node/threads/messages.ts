import type { MessagePort } from 'node:worker_threads';
import type { EpochRecord } from '../../records/record.js';
import type { RuleFile } from '../../rules/registry.js';
import type { TrainConfig } from '../../training/config.js';
import type { TrainProgress } from '../../training/train-run.js';
import type { PrepareOptions } from '../prepare-data.js';
import type { BackendOption, TrainHooks } from '../train.js';
import type { PortableError } from './portable-error.js';
import type { SharedData } from './shared-data.js';

/** What a worker is asked to load and prepare. */
export interface PrepareTask {
  readonly config: TrainConfig;
  readonly source: Pick<PrepareOptions, 'dataDir' | 'download'>;
  readonly rules: readonly RuleFile[];
}

/** What a worker is asked to train. */
export interface TrainTask extends BackendOption, Pick<TrainHooks, 'checkpoint'> {
  readonly config: TrainConfig;
  readonly rules: readonly RuleFile[];
  readonly data: SharedData;
  /** Takes `RunMessage`s; any message from the other side stops the run at its next pause. */
  readonly port: MessagePort;
  /** Whether somebody wants to hear of progress within epochs. */
  readonly reportsProgress: boolean;
}

/** What a run tells while it goes on. */
export type RunMessage =
  | { readonly kind: 'progress'; readonly progress: TrainProgress }
  | { readonly kind: 'epoch'; readonly epoch: EpochRecord }
  | { readonly kind: 'resume'; readonly epochs: readonly EpochRecord[] };

/** How a task ended. Errors are results too: thrown across threads they would lose class and fields. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: PortableError };
