import type { BitMatrix } from '../../core/bit-matrix.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SampleList } from '../../kernels/lists.js';
import type { PropagationBatch } from '../bep/backward.js';

/** What a layer's own classifier says of a batch of B samples. */
export interface LocalBatch {
  /** P a, [B, C]. */
  readonly logits: Int32Matrix;
  /** Samples that the layer is to be corrected for. */
  readonly triggers: SampleList;
}

/** Memory for `rows` samples of `classes` classes. */
export function allocateLocal(kernels: Kernels, rows: number, classes: number): LocalBatch {
  return { logits: kernels.int32Matrix(rows, classes), triggers: kernels.sampleList(rows) };
}

/**
 * The local error of a layer, in place of one that comes back from the layers above or later steps: its fixed classifier P judges what it
 * gives, and says what it should have given: row `label` of P ([LBES], algorithms.md §3).
 * @param classifier - P, [C, K]
 * @param margin - a sample triggers where its label's logit is not this far above all others
 * @param activations - what is judged, [B, K]
 * @param corrected - whose desired activations are overwritten: the layer, or steps of it
 * @returns those that trigger
 */
export function localTargets(
  kernels: Kernels,
  { classifier, margin }: { readonly classifier: BitMatrix; readonly margin: number },
  activations: BitMatrix,
  labels: Int32Array,
  corrected: readonly PropagationBatch[],
  { logits, triggers }: LocalBatch,
): SampleList {
  kernels.product(activations, classifier, logits);
  kernels.findTriggers(logits, labels, margin, triggers);
  const rows = new Uint32Array(labels.buffer, labels.byteOffset, labels.length);
  for (const { desired } of corrected) kernels.gatherRows(classifier, rows, desired);
  return triggers;
}
