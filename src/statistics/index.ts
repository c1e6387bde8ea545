/** Statistics on rows. */
export type { AnyRows, ArqueroTable, DanfojsFrame } from './any-rows.js';
export { type ComparisonOptions, type ComparisonRow, compare } from './compare.js';
export { compareCells, compareRows } from './compare-rows.js';
export { checkDifferent, sortDifferent } from './different-rows.js';
export { cellOf, groupRows, keyText, numberOf, pick, type RowGroup } from './group-rows.js';
export { type ParetoOptions, paretoFront } from './pareto-front.js';
export type { SameSeeds, SeedComparison } from './same-seeds.js';
export { captionWithLeftOut, compareSameSeeds } from './same-seeds.js';
export {
  type SequenceRow,
  sequenceRows,
  type TaskAccuracyRow,
  taskAccuracyRows,
  taskEpochRows,
} from './sequence-rows.js';
export { type SummaryOptions, type SummaryRow, summarize } from './summarize.js';
