import { BitMatrix } from '../../core/bit-matrix.js';
import { signsOf } from '../../layers/float-signs.js';
import type { Network, RecurrentNetwork } from '../../layers/network.js';
import { weightParameters } from '../float/initial-weights.js';
import { weightsOf } from '../float/network.js';
import type { Optimizer } from '../float/optimizer.js';
import { layerName, type Parameter } from '../float/parameter.js';
import { chain } from '../float/pieces/chain.js';
import type { Piece } from '../float/pieces/piece.js';
import { sign } from '../float/pieces/sign.js';
import { type RecurrentFirst, type RecurrentOption, recurrentFirst } from '../float/recurrent-first.js';
import type { LearnerState, Problem } from '../rule.js';
import { type Normalization, normalizationPieces, PASS_BOUND, quantizedPieces } from './pieces.js';

/** What a network of signs is made of. */
export interface QuantizedOptions {
  /** Widths of the hidden layers, input side first. */
  readonly hidden: readonly number[];
  readonly normalization: Normalization;
  readonly optimizers: {
    /** Of latent weights. */
    readonly latent: Optimizer;
    /** Of scale and shift of batch normalization. */
    readonly normalization: Optimizer;
  };
}

/** A network of signs, to be trained and to predict. */
export interface QuantizedPlan {
  /** @param between - what stands between products and signs */
  pieces(between: Normalization): readonly Piece[];
  /** It as plain data; absent where it is of none of the kinds there are. */
  readonly network?: (values: LearnerState) => Network;
}

/**
 * The network of `qat` with a recurrent first layer, S_0 = 0 and a_t = sign(R x_t), or x_t:
 *
 *     Z_t = a_t·sign(W_xs)ᵀ + S_{t−1}·sign(W_ss)ᵀ,   S_t = sign(f_t(Z_t)),   layers behind as in qat.ts, on S_T
 *
 * trained as if sign were the identity around 0, through time as well. Batch normalization has statistics, scale and shift of its own for
 * each step, as statistics of states differ most at the first ones (Cooijmans, Ballas, Laurent, Gülçehre, Courville, arXiv:1603.09025, who
 * share scale and shift). Without it the network is the one that `bep-tt` trains, but for S_0.
 */
export function recurrentPlan(
  {
    hidden,
    normalization,
    optimizers,
    recurrent,
  }: QuantizedOptions & { readonly recurrent: RecurrentOption },
  { input, classes }: Problem,
): QuantizedPlan {
  const latent = { optimizer: optimizers.latent, hasSigns: true };
  const [neurons] = hidden;
  const behind = weightParameters([...hidden, classes], latent, 1);
  const firstWith = (between: Normalization): RecurrentFirst =>
    recurrentFirst(recurrent, input, neurons, latent, (step, inputs) => {
      const name = `${layerName(0)}/step-${step + 1}`;
      const size = { neurons, inputs };
      const normalized = normalizationPieces(name, size, between, optimizers.normalization);
      return chain([...normalized, sign(PASS_BOUND)]);
    });
  const first = firstWith(normalization);
  return {
    pieces: (between) => [
      firstWith(between).layer,
      ...quantizedPieces(behind, between, optimizers.normalization, 1),
    ],
    // Thresholds of their own for each step: no such network is known yet.
    ...(normalization !== 'batch-norm' && { network: (values) => recurrentNetwork(first, behind, values) }),
  };
}

function recurrentNetwork(
  { steps, expansion, ofInputs, ofState }: RecurrentFirst,
  behind: readonly Parameter[],
  values: LearnerState,
): RecurrentNetwork {
  const signs = (weights: Parameter): BitMatrix => signsOf(weightsOf(values, weights));
  const layers = behind.map(signs);
  return {
    kind: 'recurrent',
    steps,
    startState: 'zero',
    ...(expansion && { expansion: signs(expansion) }),
    ofInputs: signs(ofInputs),
    // With one step it was not trained, and is not looked at.
    ofState: steps > 1 ? signs(ofState) : new BitMatrix(ofState.shape[0], ofState.shape[1]),
    outputs: layers.slice(0, -1),
    classifier: layers[layers.length - 1],
  };
}
