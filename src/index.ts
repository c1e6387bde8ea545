/**
 * xnorlab: train binary neural networks without gradients.
 *
 * `train` runs one experiment and returns its record and the network; the rest is what it is made of.
 */
export { type ComparisonOptions, type ComparisonRow, compare } from './analysis/compare.js';
export { confusionCounts } from './analysis/confusion-counts.js';
export { type ComparisonTableOptions, formatComparison } from './analysis/format-comparison.js';
export { formatTable, type TableOptions } from './analysis/format-table.js';
export type { FormattedTable } from './analysis/formatted-table.js';
export { dataFrame, table } from './analysis/frames.js';
export { latexTable } from './analysis/latex.js';
export { markdownTable } from './analysis/markdown.js';
export { type ParetoOptions, paretoFront } from './analysis/pareto-front.js';
export { PUBLISHED, type PublishedRow } from './analysis/published.js';
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
} from './analysis/rows.js';
export { saveTable } from './analysis/save-table.js';
export {
  type SequenceRow,
  sequenceRows,
  type TaskAccuracyRow,
  taskAccuracyRows,
} from './analysis/sequence-rows.js';
export { type SummaryOptions, type SummaryRow, summarize } from './analysis/summarize.js';
export { BitMatrix } from './bits/bit-matrix.js';
export { ArgumentError, DataError, EnvironmentError, InterruptedError, XnorlabError } from './bits/errors.js';
export { resultPath } from './bits/folders.js';
export { Int16Matrix, Int32Matrix } from './bits/int-matrix.js';
export { RandomStream, type RandomStreams, randomStreams } from './bits/random.js';
export type { Cell, Row } from './bits/row.js';
export { sign } from './bits/sign.js';
export { type Binarizer, type BinarizerConfig, fitBinarizer } from './datasets/binarize.js';
export { type Dataset, FeatureMatrix, type FeatureShape, type Samples } from './datasets/dataset.js';
export { limitTrain } from './datasets/limit-train.js';
export { type DatasetSummary, type LoadOptions, listDatasets, loadDataset } from './datasets/load.js';
export { CheckpointError } from './experiments/checkpoint/checkpoint-error.js';
export type { CheckpointOptions } from './experiments/checkpoint/checkpoint-file.js';
export type { TrainConfig, TrainOptions } from './experiments/config.js';
export { type EqualMemory, equalMemory } from './experiments/equal-memory.js';
export { inspectLayers, type LayerAnswers } from './experiments/inspect-layers.js';
export type { Model } from './experiments/model.js';
export { type LoadModelOptions, loadModel, saveModel } from './experiments/model-file.js';
export type { EpochRecord, LayerRecord, RunRecord, TaskAccuracy } from './experiments/record.js';
export { openStore, type RunStore } from './experiments/store/run-store.js';
export { StoreBusyError } from './experiments/store/store-busy-error.js';
export type { StoredRun } from './experiments/store/stored-run.js';
export { expandSweep } from './experiments/sweep/expand.js';
export type { SweepProgress } from './experiments/sweep/progress.js';
export { readSweep } from './experiments/sweep/read-sweep.js';
export type { SweepSpec } from './experiments/sweep/spec.js';
export { type SweepOptions, type SweepSummary, sweep } from './experiments/sweep/sweep.js';
export type { SweepHooks, SweepRun } from './experiments/sweep/sweep-runs.js';
export { type TrainedRun, type TrainHooks, type TrainProgress, train } from './experiments/train.js';
export { type AblationPanelOptions, ablationPanel } from './figures/ablation-panel.js';
export {
  type AccuracyVersusParametersOptions,
  accuracyVersusParameters,
} from './figures/accuracy-versus-parameters.js';
export { type ConfusionMatrixOptions, confusionMatrix } from './figures/confusion-matrix.js';
export { depthHistogram } from './figures/depth-histogram.js';
export { depthOverEpochs } from './figures/depth-over-epochs.js';
export { type EffectSizeOptions, effectSizes } from './figures/effect-sizes.js';
export {
  type FigureFormat,
  figureSvg,
  type SaveFigureOptions,
  saveFigure,
  saveFigures,
} from './figures/export.js';
export type { Figure } from './figures/figure.js';
export { type FlipRateOptions, flipRate } from './figures/flip-rate.js';
export { type ForgettingOptions, forgetting } from './figures/forgetting.js';
export { type HeatMapOptions, heatMap } from './figures/heat-map.js';
export { type LearningCurveOptions, learningCurves } from './figures/learning-curves.js';
export { type OptionCurvesOptions, optionCurves } from './figures/option-curves.js';
export { PAPER_WIDTHS_MM, type PaperOptions, paperFigure } from './figures/paper.js';
export { type ShownSample, sampleGrid } from './figures/sample-grid.js';
export { type TradeOffOptions, tradeOff } from './figures/trade-off.js';
export { type WeightImageOptions, weightImages } from './figures/weight-images.js';
export { display, type LiveDisplay, liveDisplay, show } from './jupyter/display.js';
export {
  liveProgress,
  liveSweep,
  type ProgressHooks,
  type SweepProgressHooks,
} from './jupyter/live-progress.js';
export type { MimeBundle } from './jupyter/mime-bundle.js';
export { type NotebookMode, notebookMode } from './jupyter/notebook-mode.js';
export type { Kernels } from './kernels/kernels.js';
export { backendStatuses, selectKernels } from './kernels/select.js';
export { findReport, REPORTS } from './reports/catalog.js';
export type { Report } from './reports/report.js';
export { keepRows, loadStoredRows } from './reports/stored-rows.js';
export { booleanGates, type OperationCounts } from './rules/cost.js';
export type { Learner, LearnerState } from './rules/rule.js';
