import type { BinarizerConfig } from '../data/binarize.js';
import type { Dataset, FeatureShape, Samples } from '../data/dataset.js';
import { type FittedTransformation, fitTransformation, transformerOf } from '../data/transformation.js';
import type { DatasetRecord } from '../records/record.js';
import type { InputForm, LabelledInputs, TaskShape } from '../rules/rule.js';

/** A data set in the form that a rule is shown. */
export interface TaskData {
  readonly train: LabelledInputs;
  readonly validation?: LabelledInputs;
  readonly test: LabelledInputs;
  /** Columns that the network sees. */
  readonly inputs: number;
  readonly inputForm: InputForm;
  /** What brought features into this form, for further ones. */
  readonly transformation: FittedTransformation;
}

/** The size of the problem that a network for this data is made for. */
export function taskShape(
  { inputs, classes, validationSamples }: DatasetRecord,
  batchSize: number,
): TaskShape {
  return { inputs, classes, batchSize, hasValidation: validationSamples > 0 };
}

/** The median over what varies together: a channel of an image, or a single feature. */
export function defaultBinarizer(shape: FeatureShape): BinarizerConfig {
  return { kind: 'median', per: shape.kind === 'image' ? 'channel' : 'feature' };
}

/** Fits the transformation on the training samples and applies it to all. */
export function prepareTaskData(dataset: Dataset, form: InputForm, binarizer: BinarizerConfig): TaskData {
  const { train, validation, test, featureShape } = dataset;
  const transformation = fitTransformation(form, binarizer, train.features, featureShape);
  const transform = transformerOf(transformation);
  const prepare = ({ features, labels }: Samples): LabelledInputs => ({
    inputs: transform(features),
    labels,
  });
  const trainInputs = prepare(train);
  return {
    train: trainInputs,
    ...(validation && { validation: prepare(validation) }),
    test: prepare(test),
    inputs: trainInputs.inputs.columns,
    inputForm: form,
    transformation,
  };
}
