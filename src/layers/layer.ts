import type { NamedArrays } from '../core/named-arrays.js';
import type { RandomStreams } from '../core/random.js';
import type { Kernels } from '../kernels/kernels.js';

/** What layers are made with. */
export interface LayerContext {
  readonly kernels: Kernels;
  /** Where every random draw comes from. */
  readonly streams: RandomStreams;
}

/** What one epoch did to one binary layer. */
export interface LayerObservation {
  /** Share of the samples shown that triggered an update of this layer, in [0, 1]. */
  readonly triggerShare: number;
  /** Number of changes of sign of visible weights during the epoch. */
  readonly flips: number;
  /** Share of hidden weights at ±bound after the epoch, in [0, 1]. */
  readonly boundShare: number;
  /**
   * Histogram of metaplastic depth |h| after the epoch: entry i counts the weights with
   * 2^i ≤ |h| < 2^(i+1); 15 entries.
   */
  readonly depthHistogram: readonly number[];
}

/** A snapshot of everything a learner changes while training: copies, owned by the caller. */
export type LearnerState = NamedArrays;
