import type { EpochRecord } from '../records/record.js';

/** How far a run is: the epoch from 1, and the samples shown in it. */
export interface ShownProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly samplesShown: number;
  readonly samples: number;
}

/** Callbacks for `train` that show a bar in the running cell. */
export interface ProgressHooks {
  readonly onProgress: (progress: ShownProgress) => void;
  readonly onEpoch: (epoch: EpochRecord) => void;
}

/** How far a sweep is: what is shown of it. */
export interface SweepState {
  readonly runs: number;
  readonly done: number;
  readonly failed: number;
  readonly running: readonly { readonly label: string; readonly epoch: number; readonly epochs: number }[];
  readonly best?: { readonly label: string; readonly validationAccuracy: number };
  readonly remainingMs?: number;
}

/** A run of a sweep that ended: what is shown of it. */
export interface EndedRun {
  /** In percent, of a finished run with validation samples. */
  readonly validationAccuracy?: number;
}

/** Callbacks for `sweep` that show a table in the running cell. */
export interface SweepProgressHooks {
  readonly onProgress: (state: SweepState) => void;
  readonly onRun: (run: EndedRun) => void;
}
