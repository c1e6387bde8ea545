import type { BitMatrix } from '../../core/bit-matrix.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import type { TernaryMatrix } from '../../core/ternary-matrix.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SampleList } from '../../kernels/lists.js';
import { ternaryMatrix } from '../../kernels/ternary-kernels.js';
import type { LayerOutput } from '../../layers/binary-layer.js';

/** What a layer of K neurons computes for one batch of B samples, forward and backward. */
export interface PropagationBatch extends LayerOutput {
  /** g, [B, K]: +1 where the gate is open and there is a target. */
  readonly gates: BitMatrix;
  /** Σ over the open gates of the layer above, [B, K]. */
  readonly errorSums: Int32Matrix;
  /** a*, [B, K]; 0 where there is no target. */
  readonly desired: TernaryMatrix;
}

/** A layer as errors pass it. */
export interface PropagatingLayer {
  /** W, [K, N]. */
  readonly visible: BitMatrix;
  /** A gate is open where |z| is at most this. */
  readonly gateLimit: number;
}

/** Memory for what a layer of `neurons` computes for `rows` samples besides its output. */
export function allocatePropagation(
  kernels: Kernels,
  output: LayerOutput,
  rows: number,
  neurons: number,
): PropagationBatch {
  return {
    ...output,
    gates: kernels.bitMatrix(rows, neurons),
    errorSums: kernels.int32Matrix(rows, neurons),
    desired: ternaryMatrix(kernels, rows, neurons),
  };
}

/**
 * Carries desired activations back from the last layer to all others ([BEP] backward pass): for l = L−1 … 1
 *
 *     e_l = W_{l+1}ᵀ (g_{l+1} ⊙ a*_{l+1}),   g_{l+1} = 1 where |z_{l+1}| ≤ limit of layer l+1, else 0
 *     a*_l = sign(e_l) where e_l ≠ 0, else no target (0)
 *
 * Where no error comes back, because all gates are closed or errors cancel, nothing is known of what the neuron should do: it is not
 * corrected, and passes nothing on. Weights and activations are ±1 all the same.
 *
 * Overwrites `gates`, `errorSums` and `desired` of the batch, the last layer's `desired` excepted; the rows of
 * samples that are not listed are meaningless afterwards.
 * @param kernels - that know of zeros (kernels/ternary-kernels.ts)
 * @param layers - input side first
 * @param batch - of the same layers; pre-activations of all and desired activations of the last are given
 * @param samples - those whose errors are carried back
 */
export function propagateDesired(
  kernels: Kernels,
  layers: readonly PropagatingLayer[],
  batch: readonly PropagationBatch[],
  samples: SampleList,
): void {
  for (let above = layers.length - 1; above > 0; above--) {
    const { preActivations, gates, desired } = batch[above];
    const below = batch[above - 1];
    kernels.packGates(preActivations, layers[above].gateLimit, gates);
    closeWithoutTarget(gates, desired);
    kernels.backProduct(desired, gates, layers[above].visible, samples, below.errorSums);
    kernels.packSigns(below.errorSums, below.desired);
  }
}

/** Closes the gates of neurons without a target: they have no error to pass on. */
function closeWithoutTarget({ words }: BitMatrix, { zeros }: TernaryMatrix): void {
  for (let i = 0; i < words.length; i++) words[i] &= ~zeros.words[i];
}
