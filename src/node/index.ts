/** `xnorlab/node`: what takes Node: training from files on every backend, sweeps, stores, studies, printing. */
export { checkRule } from './check-rule.js';
export type { CheckpointOptions } from './checkpoint/checkpoint-file.js';
export type { DownloadProgress } from './data/download.js';
export { type DatasetSummary, type LoadOptions, listDatasets, loadDataset } from './data/load.js';
export { type EqualMemory, type EqualMemoryOptions, equalMemory } from './equal-memory.js';
export { resultPath } from './files/folders.js';
export type { BackendStatus } from './kernels/select.js';
export { backendStatuses, selectKernels } from './kernels/select.js';
export type { Exportable, ExportedFile, ExportOptions } from './models/export-model.js';
export { type LoadModelOptions, loadModel, saveModel } from './models/model-file.js';
export type { PrepareOptions } from './prepare-data.js';
export {
  type FigureFormat,
  figureSvg,
  type SaveFigureOptions,
  saveFigure,
  saveFigures,
} from './printing/export.js';
export type { SavedTable, SaveTableOptions } from './printing/save-table.js';
export { saveTable } from './printing/save-table.js';
export { loadRules } from './rules/load-rules.js';
export type { StoreExportOptions } from './store/export.js';
export { checkStore, repairStore, type StoreRepair, type StoreReport } from './store/repair.js';
export type { RunFilter, WriteOptions } from './store/run-store.js';
export { openStore, type RunStore } from './store/run-store.js';
export type { WriterIdentity } from './store/store-busy-error.js';
export { StoreBusyError } from './store/store-busy-error.js';
export { type Damage, StoreDamagedError } from './store/store-damaged-error.js';
export type { StoredRun, StoredRunBase } from './store/stored-run.js';
export type { NewRun, StoreWriter } from './store/writer.js';
export { cellFigures } from './studies/cell-figures.js';
export { keepRows, keptRows } from './studies/kept-rows.js';
export { openStudy } from './studies/open-study.js';
export type { StudyFolder, StudyRows } from './studies/study-folder.js';
export { type NamedSweep, readSweep } from './sweep/read-sweep.js';
export { type SweepOptions, type SweepSummary, sweep } from './sweep/sweep.js';
export type { RunPoolOptions } from './threads/run-pool.js';
export { type BackendOption, type TrainHooks, train } from './train.js';
