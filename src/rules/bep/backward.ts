import type { BitMatrix } from '../../core/bit-matrix.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SampleList } from '../../kernels/lists.js';
import type { LayerOutput } from '../../layers/binary-layer.js';

/** What a layer of K neurons computes for one batch of B samples, forward and backward. */
export interface PropagationBatch extends LayerOutput {
  /** g, [B, K]: +1 where the gate is open. */
  readonly gates: BitMatrix;
  /** Σ over the open gates of the layer above, [B, K]. */
  readonly errorSums: Int32Matrix;
  /** a*, [B, K]. */
  readonly desired: BitMatrix;
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
    desired: kernels.bitMatrix(rows, neurons),
  };
}

/**
 * Carries desired activations back from the last layer to all others ([BEP] backward pass): for l = L−1 … 1
 *
 *     a*_l = sign(W_{l+1}ᵀ (g_{l+1} ⊙ a*_{l+1})),   g_{l+1} = 1 where |z_{l+1}| ≤ limit of layer l+1, else 0
 *
 * Overwrites `gates`, `errorSums` and `desired` of the batch, the last layer's `desired` excepted; the rows of
 * samples that are not listed are meaningless afterwards.
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
    kernels.backProduct(desired, gates, layers[above].visible, samples, below.errorSums);
    kernels.packSigns(below.errorSums, below.desired);
  }
}
