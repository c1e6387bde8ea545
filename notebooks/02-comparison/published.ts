import type { Row } from 'xnorlab';
import figure2 from './published.json';

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
  /** Percent. */
  readonly testAccuracy: number;
  readonly source: string;
}

/** The test accuracies that ours are held against. */
export const PUBLISHED: readonly PublishedRow[] = figure2.curves.flatMap(
  ({ dataset, rule, batchNorm, depth, testAccuracies }) =>
    figure2.widths.map((width, i) => ({
      dataset,
      rule,
      batchNorm,
      layers: Array.from({ length: depth }, () => width).join(','),
      depth,
      width,
      testAccuracy: testAccuracies[i],
      source: figure2.source,
    })),
);
