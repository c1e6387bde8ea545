import {
  type BinarizerConfig,
  type FittedBinarizer,
  fitBinarizer,
  restoreBinarizer,
} from '../data/binarize.js';
import type { Dataset, FeatureShape, Samples } from '../data/dataset.js';
import { type FittedStandardizer, fitStandardizer, restoreStandardizer } from '../data/standardize.js';
import type { DatasetRecord } from '../records/record.js';
import type { InputForm, Inputs, LabelledInputs, TaskShape } from '../rules/rule.js';

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

/** How features become what a rule is shown: plain data, to be written down or sent to another thread. */
export type FittedTransformation =
  | (FittedBinarizer & { readonly inputForm: 'binarized' })
  | (FittedStandardizer & { readonly inputForm: 'full-precision' });

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

function fitTransformation(
  form: InputForm,
  binarizer: BinarizerConfig,
  features: Samples['features'],
  shape: FeatureShape,
): FittedTransformation {
  if (form === 'binarized') {
    const { config, inputColumns, takesBits, thresholds } = fitBinarizer(binarizer, features, shape);
    return { inputForm: form, config, inputColumns, takesBits, ...(thresholds && { thresholds }) };
  }
  const { columns, moments } = fitStandardizer(features, shape);
  return { inputForm: form, columns, ...(moments && { moments }) };
}

/**
 * The function that a fitted transformation describes. It changes nothing, and throws an ArgumentError for features
 * of other columns, or of another kind, than those it was fitted on.
 */
export function transformerOf(fitted: FittedTransformation): (features: Samples['features']) => Inputs {
  return fitted.inputForm === 'binarized'
    ? restoreBinarizer(fitted).apply
    : restoreStandardizer(fitted).apply;
}
