import type { BitMatrix } from '../core/bit-matrix.js';
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

/** How features become what a network is shown: plain data, to be written down or sent to another thread. */
export type FittedTransformation =
  | (FittedBinarizer & { readonly inputForm: 'binarized' })
  | (FittedStandardizer & { readonly inputForm: 'full-precision' });

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
  return fitted.inputForm === 'binarized'
    ? restoreBinarizer(fitted).apply
    : restoreStandardizer(fitted).apply;
}

/** Columns that it takes, and columns that it gives. */
export function columnsOf(fitted: FittedTransformation): { readonly taken: number; readonly given: number } {
  if (fitted.inputForm === 'full-precision') return { taken: fitted.columns, given: fitted.columns };
  const { inputColumns, thresholds } = fitted;
  return { taken: inputColumns, given: thresholds?.length ?? inputColumns };
}
