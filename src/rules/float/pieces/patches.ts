import type { OnnxGraph } from '../onnx-graph.js';
import { appendPositions, appendReshaped, appendRunSums, type MapSize, positionsOf } from './maps.js';
import type { Piece } from './piece.js';
import { type WindowOptions, type Windows, windowsOn, windowsSize } from './windows.js';

/**
 * What each window of a map sees, as one row: a product with weights [K, k²·C] is then a convolution, K channels for each window (Chellapilla,
 * Puri, Simard, "High performance convolutional neural networks for document processing", 2006).
 *
 *     Y[b·Q + q, t·C + c] = X[b·P + p(q, t), c], or the padding     ∂loss/∂X[b·P + p, c] = Σ over (q, t) with p(q, t) = p of D
 *
 * [B·Q, k²·C] from [B·P, C], taps t of a window row after row, channels last. The padding gets no gradient. An addition for each value on the
 * way back.
 * @param map - P
 * @param channels - C
 * @param padding - what lies outside: 0 for floats, −1 or +1 for signs
 */
export function patches(map: MapSize, channels: number, options: WindowOptions, padding: number): Piece {
  const taps = options.kernel ** 2;
  const size = [positionsOf(map), channels] as const;
  const values = positionsOf(windowsSize(map, options)) * taps * channels;
  const appendPatches = (graph: OnnxGraph, inputs: string, { seen }: Windows): string => {
    const isPadded = seen.includes(positionsOf(map));
    const found = appendPositions(graph, inputs, size, seen, isPadded ? padding : undefined);
    return appendReshaped(graph, found, [-1, taps * channels]);
  };
  return {
    parameters: [],
    cost: { backward: values, copied: 2 * values },
    forward(graph, inputs) {
      const windows = windowsOn(map, options);
      return {
        outputs: appendPatches(graph, inputs, windows),
        backward(errors) {
          const { seen, seenBy, most } = windows;
          const entries = appendPositions(graph, errors, [seen.length, channels], seenBy, 0);
          return appendRunSums(graph, entries, most, channels);
        },
      };
    },
    predict: (graph, inputs) => appendPatches(graph, inputs, windowsOn(map, options)),
  };
}
