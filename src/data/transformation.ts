import type { BitMatrix } from '../core/bit-matrix.js';
import { ArgumentError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import { type BinarizerConfig, type FittedBinarizer, fitBinarizer, restoreBinarizer } from './binarize.js';
import type { Samples } from './dataset.js';
import {
  type FittedStandardizer,
  fitStandardizer,
  restoreStandardizer,
  type SignRows,
  type StandardizedRows,
} from './standardize.js';
import { lastColumns } from './windows.js';

/** How features become what a network is shown: plain data, to be written down or sent to another thread. */
export type FittedTransformation = (
  | (FittedBinarizer & { readonly inputForm: 'binarized' })
  | (FittedStandardizer & { readonly inputForm: 'full-precision' })
) & {
  /** Columns in front that are not looked at: steps before the window of a sequence. Default 0. */
  readonly leftOut?: number | undefined;
};

/** Fits a transformation on training samples. @throws ArgumentError for a binarizer that does not fit them */
export function fitTransformation(
  form: FittedTransformation['inputForm'],
  binarizer: BinarizerConfig,
  features: Samples['features'],
  shape: Shape,
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
export function transformerOf(
  fitted: FittedTransformation,
): (features: Samples['features']) => BitMatrix | StandardizedRows | SignRows {
  const { leftOut = 0 } = fitted;
  const apply =
    fitted.inputForm === 'binarized' ? restoreBinarizer(fitted).apply : restoreStandardizer(fitted).apply;
  if (leftOut === 0) return apply;
  const { taken } = columnsOf(fitted);
  return (features) => {
    if (features.columns !== taken) throw new ArgumentError('features', `${taken} columns`, features.columns);
    return apply(lastColumns(features, taken - leftOut));
  };
}

/** Columns that it takes, and columns that it gives. */
export function columnsOf(fitted: FittedTransformation): { readonly taken: number; readonly given: number } {
  const { leftOut = 0 } = fitted;
  if (fitted.inputForm === 'full-precision')
    return { taken: leftOut + fitted.columns, given: fitted.columns };
  const { inputColumns, thresholds } = fitted;
  return { taken: leftOut + inputColumns, given: thresholds?.length ?? inputColumns };
}
