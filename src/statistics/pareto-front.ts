import type { Row } from '../core/row.js';
import { checkRows, numberOf } from './group-rows.js';

/** What is to be low and what high. */
export interface ParetoOptions {
  /** The column of which more is better: `testAccuracy`. */
  readonly maximize: string;
  /** The column of which less is better: `memoryMegabytes`, `booleanGates`, `trainSeconds`, `parameters`. */
  readonly minimize: string;
}

/**
 * The rows that no other row beats: none has at least as much of what is maximized for at most as much of what is
 * minimized, and is better in one of them. Equal rows stay together.
 * @returns by rising cost, the same objects
 * @throws ArgumentError when there are no rows, for a column that they lack, and a cell that is no finite number
 */
export function paretoFront<R extends Row>(rows: readonly R[], { maximize, minimize }: ParetoOptions): R[] {
  checkRows(rows);
  const points = rows
    .map((row) => ({ row, gain: numberOf(row, maximize), cost: numberOf(row, minimize) }))
    .sort((a, b) => a.cost - b.cost || b.gain - a.gain);
  let best = { gain: Number.NEGATIVE_INFINITY, cost: Number.NaN };
  const front: R[] = [];
  for (const { row, gain, cost } of points) {
    const isEqual = gain === best.gain && cost === best.cost;
    if (gain > best.gain) best = { gain, cost };
    else if (!isEqual) continue;
    front.push(row);
  }
  return front;
}
