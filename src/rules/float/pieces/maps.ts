import type { OnnxGraph } from '../onnx-graph.js';

/**
 * The size of feature maps. A batch of B samples with C channels at each of P = height · width positions is a matrix [B·P, C]: a row for
 * each position, positions row after row, channels last. So what pieces do for columns they do for channels, and for all positions alike.
 */
export interface MapSize {
  readonly height: number;
  readonly width: number;
}

/** P. */
export function positionsOf({ height, width }: MapSize): number {
  return height * width;
}

/**
 * Adds what lies at some positions of maps.
 * @param values - name of [B·P, C]
 * @param size - P and C
 * @param listed - Q positions, from 0; P stands for a position outside, where all channels are `padding`
 * @param padding - default: no position is outside
 * @returns the name of [B·Q, C]
 */
export function appendPositions(
  graph: OnnxGraph,
  values: string,
  [positions, channels]: readonly [positions: number, channels: number],
  listed: readonly number[],
  padding?: number,
): string {
  const maps = appendReshaped(graph, values, [-1, positions, channels]);
  const oneMore = graph.constant('int64', [0, 0, 0, 0, 1, 0]);
  const whole =
    padding === undefined ? maps : graph.node('Pad', [maps, oneMore, graph.constant('float32', padding)]);
  const found = graph.node('Gather', [whole, graph.constant('int32', listed)], { axis: { int: 1 } });
  return appendReshaped(graph, found, [-1, channels]);
}

/**
 * Adds the sums of runs of consecutive rows.
 * @param values - name of [R·m, C]
 * @param run - m
 * @param channels - C
 * @returns the name of [R, C]
 */
export function appendRunSums(graph: OnnxGraph, values: string, run: number, channels: number): string {
  const runs = appendReshaped(graph, values, [-1, run, channels]);
  return graph.node('ReduceSum', [runs, graph.constant('int64', [1])], { keepdims: { int: 0 } });
}

/**
 * Adds each row `times` times, one after the other: the adjoint of `appendRunSums`.
 * @param values - name of [R, C]
 * @returns the name of [R·times, C]
 */
export function appendRepeated(graph: OnnxGraph, values: string, times: number, channels: number): string {
  return appendPositions(graph, values, [1, channels], new Array<number>(times).fill(0));
}

/** Adds the same values as another matrix; a size of −1 is what is left. @returns its name */
export function appendReshaped(graph: OnnxGraph, values: string, sizes: readonly number[]): string {
  return graph.node('Reshape', [values, graph.constant('int64', sizes)]);
}
