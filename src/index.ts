/**
 * xnorlab: train binary neural networks without gradients.
 *
 * `train` runs one experiment and returns its record and the network; the rest is what it is made of.
 */

/** With which the options of a rule are said: zod. */
export { z } from 'zod';
export { BitMatrix } from './core/bit-matrix.js';
export {
  ArgumentError,
  CheckpointError,
  DataError,
  EnvironmentError,
  InterruptedError,
  XnorlabError,
} from './core/errors.js';
export { Float32Matrix } from './core/float-matrix.js';
export { Int16Matrix, Int32Matrix } from './core/int-matrix.js';
export { RandomStream, type RandomStreams, randomStreams } from './core/random.js';
export type { Cell, Row } from './core/row.js';
export {
  type ImageShape,
  type SequenceShape,
  type Shape,
  shapeText,
  sizeOf,
  type VectorShape,
} from './core/shape.js';
export { sign } from './core/sign.js';
export { type Binarizer, type BinarizerConfig, fitBinarizer } from './data/binarize.js';
export { createDataset, type DatasetParts, type SplitSource } from './data/create-dataset.js';
export { type Dataset, FeatureMatrix, rowValues, type Samples, type SplitName } from './data/dataset.js';
export { knownDatasets, registerDataset } from './data/known/catalog.js';
export type { KnownDataset, KnownFile } from './data/known/known-dataset.js';
export { limitTrain } from './data/limit-train.js';
export type { SourceFile } from './data/source-file.js';
export type { FittedTransformation } from './data/transformation.js';
export { type AblationPanelOptions, ablationPanel } from './figures/ablation-panel.js';
export {
  type AccuracyVersusParametersOptions,
  accuracyVersusParameters,
} from './figures/accuracy-versus-parameters.js';
export { type ConfusionMatrixOptions, confusionMatrix } from './figures/confusion-matrix.js';
export { depthHistogram } from './figures/depth-histogram.js';
export { depthOverEpochs } from './figures/depth-over-epochs.js';
export { type EffectSizeOptions, effectSizes } from './figures/effect-sizes.js';
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
export type { Kernels } from './kernels/kernels.js';
export type { SampleList, StepList } from './kernels/lists.js';
export { BinaryLayer, type LayerOutput } from './layers/binary-layer.js';
export { equiangularClassifier, randomClassifier } from './layers/classifier.js';
export type { HiddenWeightOptions } from './layers/hidden-weights.js';
export type {
  BinaryNetwork,
  FixedNorm,
  FloatLayer,
  FloatNetwork,
  Network,
  SignLayer,
} from './layers/network.js';
export { inspectLayers, type LayerAnswers } from './models/inspect-layers.js';
export { type Model, type ModelParts, signLayers } from './models/model.js';
export { decodeModel, encodeModel, type SavedModel } from './models/model-bytes.js';
export { createPredictor, type Predictor, type PredictorHost } from './models/predictor.js';
export { checkRule } from './node/check-rule.js';
export type { CheckpointOptions } from './node/checkpoint/checkpoint-file.js';
export { type DatasetSummary, type LoadOptions, listDatasets, loadDataset } from './node/data/load.js';
export { type EqualMemory, equalMemory } from './node/equal-memory.js';
export { resultPath } from './node/files/folders.js';
export { backendStatuses, selectKernels } from './node/kernels/select.js';
export { type LoadModelOptions, loadModel, saveModel } from './node/models/model-file.js';
export {
  type FigureFormat,
  figureSvg,
  type SaveFigureOptions,
  saveFigure,
  saveFigures,
} from './node/printing/export.js';
export { saveTable } from './node/printing/save-table.js';
export { loadRules } from './node/rules/load-rules.js';
export { openStore, type RunStore } from './node/store/run-store.js';
export { StoreBusyError } from './node/store/store-busy-error.js';
export type { StoredRun } from './node/store/stored-run.js';
export { readSweep } from './node/sweep/read-sweep.js';
export { type SweepOptions, type SweepSummary, sweep } from './node/sweep/sweep.js';
export { type BackendOption, type TrainHooks, train } from './node/train.js';
export { display, type LiveDisplay, liveDisplay, show } from './notebook/display.js';
export {
  liveProgress,
  liveSweep,
  type ProgressHooks,
  type SweepProgressHooks,
} from './notebook/live-progress.js';
export type { MimeBundle } from './notebook/mime-bundle.js';
export { type NotebookMode, notebookMode } from './notebook/notebook-mode.js';
export { confusionCounts } from './records/confusion-counts.js';
export type { EpochRecord, LayerRecord, RunRecord, TaskAccuracy } from './records/record.js';
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
} from './records/rows.js';
export {
  type SequenceRow,
  sequenceRows,
  type TaskAccuracyRow,
  taskAccuracyRows,
} from './records/sequence-rows.js';
export { findReport, REPORTS } from './reports/catalog.js';
export { PUBLISHED, type PublishedRow } from './reports/published.js';
export type { Report } from './reports/report.js';
export { keepRows, loadStoredRows } from './reports/stored-rows.js';
export { BinaryLearner, type BinaryTrainingOptions } from './rules/binary/binary-learner.js';
export { describeLayers, withInputNoise } from './rules/binary/description.js';
export { LayeredLearner, type LayeredOptions } from './rules/binary/layered-learner.js';
export { hiddenWeightOptions } from './rules/binary/options.js';
export type { CheckRuleOptions } from './rules/check/check-rule.js';
export { type CheckName, type Finding, RuleError, RuleReport } from './rules/check/report.js';
export { booleanGates, type OperationCounts } from './rules/cost.js';
export {
  findRule,
  type RegisteredRule,
  type RuleFile,
  type RuleOptionsFunction,
  registerRule,
  ruleNames,
} from './rules/registry.js';
export type * from './rules/rule.js';
export type { OwnRule, RuleConfig, RuleOptions, RuleSchemas } from './rules/rule-types.js';
export { type ComparisonOptions, type ComparisonRow, compare } from './statistics/compare.js';
export { type ParetoOptions, paretoFront } from './statistics/pareto-front.js';
export { type SummaryOptions, type SummaryRow, summarize } from './statistics/summarize.js';
export { type ComparisonTableOptions, formatComparison } from './tables/format-comparison.js';
export { formatTable, type TableOptions } from './tables/format-table.js';
export type { FormattedTable } from './tables/formatted-table.js';
export { dataFrame, table } from './tables/frames.js';
export { latexTable } from './tables/latex.js';
export { markdownTable } from './tables/markdown.js';
export { parseTrainConfig, type TrainConfig, type TrainOptions } from './training/config.js';
export { expandSweep } from './training/sweep/expand.js';
export type { SweepProgress } from './training/sweep/progress.js';
export type { SweepSpec } from './training/sweep/spec.js';
export type { SweepHooks, SweepRun } from './training/sweep/sweep-runs.js';
export type { TrainedRun, TrainProgress } from './training/train-run.js';
