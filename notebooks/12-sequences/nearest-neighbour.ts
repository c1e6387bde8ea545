import { ArgumentError, divideDataset, FeatureMatrix, loadDataset, type Samples } from 'xnorlab';

/** The floor: what the series say by themselves, without anything learned. */

/**
 * Percent of test series whose nearest training series, by the Euclidean distance of all their numbers, is of the same class. The first
 * of several as near counts.
 * @throws ArgumentError for features that are bits
 */
export function nearestNeighbourAccuracy(train: Samples, test: Samples): number {
  const [known, asked] = [train, test].map(({ features }) => {
    if (features instanceof FeatureMatrix) return features;
    throw new ArgumentError('features', 'numbers', 'bits');
  });
  let right = 0;
  for (let row = 0; row < asked.rows; row++) {
    let [nearest, least] = [0, Number.POSITIVE_INFINITY];
    for (let candidate = 0; candidate < known.rows; candidate++) {
      const distance = squaredDistance(asked, row, known, candidate, least);
      if (distance < least) [nearest, least] = [candidate, distance];
    }
    if (train.labels[nearest] === test.labels[row]) right++;
  }
  return (100 * right) / asked.rows;
}

/** Σ (a − b)², or a part of it that is not below `enough`. */
function squaredDistance(
  a: FeatureMatrix,
  row: number,
  b: FeatureMatrix,
  other: number,
  enough: number,
): number {
  const { columns } = a;
  let sum = 0;
  for (let c = 0; c < columns && sum < enough; c++) {
    sum += (a.values[row * columns + c] - b.values[other * columns + c]) ** 2;
  }
  return sum;
}

/**
 * The mean over the divisions that the sweep trains on: three folds for each of three seeds, whole series.
 * @param window - the last steps, where series are of different lengths
 */
export async function nearestNeighbourOf(name: string, window?: number): Promise<number> {
  const dataset = await loadDataset(name, { window });
  const accuracies = [1, 2, 3].flatMap((seed) =>
    [1, 2, 3].map((fold) => {
      const protocol = { kind: 'cross-validation', folds: 3, fold, from: 'all', fitOn: 'training' } as const;
      const { train, test } = divideDataset(dataset, protocol, seed).dataset;
      return nearestNeighbourAccuracy(train, test);
    }),
  );
  return accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
}
