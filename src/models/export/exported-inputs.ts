import { ArgumentError } from '../../core/errors.js';
import { type FittedBinarizer, quantitiesOf } from '../../data/binarize.js';
import type { FittedTransformation } from '../../data/transformation.js';
import type { ConvolutionalNetwork, Network } from '../../layers/network.js';
import type { ModelParts } from '../model.js';
import { floorFloat32 } from './floor-float32.js';

/** How D features become the N numbers that the first layer is shown. */
export interface ExportedInputs {
  /**
   * `thresholds`: ±1, x > t. `own-median`: ±1, above the lower median of the sample's own features. `standardized`: (x − mean) · scale.
   * `signs`: ±1 as they are.
   */
  readonly form: 'thresholds' | 'own-median' | 'standardized' | 'signs';
  /** D. */
  readonly features: number;
  /** N / D. */
  readonly levels: number;
}

/** What other programs' formats hold. */
export type ExportableNetwork = Exclude<Network, ConvolutionalNetwork>;

/** @throws ArgumentError for a network that its learner does not describe, or one of convolutions, which no format holds yet */
export function networkOf({ network, record }: Pick<ModelParts, 'network' | 'record'>): ExportableNetwork {
  if (network?.kind === 'convolutional') {
    throw new ArgumentError(
      'model',
      'a network without convolutions, which are not exported yet',
      record.rule.name,
    );
  }
  if (network) return network;
  throw new ArgumentError('model', 'one whose learner describes its network', record.rule.name);
}

/** How features become inputs. @throws ArgumentError where some have several bits and others one: numbers beside categories */
export function inputsOf(fitted: FittedTransformation): ExportedInputs {
  if (fitted.inputForm === 'full-precision') {
    return { form: fitted.moments ? 'standardized' : 'signs', features: fitted.columns, levels: 1 };
  }
  const { inputColumns, takesBits, thresholds } = fitted;
  checkLevels(fitted);
  const form = takesBits || thresholds ? 'thresholds' : 'own-median';
  return { form, features: inputColumns, levels: (thresholds?.length ?? inputColumns) / inputColumns };
}

/**
 * The thresholds of inputs of that form, as 32-bit floats that tell 32-bit floats apart as the 64-bit ones do: rounded down. Bits, which are
 * taken as ±1, have 0.
 * @throws ArgumentError as `inputsOf`
 */
export function inputThresholds(fitted: FittedTransformation): Float32Array | undefined {
  if (fitted.inputForm === 'full-precision') return undefined;
  if (fitted.takesBits) return new Float32Array(fitted.inputColumns);
  checkLevels(fitted);
  return fitted.thresholds && Float32Array.from(fitted.thresholds, floorFloat32);
}

function checkLevels(fitted: FittedBinarizer): void {
  const { inputColumns, thresholds } = fitted;
  const quantities = thresholds ? quantitiesOf(fitted, thresholds.length) : 0;
  if (quantities === 0 || quantities === inputColumns) return;
  const expected = 'one whose features all have as many bits, no thermometer beside columns of categories';
  throw new ArgumentError('model', expected, `${quantities} of ${inputColumns} features with several`);
}
