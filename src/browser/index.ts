/**
 * `xnorlab/browser`: training of binary networks in a page or a worker, from arrays in memory to a record. Imports nothing of
 * Node and nothing of the page.
 */
export { BitMatrix } from '../core/bit-matrix.js';
export { ArgumentError, DataError, InterruptedError, XnorlabError } from '../core/errors.js';
export type { ImageShape, SequenceShape, Shape, VectorShape } from '../core/shape.js';
export { createDataset, type DatasetParts, type SplitSource } from '../data/create-dataset.js';
export { type CsvFiles, type CsvOptions, csvDataset } from '../data/csv.js';
export { type Dataset, FeatureMatrix, type Samples } from '../data/dataset.js';
export {
  type NpyFeatures,
  type NpySplit,
  type NpySplits,
  npyDataset,
  npyFeatures,
} from '../data/npy.js';
export { generatePrototypes, type PrototypesOptions } from '../data/prototypes.js';
export type { SourceFile } from '../data/source-file.js';
export { referenceKernels } from '../kernels/reference.js';
export type { TrainOptions } from '../training/config.js';
export type { RunHooks, TrainedRun, TrainProgress } from '../training/train-run.js';
export { loadKernels } from './kernels.js';
export { type PageRun, train } from './train.js';
