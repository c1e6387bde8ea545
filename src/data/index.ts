/** Data sets in memory: shapes, splits, binarizers, and known sets. */

export type { FittedBinarizer } from './binarize.js';
export { type Binarizer, type BinarizerConfig, fitBinarizer } from './binarize.js';
export { createDataset, type DatasetParts, type SplitSource } from './create-dataset.js';
export { type Dataset, FeatureMatrix, rowValues, type Samples, type SplitName } from './dataset.js';
export { knownDatasets, registerDataset } from './known/catalog.js';
export type { KnownDataset, KnownFile } from './known/known-dataset.js';
export { limitTrain } from './limit-train.js';
export { type DividedDataset, divideDataset, type Protocol } from './protocol.js';
export type { SourceFile } from './source-file.js';
export type { FittedStandardizer, Moments } from './standardize.js';
export type { FittedTransformation } from './transformation.js';
