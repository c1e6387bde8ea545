import type { OnnxGraph } from '../onnx-graph.js';
import type { Optimizer } from '../optimizer.js';
import type { Parameter } from '../parameter.js';
import { appendReshaped, type MapSize, positionsOf } from './maps.js';
import { appendBatchSize, appendMeanOverBatch } from './over-batch.js';
import { appendGradient, type Piece } from './piece.js';

/**
 * Maps scaled by a product of three vectors (Bulat and Tzimiropoulos, XNOR-Net++, arXiv:1909.13863, equation 8, case 4):
 *
 *     Γ[h, w, c] = α_h[h] · α_w[w] · α_c[c],   Y = X ⊙ Γ,   ∂loss/∂X = D ⊙ Γ,   G = Σ_b D ⊙ X
 *     ∂loss/∂α_h = Σ_{w, c} G·α_w·α_c, and so on
 *
 * Each is 1 at first.
 * @param layer - prefix of their names: `layer-2` for `layer-2/row-scale`, `column-scale` and `channel-scale`
 * @param map - P
 * @param channels - C
 * @param optimizer - of all three
 */
export function mapScaling(layer: string, map: MapSize, channels: number, optimizer: Optimizer): Piece {
  const { height, width } = map;
  const entries = positionsOf(map) * channels;
  const ones = (part: string, length: number): Parameter => ({
    name: `${layer}/${part}`,
    shape: [length],
    initial: () => new Float32Array(length).fill(1),
    optimizer,
  });
  const rows = ones('row-scale', height);
  const columns = ones('column-scale', width);
  const ofChannels = ones('channel-scale', channels);
  const indices = (of: (entry: number) => number): number[] =>
    Array.from({ length: entries }, (_, i) => of(i));
  // Where the factor of each entry of a map stands.
  const places = [
    { parameter: rows, at: (i: number) => Math.floor(i / (width * channels)) },
    { parameter: columns, at: (i: number) => Math.floor(i / channels) % width },
    { parameter: ofChannels, at: (i: number) => i % channels },
  ];
  const appendFactors = (graph: OnnxGraph): string[] =>
    places.map(({ parameter: { name, shape }, at }) =>
      graph.node('Gather', [graph.input(name, 'float32', shape), graph.constant('int32', indices(at))], {
        axis: { int: 0 },
      }),
    );
  const appendScaled = (graph: OnnxGraph, values: string, scale: string): string => {
    const whole = appendReshaped(graph, values, [-1, entries]);
    return appendReshaped(graph, graph.node('Mul', [whole, scale]), [-1, channels]);
  };
  const appendScale = (graph: OnnxGraph, [h, w, c]: readonly string[]): string =>
    graph.node('Mul', [graph.node('Mul', [h, w]), c]);
  const appendSum = (graph: OnnxGraph, values: string, sizes: readonly number[], axis: number): string =>
    graph.node('ReduceSum', [appendReshaped(graph, values, sizes), graph.constant('int64', [axis])], {
      keepdims: { int: 0 },
    });
  return {
    parameters: [rows, columns, ofChannels],
    cost: { forward: entries, backward: entries, gradient: 2 * entries, batch: 13 * entries },
    forward(graph, inputs) {
      const [h, w, c] = appendFactors(graph);
      const scale = appendScale(graph, [h, w, c]);
      return {
        outputs: appendScaled(graph, inputs, scale),
        backward(errors) {
          const products = appendReshaped(graph, graph.node('Mul', [errors, inputs]), [-1, entries]);
          const slopes = graph.node('Mul', [
            appendMeanOverBatch(graph, products),
            appendBatchSize(graph, products),
          ]);
          const slopesBy = (other: string, another: string): string =>
            graph.node('Mul', [graph.node('Mul', [slopes, other]), another]);
          const ofColumns = appendSum(graph, slopesBy(h, c), [height, width * channels], 0);
          const sums = { keepdims: { int: 0 } } as const;
          const last = graph.constant('int64', [1]);
          const asRows = appendReshaped(graph, slopesBy(w, c), [height, width * channels]);
          appendGradient(graph, rows, 'ReduceSum', [asRows, last], sums);
          const asColumns = appendReshaped(graph, ofColumns, [width, channels]);
          appendGradient(graph, columns, 'ReduceSum', [asColumns, last], sums);
          const asChannels = appendReshaped(graph, slopesBy(h, w), [height * width, channels]);
          appendGradient(graph, ofChannels, 'ReduceSum', [asChannels, graph.constant('int64', [0])], sums);
          return appendScaled(graph, errors, scale);
        },
      };
    },
    predict: (graph, inputs) => appendScaled(graph, inputs, appendScale(graph, appendFactors(graph))),
  };
}
