import type { Row } from 'xnorlab';
import { LBES_ROWS } from '../10-published/published.js';

/** Where LBES published what a bound on depth costs, and ours: layers 135,135 in groups of 135. */
const isOfClips = ({ dataset, layers, groupSize }: Row): boolean =>
  dataset === 'fashion-mnist' && layers === '135,135' && groupSize === 135;

/**
 * Accuracy by bits of a hidden weight, published and ours under the same protocol: one row per run of ours, one per published mean.
 * @param rows - of the study `published`
 */
export function clipCurves(rows: readonly Row[]): Row[] {
  const published = LBES_ROWS.filter((row) => row.experiment === 'clip' && isOfClips(row)).map(
    ({ hiddenBits, published: accuracy }): Row => ({ source: 'published', hiddenBits, accuracy, seed: null }),
  );
  const bits = new Set(published.map(({ hiddenBits }) => hiddenBits));
  const ours = rows
    .filter(
      (row) => row.rule === 'local-error' && isOfClips(row) && row.robustness === 0.25 && row.zeros === null,
    )
    .filter((row) => row.trainClassifier === 'false' && bits.has(row.hiddenBits as number))
    .map(
      ({ hiddenBits, testAccuracy, seed }): Row => ({
        source: 'ours',
        hiddenBits,
        accuracy: testAccuracy,
        seed,
      }),
    );
  return [...published, ...ours];
}
