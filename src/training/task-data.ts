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

/**
 * The problem that a network for this data is made for. Records from before shapes were kept count as vectors.
 * @param tasks - learned one after the other. Default: one
 */
export function problemOf(
  { inputs, inputShape = vector(inputs), classes, validationSamples }: DatasetRecord,
  batchSize: number,
  tasks?: number,
): Problem {
  return {
    input: inputShape,
    classes,
    batchSize,
    hasValidation: validationSamples > 0,
    ...(tasks && { tasks }),
  };
}

/**
 * The median over what varies together: a channel of images or of sequences, or a single feature. Of sequences of numbers, a rule may want a
 * thermometer of so many quantiles.
 */
export function defaultBinarizer(shape: Shape, thermometerLevels?: number): BinarizerConfig {
  if (thermometerLevels !== undefined && shape.kind === 'sequence' && shape.of.kind === 'vector') {
    return { kind: 'thermometer', levels: thermometerLevels, thresholds: 'quantile' };
  }
  return { kind: 'median', per: shape.kind === 'vector' ? 'feature' : 'channel' };
}

/**
 * Fits the transformation and applies it to all samples.
 * @param given - what it is fitted on, by default the training samples, and how many columns in front the data set lacks of what was loaded
 */
export function prepareTaskData(
  dataset: Dataset,
  form: InputForm,
  binarizer: BinarizerConfig,
  given: { readonly fitOn?: Samples['features'] | undefined; readonly leftOut?: number } = {},
): TaskData {
  const { train, validation, test, shape } = dataset;
  const { fitOn = train.features, leftOut = 0 } = given;
  const fitted = fitTransformation(form, binarizer, fitOn, shape);
  const transform = transformerOf(fitted);
  const transformation = leftOut > 0 ? { ...fitted, leftOut } : fitted;
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
