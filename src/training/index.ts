/** Configurations, sweeps and runs, as far as they need no host. */

export type { DeepReadonly, TrainSchema } from './config.js';
export { parseTrainConfig, type TrainConfig, type TrainOptions } from './config.js';
export type { RunMemory } from './memory.js';
export type { PreparedData } from './prepared-data.js';
export { expandSweep } from './sweep/expand.js';
export type { RunningRun, SweepProgress } from './sweep/progress.js';
export type { CheckpointPlace, RunDescription, Runner, RunnerHooks } from './sweep/runner.js';
export type { SweepSpec } from './sweep/spec.js';
export type { SweepBest, SweepHooks, SweepRun } from './sweep/sweep-runs.js';
export type { TaskData } from './task-data.js';
export type { TrainedRun, TrainProgress } from './train-run.js';
