import type { Row } from '../core/row.js';

/** A published test accuracy. Columns are called as in `RunRow`, so that tables and figures can put both together. */
export interface PublishedRow extends Row {
  readonly dataset: string;
  readonly rule: string;
  /** `true` or `false` for `qat`, null for rules without the option: as the column `{ batchNorm: 'rule.batchNorm' }`. */
  readonly batchNorm: string | null;
  /** Widths, input side first: `525,525`. */
  readonly layers: string;
  readonly depth: number;
  /** Neurons of each hidden layer. */
  readonly width: number;
  /** Percent; mean of 5 runs of 50 epochs with options tuned for each size. Read off a figure: ±0.2. */
  readonly testAccuracy: number;
  readonly source: string;
}

const SOURCE = 'Colombo et al., BEP, ICLR 2026, arXiv:2512.04189, figure 2';

const WIDTHS = [35, 75, 135, 255, 525] as const;

interface Curve {
  readonly dataset: string;
  readonly rule: string;
  readonly batchNorm?: string;
  readonly depth: number;
  /** One per width. */
  readonly testAccuracies: readonly [number, number, number, number, number];
}

const CURVES: readonly Curve[] = [
  { dataset: 'prototypes', rule: 'local-error', depth: 2, testAccuracies: [55.9, 65.0, 71.4, 74.6, 76.2] },
  { dataset: 'prototypes', rule: 'bep', depth: 2, testAccuracies: [61.6, 70.4, 74.1, 76.0, 77.2] },
  {
    dataset: 'prototypes',
    rule: 'qat',
    batchNorm: 'true',
    depth: 2,
    testAccuracies: [67.8, 71.8, 72.4, 73.5, 73.9],
  },
  { dataset: 'prototypes', rule: 'qat', batchNorm: 'false', depth: 2, testAccuracies: [31, 44, 51, 55, 59] },
  { dataset: 'prototypes', rule: 'local-error', depth: 3, testAccuracies: [51.7, 62.7, 70.9, 74.2, 75.7] },
  { dataset: 'prototypes', rule: 'bep', depth: 3, testAccuracies: [58.5, 69.3, 72.3, 74.8, 76.2] },
  {
    dataset: 'fashion-mnist',
    rule: 'local-error',
    depth: 2,
    testAccuracies: [81.5, 83.6, 84.7, 85.1, 85.45],
  },
  { dataset: 'fashion-mnist', rule: 'bep', depth: 2, testAccuracies: [82.65, 84.25, 84.95, 85.5, 85.85] },
  {
    dataset: 'fashion-mnist',
    rule: 'qat',
    batchNorm: 'true',
    depth: 2,
    testAccuracies: [82.5, 84.4, 85.1, 86.1, 86.7],
  },
  {
    dataset: 'fashion-mnist',
    rule: 'qat',
    batchNorm: 'false',
    depth: 2,
    testAccuracies: [35, 50, 57, 69, 69],
  },
  {
    dataset: 'fashion-mnist',
    rule: 'local-error',
    depth: 3,
    testAccuracies: [80.8, 83.45, 84.5, 85.15, 85.6],
  },
  { dataset: 'fashion-mnist', rule: 'bep', depth: 3, testAccuracies: [82.0, 83.8, 84.5, 85.45, 85.75] },
];

/**
 * Test accuracies that ours are held against: Random Prototypes with flip probability 0.46 and FashionMNIST, networks
 * of 2 and 3 equal hidden layers (`qat`: 2).
 */
export const PUBLISHED: readonly PublishedRow[] = CURVES.flatMap(
  ({ dataset, rule, batchNorm = null, depth, testAccuracies }) =>
    WIDTHS.map((width, i) => ({
      dataset,
      rule,
      batchNorm,
      layers: Array.from({ length: depth }, () => width).join(','),
      depth,
      width,
      testAccuracy: testAccuracies[i],
      source: SOURCE,
    })),
);
