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
import { type WindowOptions, type Windows, windowsOn, windowsSize } from './windows.js';

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
  const taps = options.kernel ** 2;
  const outside = positionsOf(map);
  const count = positionsOf(windowsSize(map, options));
  const appendShares = (graph: OnnxGraph, values: string, { seen }: Windows): string => {
    const rows = appendReshaped(graph, values, [-1, count * channels]);
    const shares = Array.from({ length: count }, (_, q) => {
      const inside = seen.slice(q * taps, (q + 1) * taps).filter((position) => position < outside);
      return new Array<number>(channels).fill(1 / inside.length);
    });
    const shared = graph.node('Mul', [rows, graph.constant('float32', shares.flat())]);
    return appendReshaped(graph, shared, [-1, channels]);
  };
  const appendMeans = (graph: OnnxGraph, inputs: string, windows: Windows): string => {
    const found = appendPositions(graph, inputs, [outside, channels], windows.seen, 0);
    return appendShares(graph, appendRunSums(graph, found, taps, channels), windows);
  };
  const values = count * taps * channels;
  const operations = values + count * channels;
  return {
    parameters: [],
    cost: { forward: operations, backward: operations, copied: 2 * values },
    forward(graph, inputs) {
      const windows = windowsOn(map, options);
      return {
        outputs: appendMeans(graph, inputs, windows),
        backward(errors) {
          // A window gives the same to each of its positions: which tap it was does not matter.
          const listed = windows.seenBy.map((entry) => Math.floor(entry / taps));
          const shares = appendShares(graph, errors, windows);
          const found = appendPositions(graph, shares, [count, channels], listed, 0);
          return appendRunSums(graph, found, windows.most, channels);
        },
      };
    },
    predict: (graph, inputs) => appendMeans(graph, inputs, windowsOn(map, options)),
  };
}

/**
 * The largest of what each window of a map sees, for each channel: [B·Q, C] from [B·P, C]. The gradient goes to it; where several are
 * largest, in equal shares. Comparisons are not counted as operations.
 * @param map - P
 * @param channels - C
 */
export function maxPool(map: MapSize, channels: number, options: WindowOptions): Piece {
  const taps = options.kernel ** 2;
  const appendSeen = (graph: OnnxGraph, inputs: string, { seen }: Windows): string => {
    const found = appendPositions(graph, inputs, [positionsOf(map), channels], seen, LOWEST);
    return appendReshaped(graph, found, [-1, taps, channels]);
  };
  const appendLargest = (graph: OnnxGraph, values: string): string =>
    graph.node('ReduceMax', [values], { axes: { ints: [1] }, keepdims: { int: 0 } });
  const values = positionsOf(windowsSize(map, options)) * taps * channels;
  return {
    parameters: [],
    cost: { backward: 3 * values, copied: 3 * values },
    forward(graph, inputs) {
      const windows = windowsOn(map, options);
      const found = appendSeen(graph, inputs, windows);
      const outputs = appendLargest(graph, found);
      return {
        outputs,
        backward(errors) {
          const { seen, seenBy, most } = windows;
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
    predict: (graph, inputs) => appendLargest(graph, appendSeen(graph, inputs, windowsOn(map, options))),
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
