import type { DatasetRecord, EpochRecord, RunRecord } from '../records/record.js';
import type { LearnerState } from '../rules/rule.js';
import type { TrainConfig } from './config.js';

/** What determines a run: two runs of the same identity go through the same states. */
export interface RunIdentity {
  /** With every default filled in. On which backend it runs makes no difference. */
  readonly config: TrainConfig;
  readonly rule: RunRecord['rule'];
  readonly dataset: DatasetRecord;
}

/** A run between two epochs. Arrays are copies. */
export interface RunState {
  /** When its first part began; ISO 8601, UTC. */
  readonly startedAt: string;
  /** Time spent in all its parts. */
  readonly elapsedMs: number;
  /** Those that are finished; at least one. */
  readonly epochs: readonly EpochRecord[];
  /** State of the random stream that the order of samples comes from. */
  readonly order: readonly number[];
  readonly learner: LearnerState;
  /** The epoch that model selection keeps so far, from 1, and its network unless that is the learner's. */
  readonly selected: { readonly epoch: number; readonly state?: LearnerState };
}

/** Where one run leaves off and goes on. */
export interface Checkpoint {
  /** What errors call it: the file. */
  readonly source: string;
  /** Where the run left off; undefined when it is to begin. @throws CheckpointError for what is damaged or of another run */
  read(): Promise<RunState | undefined>;
  /** Takes note of the state after an epoch, and keeps it if that is due. @throws EnvironmentError when it cannot be kept */
  update(state: RunState): Promise<void>;
  /** Keeps the latest state unless that is done. @throws EnvironmentError when it cannot be kept */
  flush(): Promise<void>;
}
