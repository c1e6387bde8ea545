import type { Shape } from '../core/shape.js';

/** Plain rows that a run writes and everything downstream reads. Accuracies are percentages. */

/** Version of this layout; raised when a reader of older records would misread newer ones. */
export const RECORD_VERSION = 1;

/** What one epoch did to one binary layer. */
export interface LayerRecord {
  /** Percent of the samples shown that triggered an update of this layer. */
  readonly triggerPercent: number;
  /** Changes of sign of visible weights. */
  readonly flips: number;
  /** Percent of hidden weights at ±bound after the epoch. */
  readonly boundPercent: number;
  /** Entry i counts the hidden weights with 2^i ≤ |h| < 2^(i+1) after the epoch. */
  readonly depthHistogram: readonly number[];
}

/** What a network can do on one task of a sequence. */
export interface TaskAccuracy {
  /** From 1. */
  readonly task: number;
  /** Absent for data without validation samples. */
  readonly validationAccuracy?: number;
  readonly testAccuracy: number;
}

/** One epoch of a run; in a sequence of tasks, of the task that it is trained on. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Percent of training samples right when they were shown, before the update they caused. */
  readonly trainAccuracy: number;
  /** After the epoch; absent for data without validation samples. */
  readonly validationAccuracy?: number;
  /** After the epoch. For looking at only: nothing is ever chosen by it. */
  readonly testAccuracy: number;
  /** Mean training loss, for rules that have one. */
  readonly loss?: number;
  /** Changes of sign of visible weights in all layers, for rules that have hidden weights. */
  readonly flips?: number;
  /** Input side first, for rules that have hidden weights. */
  readonly layers?: readonly LayerRecord[];
  /** On task 1, 2 … up to this one, for the last epoch of each task in a sequence, or for every epoch where that is asked for. */
  readonly tasks?: readonly TaskAccuracy[];
  /** Time of training alone. */
  readonly trainMs: number;
  /** Time of training and measuring. */
  readonly elapsedMs: number;
}

/** The data that a run saw. */
export interface DatasetRecord {
  readonly name: string;
  readonly sha256: string;
  readonly classes: number;
  /** Columns of the data as loaded. */
  readonly features: number;
  /** Columns that the network sees. */
  readonly inputs: number;
  /** What the columns of the data mean; absent in records of xnorlab 0.2 and before. */
  readonly shape?: Shape;
  /** What the columns that the network sees mean; absent there, too. */
  readonly inputShape?: Shape;
  /**
   * How training and test samples were divided, where it was not by the files of the set: `holdout 10000`. The test samples are
   * then those held out; the configuration has all of it.
   */
  readonly protocol?: string;
  readonly trainSamples: number;
  readonly validationSamples: number;
  readonly testSamples: number;
}

/** What the run cost, by the accounting of algorithms.md §8. */
export interface TotalsRecord {
  /** Trainable parameters. */
  readonly parameters: number;
  /** Bits held in training: model + activations + training set, of one task at a time. */
  readonly memoryBits: number;
  readonly modelBits: number;
  readonly activationBits: number;
  readonly dataBits: number;
  /** Equivalent Boolean gates of all training. */
  readonly booleanGates: number;
  /** Time of training alone. */
  readonly trainMs: number;
  readonly elapsedMs: number;
}

/** A finished run. Two runs of the same configuration give the same record, fields named …Ms and `startedAt` aside. */
export interface RunRecord {
  readonly recordVersion: typeof RECORD_VERSION;
  /** The configuration with every default filled in. */
  readonly config: object;
  readonly rule: {
    readonly name: string;
    readonly version: number;
    /** Of the file that it was loaded from, for a rule of the user's. */
    readonly sha256?: string | undefined;
  };
  /** The hidden layers in a few characters, input side first: `525,525`. Absent in records of xnorlab 0.2. */
  readonly architecture?: string;
  readonly seed: number;
  readonly dataset: DatasetRecord;
  readonly backend: { readonly name: string; readonly description: string };
  /** Version of xnorlab, its commit where it is known ("-dirty" with local changes), and of Node. */
  readonly software: { readonly xnorlab: string; readonly commit: string; readonly node: string };
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly epochs: readonly EpochRecord[];
  /** The epoch that the accuracies below belong to; see `modelSelection`. */
  readonly selectedEpoch: number;
  /** Of the selected epoch. */
  readonly trainAccuracy: number;
  /** As `testAccuracy`; absent for data without validation samples. */
  readonly validationAccuracy?: number;
  /** Percent of the test samples classified rightly by the selected epoch's network; those of all tasks, if there are. */
  readonly testAccuracy: number;
  readonly totals: TotalsRecord;
}
