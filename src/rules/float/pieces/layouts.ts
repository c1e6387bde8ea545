import { channelColumns, type ImageShape } from '../../../core/shape.js';
import type { OnnxGraph } from '../onnx-graph.js';
import { appendReshaped } from './maps.js';
import type { Piece } from './piece.js';

/**
 * Images as they come, [B, C·P] in the layout of their shape, to maps [B·P, C]: a permutation of columns.
 * @param shape - of the images
 */
export function channelsLast(shape: ImageShape): Piece {
  const columns = channelColumns(shape);
  const positions = columns[0].length;
  const order = Array.from({ length: positions * columns.length }, (_, i) => {
    const channel = i % columns.length;
    return columns[channel][(i - channel) / columns.length];
  });
  const back = new Array<number>(order.length);
  for (const [to, from] of order.entries()) back[from] = to;
  const isSame = order.every((from, to) => from === to);
  const permuted = (graph: OnnxGraph, values: string, listed: readonly number[]): string =>
    isSame ? values : graph.node('Gather', [values, graph.constant('int32', listed)], { axis: { int: 1 } });
  const forward: Piece['predict'] = (graph, inputs) =>
    appendReshaped(graph, permuted(graph, inputs, order), [-1, columns.length]);
  return {
    parameters: [],
    cost: {},
    forward: (graph, inputs) => ({
      outputs: forward(graph, inputs),
      backward: (errors) => permuted(graph, appendReshaped(graph, errors, [-1, order.length]), back),
    }),
    predict: forward,
  };
}

/**
 * Maps as rows: [B, P·C] from [B·P, C], the same values.
 * @param positions - P
 * @param channels - C
 */
export function flattened(positions: number, channels: number): Piece {
  const forward: Piece['predict'] = (graph, inputs) =>
    appendReshaped(graph, inputs, [-1, positions * channels]);
  return {
    parameters: [],
    cost: {},
    forward: (graph, inputs) => ({
      outputs: forward(graph, inputs),
      backward: (errors) => appendReshaped(graph, errors, [-1, channels]),
    }),
    predict: forward,
  };
}
