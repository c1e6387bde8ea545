import type { OnnxGraph } from '../onnx-graph.js';
import {
  appendPositions,
  appendRepeated,
  appendReshaped,
  appendRunSums,
  type MapSize,
  positionsOf,
} from './maps.js';
import type { Piece } from './piece.js';
import { type WindowOptions, windowsOn } from './windows.js';

/** Below all numbers of use: what lies outside is never the largest. */
const LOWEST = -3e38;

/**
 * The mean of what each window of a map sees inside it, for each channel: [B·Q, C] from [B·P, C].
 *
 *     Y_q = 1/n_q · Σ_p X_p over the n_q positions p of window q,   ∂loss/∂X_p = Σ_q D_q/n_q over the windows q that see p
 *
 * @param map - P
 * @param channels - C
 */
export function averagePool(map: MapSize, channels: number, options: WindowOptions): Piece {
  const { taps, seen, seenBy, most } = windowsOn(map, options);
  const outside = positionsOf(map);
  const windows = seen.length / taps;
  const shares = Array.from({ length: windows }, (_, window) => {
    const inside = seen.slice(window * taps, (window + 1) * taps).filter((position) => position < outside);
    return new Array<number>(channels).fill(1 / inside.length);
  }).flat();
  const appendShares = (graph: OnnxGraph, values: string): string => {
    const rows = appendReshaped(graph, values, [-1, windows * channels]);
    const shared = graph.node('Mul', [rows, graph.constant('float32', shares)]);
    return appendReshaped(graph, shared, [-1, channels]);
  };
  const forward: Piece['predict'] = (graph, inputs) => {
    const found = appendPositions(graph, inputs, [outside, channels], seen, 0);
    return appendShares(graph, appendRunSums(graph, found, taps, channels));
  };
  const values = seen.length * channels;
  return {
    parameters: [],
    cost: { forward: values + shares.length, backward: values + shares.length, copied: 2 * values },
    forward: (graph, inputs) => ({
      outputs: forward(graph, inputs),
      backward(errors) {
        // A window gives the same to each of its positions: which tap it was does not matter.
        const listed = seenBy.map((entry) => Math.floor(entry / taps));
        const found = appendPositions(graph, appendShares(graph, errors), [windows, channels], listed, 0);
        return appendRunSums(graph, found, most, channels);
      },
    }),
    predict: forward,
  };
}

/**
 * The largest of what each window of a map sees, for each channel: [B·Q, C] from [B·P, C]. The gradient goes to it; where several are
 * largest, in equal shares. Comparisons are not counted as operations.
 * @param map - P
 * @param channels - C
 */
export function maxPool(map: MapSize, channels: number, options: WindowOptions): Piece {
  const { taps, seen, seenBy, most } = windowsOn(map, options);
  const appendSeen = (graph: OnnxGraph, inputs: string): string =>
    appendReshaped(graph, appendPositions(graph, inputs, [positionsOf(map), channels], seen, LOWEST), [
      -1,
      taps,
      channels,
    ]);
  const appendLargest = (graph: OnnxGraph, values: string): string =>
    graph.node('ReduceMax', [values], { axes: { ints: [1] }, keepdims: { int: 0 } });
  const values = seen.length * channels;
  return {
    parameters: [],
    cost: { backward: 3 * values, copied: 3 * values },
    forward(graph, inputs) {
      const found = appendSeen(graph, inputs);
      const outputs = appendLargest(graph, found);
      return {
        outputs,
        backward(errors) {
          const each = appendRepeated(graph, outputs, taps, channels);
          const isLargest = graph.node('GreaterOrEqual', [
            appendReshaped(graph, found, [-1, channels]),
            each,
          ]);
          const ones = graph.node('Cast', [isLargest], { to: { int: 1 } });
          const share = graph.node('Div', [errors, appendRunSums(graph, ones, taps, channels)]);
          const shares = graph.node('Mul', [appendRepeated(graph, share, taps, channels), ones]);
          const back = appendPositions(graph, shares, [seen.length, channels], seenBy, 0);
          return appendRunSums(graph, back, most, channels);
        },
      };
    },
    predict: (graph, inputs) => appendLargest(graph, appendSeen(graph, inputs)),
  };
}

/**
 * The mean of each channel over all positions: [B, C] from [B·P, C].
 *
 *     Y = 1/P · Σ_p X_p,   ∂loss/∂X_p = D/P
 *
 * @param positions - P
 * @param channels - C
 */
export function globalAveragePool(positions: number, channels: number): Piece {
  const appendShare = (graph: OnnxGraph, values: string): string =>
    graph.node('Mul', [values, graph.constant('float32', 1 / positions)]);
  const forward: Piece['predict'] = (graph, inputs) =>
    appendShare(graph, appendRunSums(graph, inputs, positions, channels));
  return {
    parameters: [],
    cost: { forward: (positions + 1) * channels, backward: channels },
    forward: (graph, inputs) => ({
      outputs: forward(graph, inputs),
      backward: (errors) => appendRepeated(graph, appendShare(graph, errors), positions, channels),
    }),
    predict: forward,
  };
}
