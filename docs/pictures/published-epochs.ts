import path from 'node:path';
import { keptRows } from 'xnorlab';
import { curves } from '../../notebooks/10-published/curves';

/** Of docs/published.md: training accuracy epoch by epoch, published and in both readings. */
export const { epochs: figure } = curves.figures(
  keptRows(path.join(__dirname, '../../notebooks/10-published/rows/curves.jsonl')),
);
