/** Numbers of the paper: Colombo, Pittorino, Zambon, Baldassi, Roveri, Alippi, ICLR 2026, arXiv:2512.04189. Accuracies in percent. */

/** Runs of the table of time series: three folds, three runs of each. */
export const PUBLISHED_SERIES_RUNS = 9;

/** A row of the table of time series: test accuracy, mean and standard deviation of BEP-TT, means of quantization-aware training. */
export interface PublishedSeries {
  readonly dataset: string;
  readonly bep: number;
  readonly spread: number;
  /** Without batch normalization. */
  readonly qat: number;
  readonly qatWithNorm: number;
  /** Not of the paper: `nearestNeighbourOf` the set, computed here (nearest-neighbour.ts). */
  readonly nearestNeighbour: number;
}

const series = (
  dataset: string,
  bep: number,
  spread: number,
  qat: number,
  qatWithNorm: number,
  nearestNeighbour: number,
): PublishedSeries => ({ dataset, bep, spread, qat, qatWithNorm, nearestNeighbour });

/** Those of the 30 sets of the table that are at hand; `penbased` is the PenDigits of the UEA archive. */
export const PUBLISHED_SERIES: readonly PublishedSeries[] = [
  series('DistalPhalanxOutlineAgeGroup', 79.78, 2.65, 73.84, 76.94, 76.68),
  series('ECGFiveDays', 81.79, 1.97, 69.42, 95.25, 98.91),
  series('Earthquakes', 80.34, 2.94, 79.83, 77.01, 70.72),
  series('GunPointAgeSpan', 86.18, 2.27, 81.08, 84.11, 98.74),
  series('GunPointOldVersusYoung', 94.01, 1.57, 91.87, 93.79, 100),
  series('InsectEPGRegularTrain', 99.14, 0.71, 94.64, 99.04, 100),
  series('InsectEPGSmallTrain', 99.37, 0.56, 96.62, 98.75, 100),
  series('ItalyPowerDemand', 94.65, 1.22, 83.18, 96.23, 96.44),
  series('JapaneseVowels', 95.47, 1.24, 84.06, 96.25, 94.01),
  series('MelbournePedestrian', 73.03, 4.59, 42.83, 90.91, 95.51),
  series('penbased', 97.13, 0.21, 66.99, 99, 99.32),
  series('ProximalPhalanxOutlineAgeGroup', 82.64, 3.08, 77.24, 82.2, 76.53),
  series('ProximalPhalanxOutlineCorrect', 78.26, 1.09, 72.76, 75.68, 82.23),
  series('SmoothSubspace', 89, 4.24, 58, 90.33, 91.89),
  series('SonyAIBORobotSurface1', 75.68, 2.73, 64.14, 80.68, 98.6),
];

/** ν of the columns of `DIGITS`. */
const GATES = [0.001, 0.005, 0.01, 0.1, 0.5];

/** Accuracies by steps. */
const DIGITS: Readonly<Record<number, readonly number[]>> = {
  2: [95.79, 96.09, 96.28, 95.33, 95.53],
  4: [94.43, 96.18, 96.55, 92.91, 72.79],
  8: [88.13, 95.63, 96.32, 92.65, 47.09],
  28: [46.26, 75.42, 92.76, 86.28, 50.56],
};

/** Sequential MNIST: validation accuracy after 50 epochs on 50,000 digits, mean of three runs, read off figure 3. */
export const PUBLISHED_DIGITS: readonly {
  readonly steps: number;
  readonly gate: number;
  readonly accuracy: number;
}[] = Object.entries(DIGITS).flatMap(([steps, accuracies]) =>
  accuracies.map((accuracy, i) => ({ steps: Number(steps), gate: GATES[i], accuracy })),
);
