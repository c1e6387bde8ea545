import { checkInteger } from '../core/check.js';
import { contentSha256 } from './content-hash.js';
import type { Dataset, Samples } from './dataset.js';

/**
 * The same data set with only its first `samples` training samples (shared, not copied) and the hash of what is
 * left. Validation and test samples stay.
 * @throws ArgumentError unless `samples` is an integer in [1, number of training samples]
 */
export function limitTrain(dataset: Dataset, samples: number): Dataset {
  const { features, labels } = dataset.train;
  checkInteger('samples', samples, 1, features.rows);
  const train: Samples = { features: features.rowRange(0, samples), labels: labels.subarray(0, samples) };
  const limited = { ...dataset, train };
  return { ...limited, sha256: contentSha256(limited) };
}
