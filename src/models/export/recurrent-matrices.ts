import type { BitMatrix } from '../../core/bit-matrix.js';
import type { RecurrentNetwork } from '../../layers/network.js';

/** The matrices of a recurrent network by their names in files, input side first. */
export function recurrentMatrices(network: RecurrentNetwork): readonly (readonly [string, BitMatrix])[] {
  const { expansion, ofInputs, ofState, outputs, classifier } = network;
  return [
    ...(expansion ? [['expansion.weights', expansion] as const] : []),
    ['recurrent.input_weights', ofInputs],
    ['recurrent.state_weights', ofState],
    ...outputs.map((weights, l) => [`output${l + 1}.weights`, weights] as const),
    ['classifier', classifier],
  ];
}
