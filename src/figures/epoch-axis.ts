import type { Layout } from 'plotly.js';
import type { Row } from '../core/row.js';
import { groupByNumber } from './groups.js';

/** Up to this many epochs Plotly may put ticks at halves. */
const FEW = 8;

/** An axis of epochs, with ticks at whole ones only. Read: `epoch`. */
export function epochAxis(rows: readonly Row[]): Partial<Layout['xaxis']> {
  const epochs = groupByNumber(rows, 'epoch').map(([epoch]) => epoch);
  return epochs[epochs.length - 1] - epochs[0] <= FEW ? { dtick: 1 } : {};
}
