import type { BitMatrix } from '../core/bit-matrix.js';
import type { Int16Matrix, Int32Matrix } from '../core/int-matrix.js';
import type { Consolidation } from './consolidation.js';
import type { FloatKernels } from './float-kernels.js';
import type { GeometricGaps } from './geometric-gaps.js';
import type { SampleList, StepList } from './lists.js';
import type { Operations } from './operations.js';
import type { Windows } from './windows.js';

/** The implementations of the contract, fastest first. */
export const BACKENDS = ['native', 'wasm', 'reference'] as const;

/** Name of an implementation of the kernel contract. */
export type BackendName = (typeof BACKENDS)[number];

/** What can be asked for, in the command line and in `$XNORLAB_BACKEND`: a backend, or the fastest one present. */
export const BACKEND_CHOICES = ['auto', ...BACKENDS] as const;

/** Where operands are best allocated. */
export interface KernelMemory {
  /** A matrix of −1 in memory that this backend reads without copying. */
  bitMatrix(rows: number, columns: number): BitMatrix;

  /** A matrix of 0 in memory that this backend reads without copying. */
  int16Matrix(rows: number, columns: number): Int16Matrix;

  /** A matrix of 0 in memory that this backend reads without copying. */
  int32Matrix(rows: number, columns: number): Int32Matrix;

  /** An empty list for up to `capacity` samples in memory that this backend reads without copying. */
  sampleList(capacity: number): SampleList;

  /** An empty list for up to `capacity` steps in memory that this backend reads without copying. */
  stepList(capacity: number): StepList;
}

/**
 * The operations that carry the cost of binary training. `reference.ts` defines what they compute; every other
 * backend must agree with it exactly, for every shape. The types of their operands, the shapes and the ranges are said
 * once more, for machines, by the table in `operations.ts`; the compiler holds the two together (`ContractIsTheTable`).
 *
 * Conventions, with B samples in a batch, N inputs and K neurons of a layer, C classes:
 * - inputs and activations are BitMatrix [B, N] and [B, K], visible weights BitMatrix [K, N];
 * - hidden weights are Int16Matrix [K, N] of odd integers in [−bound, bound], in ternary operations and `reinforce` of any;
 * - sign(0) = +1; the lowest index wins every tie;
 * - a matrix of −1, 0 and +1 is a BitMatrix of its signs and another one, of zeros, that is +1 where the entry is 0; where the zeros are
 *   left out, there are none (core/ternary-matrix.ts);
 * - outputs are parameters, overwritten as a whole (`backProduct`: in the rows listed); nothing else is changed;
 * - shapes are checked once, by `checkedKernels` (checked.ts), not by each backend; native and wasm check for
 *   themselves what could lead them out of an operand's memory.
 *
 * Random draws are defined to the bit (GeometricGaps, Consolidation): a seed gives the same run on every backend.
 */
export interface Kernels extends KernelMemory {
  readonly backend: BackendName;

  /** What runs, for records and `doctor`: instruction set, number of threads. */
  readonly description: string;

  /** What float rules are computed with. */
  readonly float: FloatKernels;

  /**
   * Copies rows: out[i] = source[rows[i]].
   * @param source - [S, N]
   * @param rows - B entries in [0, S)
   * @param out - [B, N]
   */
  gatherRows(source: BitMatrix, rows: Uint32Array, out: BitMatrix): void;

  /**
   * Binary matrix product: out[b, k] = Σ_n inputs[b, n] · weights[k, n] = N − 2·popcount(inputs[b] XOR weights[k]).
   * @param inputs - [B, N]
   * @param weights - [K, N]
   * @param out - [B, K], values in [−N, N] of the parity of N
   * @param signs - [B, K], gets sign(out) if given
   */
  product(inputs: BitMatrix, weights: BitMatrix, out: Int32Matrix, signs?: BitMatrix): void;

  /**
   * Ternary matrix product: out[b, k] = Σ_n inputs[b, n] · weights[k, n] over the n where neither is 0, that is
   * N − popcount(zeros) − 2·popcount((inputs[b] XOR weights[k]) AND NOT zeros), with zeros = inputZeros[b] OR weightZeros[k].
   * @param inputs - [B, N]
   * @param weights - [K, N]
   * @param out - [B, K], values in [−N, N]
   * @param inputZeros - [B, N]
   * @param weightZeros - [K, N]
   */
  ternaryProduct(
    inputs: BitMatrix,
    weights: BitMatrix,
    out: Int32Matrix,
    inputZeros?: BitMatrix,
    weightZeros?: BitMatrix,
  ): void;

  /** out[r, c] = sign(values[r, c]); both [R, C]. */
  packSigns(values: Int16Matrix | Int32Matrix, out: BitMatrix): void;

  /**
   * Which neurons are near their threshold: gates[b, k] = +1 (open) if |preActivations[b, k]| ≤ limit, else −1.
   * @param preActivations - [B, K]
   * @param limit - an integer in [0, 2^31 − 1]
   * @param gates - [B, K]
   */
  packGates(preActivations: Int32Matrix, limit: number, gates: BitMatrix): void;

  /**
   * Groups of neurons vote: out[b, j] = sign(Σ activations[b, k] over the neurons k of group j), where the K
   * neurons are cut into groups of `groupSize` consecutive ones.
   * @param activations - [B, K]
   * @param groupSize - a divisor of K; a tie in a group of even size counts as +1
   * @param out - [B, K / groupSize]
   */
  packMajority(activations: BitMatrix, groupSize: number, out: BitMatrix): void;

  /**
   * Which values reach the threshold of their column: out[r, c] = +1 where values[r, c] ≥ thresholds[0, c], else −1.
   * @param values - [R, N]
   * @param thresholds - [1, N]
   * @param out - [R, N]
   */
  packReached(values: Int32Matrix, thresholds: Int32Matrix, out: BitMatrix): void;

  /**
   * Windows of maps as rows, so that `product` with filters [K, W·W·Z] is a convolution: of window (i, j) of map b,
   *
   *     out[b·P·Q + i·Q + j, (v·W + u)·Z + c] = maps[b, (y·X + x)·Z + c],   y = i·stride − padding + v,   x = j·stride − padding + u
   *
   * with v, u in [0, W); `paddingSign` where (y, x) is outside of the map.
   * @param windows - of maps of Y × X positions and Z channels
   * @param maps - [B, Y·X·Z]: row after row of positions, the channels of each side by side
   * @param out - [B·P·Q, W·W·Z]
   */
  patches(windows: Windows, maps: BitMatrix, out: BitMatrix): void;

  /**
   * Positions of a window vote: out[b, (i·Q + j)·Z + c] = +1 where channel c is +1 at `votes` or more of the W·W positions of window
   * (i, j), which lie as in `patches`; those outside of the map are `paddingSign`. One vote is an or, half of them a majority where a tie
   * is +1; windows of one position make maps of rows.
   * @param windows - of maps of Y × X positions and Z channels
   * @param positions - [B·Y·X, Z]: position (y, x) of map b is row (b·Y + y)·X + x
   * @param votes - at least 1
   * @param out - [B, P·Q·Z]: maps, as `patches` takes them
   */
  pool(windows: Windows, positions: BitMatrix, votes: number, out: BitMatrix): void;

  /**
   * Binary matrix product with the transposed weights, over the open gates only: for every listed sample b,
   * out[b, n] = Σ desired[b, k] · weights[k, n] over the neurons k with gates[b, k] = +1. Rows of `out` whose
   * sample is not listed keep what they hold.
   * @param desired - [B, K]
   * @param gates - [B, K], +1 where the gate is open
   * @param weights - [K, N]
   * @param samples - entries in [0, B)
   * @param out - [B, N], values in [−K, K], 0 where all gates of a sample are closed
   */
  backProduct(
    desired: BitMatrix,
    gates: BitMatrix,
    weights: BitMatrix,
    samples: SampleList,
    out: Int32Matrix,
  ): void;

  /**
   * Lists the samples that trigger an update: those whose largest logit is not at the label, or exceeds the
   * second largest by less than `margin`. Samples are listed in ascending order.
   * @param logits - [B, C] with C ≥ 2
   * @param labels - B entries in [0, C)
   * @param margin - at least 0; 0 lists exactly the misclassified samples
   * @param triggers - capacity at least B
   * @returns the number of misclassified samples
   */
  findTriggers(logits: Int32Matrix, labels: Int32Array, margin: number, triggers: SampleList): number;

  /**
   * Chooses which neurons to correct. The K neurons are cut into groups of `groupSize` consecutive ones. For
   * every listed sample b and every group, among the neurons with stability
   * s_k = preActivations[b, k] · desired[desiredRows[b], k] < 0, the one with the smallest |s_k| is appended to
   * `steps`, in the direction of its desired activation. Samples come in list order, groups in ascending order. Where a desired
   * activation is 0, nothing is desired: s_k = 0, so that the neuron is not chosen.
   * @param preActivations - [B, K]
   * @param samples - entries in [0, B)
   * @param desired - [D, K], desired activations
   * @param desiredRows - B entries in [0, D): which row of `desired` each sample shall reach
   * @param groupSize - a divisor of K
   * @param steps - capacity at least samples.count · K / groupSize
   * @param desiredZeros - [D, K]
   */
  selectNeurons(
    preActivations: Int32Matrix,
    samples: SampleList,
    desired: BitMatrix,
    desiredRows: Int32Array,
    groupSize: number,
    steps: StepList,
    desiredZeros?: BitMatrix,
  ): void;

  /**
   * Chooses which neurons to correct, at random: as `selectNeurons`, but of the m wrong neurons of a group (s_k < 0) the
   * one numbered ⌊draw · m / 2^32⌋ from 0, in ascending order. A group without a wrong neuron leaves its draw unused.
   * @param draws - integers in [0, 2^32), samples.count · K / groupSize of them: one for each listed sample and group,
   *   in the order of the steps
   */
  drawNeurons(
    preActivations: Int32Matrix,
    samples: SampleList,
    desired: BitMatrix,
    desiredRows: Int32Array,
    groupSize: number,
    draws: Uint32Array,
    steps: StepList,
  ): void;

  /**
   * Chooses which classifier rows to correct, for a classifier that is trained: for every listed sample a step
   * of its label's row towards the activation, and one of the strongest other class's row away from it.
   * @param logits - [B, C] with C ≥ 2
   * @param labels - B entries in [0, C)
   * @param steps - capacity at least 2 · samples.count; neurons are classes
   */
  selectRivals(logits: Int32Matrix, labels: Int32Array, samples: SampleList, steps: StepList): void;

  /**
   * Applies all steps at once: hidden[k] ← clip(hidden[k] + 2·Σ direction·inputs[b]) over the steps (b, k,
   * direction), clipped once to [−bound, bound]; then visible = sign(hidden) in the rows that were touched.
   * @param hidden - [K, N], mutated
   * @param visible - [K, N], sign(hidden) before and after, mutated
   * @param inputs - [B, N]
   * @param steps - samples in [0, B), neurons in [0, K)
   * @param bound - odd, in [1, 32767]
   * @returns the number of visible weights that changed sign
   */
  applySteps(
    hidden: Int16Matrix,
    visible: BitMatrix,
    inputs: BitMatrix,
    steps: StepList,
    bound: number,
  ): number;

  /**
   * `applySteps` with zeros: an input of 0 moves no weight, and weights may be 0. Of the rows that were touched, visible = sign(hidden)
   * and `zeros` marks where hidden is 0.
   * @param hidden - [K, N], of any integers in [−bound, bound]; mutated
   * @param visible - [K, N], sign(hidden) before and after, mutated
   * @param zeros - [K, N], +1 where hidden is 0 before and after, mutated; left out where none is and will be
   * @param inputZeros - [B, N]
   * @returns the number of weights that changed among −1, 0 and +1
   */
  applyTernarySteps(
    hidden: Int16Matrix,
    visible: BitMatrix,
    inputs: BitMatrix,
    steps: StepList,
    bound: number,
    zeros?: BitMatrix,
    inputZeros?: BitMatrix,
  ): number;

  /**
   * `applySteps` with consolidation: a weight that the sum of its steps would move towards zero or beyond it keeps its place where
   * its word says so (Consolidation); the sum as a whole is taken or refused. Away from zero all steps are taken.
   * @param consolidation - how likely steps towards zero are, by depth; its state is mutated, in every call by as many draws
   * @returns the number of visible weights that changed sign
   */
  applyConsolidatedSteps(
    hidden: Int16Matrix,
    visible: BitMatrix,
    inputs: BitMatrix,
    steps: StepList,
    consolidation: Consolidation,
    bound: number,
  ): number;

  /**
   * Deepens weights: h ← clip(h + 2·sign(h)) at every position that `gaps` hits, in the order of
   * `hidden.values`; no weight changes sign.
   * @param hidden - [K, N], mutated
   * @param gaps - which positions; its state is mutated
   * @param bound - odd, in [1, 32767]
   * @returns the number of positions hit, weights at the bound included
   */
  reinforce(hidden: Int16Matrix, gaps: GeometricGaps, bound: number): number;
}

type Signatures<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends (...operands: infer Operands) => infer Result
    ? [Operands, Result]
    : never;
};

type Same<A, B> = [A, B] extends [B, A] ? true : false;

type Holds<Claim extends true> = Claim;

/** Does not compile unless the operations above are those of the table, with the same operands and results. */
export type ContractIsTheTable = Holds<
  Same<
    Signatures<Omit<Kernels, keyof KernelMemory | 'backend' | 'description' | 'float'>>,
    Signatures<Operations>
  >
>;

/** How a backend is asked to run. */
export interface KernelOptions {
  /** Threads that one operation may use, at least 1; results do not depend on it. Default 1. */
  readonly threads?: number | undefined;
}

/** A backend ready to use, or the reason why it cannot run here and what would help. */
export type BackendLoad = { readonly kernels: Kernels } | { readonly unavailable: string };
