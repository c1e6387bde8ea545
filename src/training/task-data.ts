import { type Shape, vector } from '../core/shape.js';
import { type BinarizerConfig, binarizedShape } from '../data/binarize.js';
import type { Dataset, Samples } from '../data/dataset.js';
import { type FittedTransformation, fitTransformation, transformerOf } from '../data/transformation.js';
import type { DatasetRecord } from '../records/record.js';
import type { InputForm, LabelledInputs, Problem } from '../rules/rule.js';

/** A data set in the form that a rule is shown. */
export interface TaskData {
  readonly train: LabelledInputs;
  readonly validation?: LabelledInputs;
  readonly test: LabelledInputs;
  /** What the columns that the network sees mean. */
  readonly input: Shape;
  readonly inputForm: InputForm;
  /** What brought features into this form, for further ones. */
  readonly transformation: FittedTransformation;
}

/** The problem that a network for this data is made for. Records from before shapes were kept count as vectors. */
export function problemOf(
  { inputs, inputShape = vector(inputs), classes, validationSamples }: DatasetRecord,
  batchSize: number,
): Problem {
  return { input: inputShape, classes, batchSize, hasValidation: validationSamples > 0 };
}

/** The median over what varies together: a channel of images or of sequences, or a single feature. */
export function defaultBinarizer(shape: Shape): BinarizerConfig {
  return { kind: 'median', per: shape.kind === 'vector' ? 'feature' : 'channel' };
}

/**
 * Fits the transformation and applies it to all samples.
 * @param fitOn - what it is fitted on. Default: the training samples
 */
export function prepareTaskData(
  dataset: Dataset,
  form: InputForm,
  binarizer: BinarizerConfig,
  fitOn: Samples['features'] = dataset.train.features,
): TaskData {
  const { train, validation, test, shape } = dataset;
  const transformation = fitTransformation(form, binarizer, fitOn, shape);
  const transform = transformerOf(transformation);
  const prepare = ({ features, labels }: Samples): LabelledInputs => ({
    inputs: transform(features),
    labels,
  });
  return {
    train: prepare(train),
    ...(validation && { validation: prepare(validation) }),
    test: prepare(test),
    input: form === 'binarized' ? binarizedShape(binarizer, shape) : shape,
    inputForm: form,
    transformation,
  };
}
