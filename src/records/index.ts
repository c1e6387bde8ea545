/** Records of runs, and the rows that figures and tables are made of. */
export { type ConfigColumns, configRow } from './config-columns.js';
export { confusionCounts } from './confusion-counts.js';
export type {
  DatasetRecord,
  EpochRecord,
  LayerRecord,
  RunRecord,
  TaskAccuracy,
  TotalsRecord,
} from './record.js';
export type { RunColumns } from './rows.js';
export {
  type DepthRow,
  depthRows,
  type EpochRow,
  epochRows,
  type LayerRow,
  layerRows,
  type RowOptions,
  type RunRow,
  runRows,
} from './rows.js';
