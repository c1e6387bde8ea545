import type { LocalErrorConfig } from './config.js';

/** Which layers there are and which of them are trained, epoch by epoch. */
export interface LayerOrder {
  /** The layer that the network ends at in epoch `epoch`, from 0. */
  last(epoch: number): number;
  /** The first layer that is trained while the network ends at layer `last`; those from it to `last` are. */
  firstTrained(last: number): number;
}

/** All layers at once, as in the paper. */
function simultaneous(layers: number): LayerOrder {
  return { last: () => layers - 1, firstTrained: () => 0 };
}

/** One layer after the other, input side first, each for `epochsPerLayer` epochs and the last for all that are left. */
function greedy(layers: number, epochsPerLayer: number): LayerOrder {
  return {
    last: (epoch) => Math.min(Math.floor(epoch / epochsPerLayer), layers - 1),
    firstTrained: (last) => last,
  };
}

/** The order that a configuration asks for. */
export function layerOrder({ layers, greedy: turns }: LocalErrorConfig): LayerOrder {
  return turns ? greedy(layers.length, turns.epochsPerLayer) : simultaneous(layers.length);
}
