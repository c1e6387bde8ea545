import { DataError } from '../core/errors.js';
import type { SplitSource } from './create-dataset.js';
import { gatherRows } from './gather-rows.js';
import { drawDivision } from './protocol.js';

/** Of a set that comes in one piece, a fifth of the samples is held out, always the same ones. */
const DIVISION = { kind: 'holdout', heldOut: 0.2, from: 'all', fitOn: 'training' } as const;
const SEED = 1;

/** So many have a fifth, and something to train on. */
const FEWEST_SAMPLES = 5;

/**
 * The parts of a set that comes in one piece: a fifth of the samples, drawn once for all runs, are its test samples. Both parts keep the
 * order of the file. `Protocol` divides all of them anew.
 * @throws DataError for fewer than 5 samples
 */
export function holdFifthOut(all: SplitSource): { readonly train: SplitSource; readonly test: SplitSource } {
  const { features, labels, featuresFile } = all;
  if (labels.length < FEWEST_SAMPLES) {
    const problem = `${labels.length} samples in one file: too few to hold a fifth out for testing`;
    throw new DataError(featuresFile, `${problem}, expected at least ${FEWEST_SAMPLES}`);
  }
  const { train, heldOut } = drawDivision(DIVISION, labels.length, SEED);
  const part = (rows: Uint32Array): SplitSource => ({
    ...all,
    features: gatherRows([features], rows.sort()),
    labels: Int32Array.from(rows, (row) => labels[row]),
  });
  return { train: part(train), test: part(heldOut) };
}
