import { channelsLastColumns, type ImageShape } from '../../../core/shape.js';
import type { OnnxGraph } from '../onnx-graph.js';
import { appendReshaped } from './maps.js';
import type { Piece } from './piece.js';

/**
 * Images as they come, [B, C·P] in the layout of their shape, to maps [B·P, C]: a permutation of columns.
 * @param shape - of the images
 */
export function channelsLast(shape: ImageShape): Piece {
  const { channels, height, width } = shape;
  /** Which column stands where, and the other way round; nothing where they stand so already. */
  const orders = (): { readonly order: number[]; readonly back: number[] } | undefined => {
    const columns = channelsLastColumns(shape);
    if (!columns) return undefined;
    const back = new Array<number>(columns.length);
    for (const [to, from] of columns.entries()) back[from] = to;
    return { order: [...columns], back };
  };
  const permuted = (graph: OnnxGraph, values: string, listed: readonly number[] | undefined): string =>
    listed ? graph.node('Gather', [values, graph.constant('int32', listed)], { axis: { int: 1 } }) : values;
  const forward: Piece['predict'] = (graph, inputs) =>
    appendReshaped(graph, permuted(graph, inputs, orders()?.order), [-1, channels]);
  return {
    parameters: [],
    cost: {},
    forward: (graph, inputs) => ({
      outputs: forward(graph, inputs),
      backward: (errors) =>
        permuted(graph, appendReshaped(graph, errors, [-1, channels * height * width]), orders()?.back),
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
