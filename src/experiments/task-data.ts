import { type BinarizerConfig, fitBinarizer } from '../datasets/binarize.js';
import type { Dataset, FeatureShape, Samples } from '../datasets/dataset.js';
import { fitStandardizer } from '../datasets/standardize.js';
import type { InputForm, Inputs, LabelledInputs } from '../rules/rule.js';

/** A data set in the form that a rule is shown. */
export interface TaskData {
  readonly train: LabelledInputs;
  readonly validation?: LabelledInputs;
  readonly test: LabelledInputs;
  /** Columns that the network sees. */
  readonly inputs: number;
  readonly inputForm: InputForm;
  /** Brings further features of the same data set into this form. */
  transform(features: Samples['features']): Inputs;
}

/** The median over what varies together: a channel of an image, or a single feature. */
export function defaultBinarizer(shape: FeatureShape): BinarizerConfig {
  return { kind: 'median', per: shape.kind === 'image' ? 'channel' : 'feature' };
}

/** Fits the transformation on the training samples and applies it to all. */
export function prepareTaskData(dataset: Dataset, form: InputForm, binarizer: BinarizerConfig): TaskData {
  const { train, validation, test, featureShape } = dataset;
  const transform =
    form === 'binarized'
      ? fitBinarizer(binarizer, train.features, featureShape).apply
      : fitStandardizer(train.features, featureShape).apply;
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
    transform,
  };
}
