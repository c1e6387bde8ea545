import type { OnnxGraph } from './onnx-graph.js';
import { appendRepeated, appendReshaped, appendRunSums } from './pieces/maps.js';
import { appendBatchSize } from './pieces/over-batch.js';
import type { Piece } from './pieces/piece.js';

/** Keeps the length of an attention map of zeros above 0. */
const LENGTH_EPSILON = 1e-12;

/** Maps that are compared: the outputs of one piece in both networks, [B·P, C]. */
export interface ComparedMap {
  /** Index of the piece, the same in the network and its guide. */
  readonly piece: number;
  /** P. */
  readonly positions: number;
  /** C. */
  readonly channels: number;
}

/** A network that is not trained itself, and shows the one in training how. Its pieces predict. */
export interface Guide {
  /** Input side first, as many as those of the network; none of their parameters is trained. */
  readonly pieces: readonly Piece[];
  /** Weight of the loss of logits, see `appendDistillation`. */
  readonly distillation: number;
  /** T, above 0. */
  readonly temperature: number;
  /** Weight of the loss of maps, see `appendAttention`. */
  readonly attention: number;
  /** J ≥ 1 of them. */
  readonly maps: readonly ComparedMap[];
}

/**
 * Adds the gradient of the loss by which a network's logits Z are to be those Z° of its guide (Hinton, Vinyals, Dean, arXiv:1503.02531,
 * section 2):
 *
 *     loss = −w·T²/B · Σ_b Σ_c softmax(Z°/T)[b, c] · log softmax(Z/T)[b, c],   ∂loss/∂Z = w·T/B · (softmax(Z/T) − softmax(Z°/T))
 *
 * @param logits - names of Z and Z°, [B, C]
 * @param errors - name of what is to be added to
 * @returns the name of the sum
 */
export function appendDistillation(
  graph: OnnxGraph,
  { distillation, temperature }: Pick<Guide, 'distillation' | 'temperature'>,
  logits: readonly [own: string, guiding: string],
  errors: string,
): string {
  if (distillation === 0) return errors;
  const [own, guiding] = logits.map((values) => {
    const cooled = graph.node('Mul', [values, graph.constant('float32', 1 / temperature)]);
    return graph.node('Softmax', [cooled], { axis: { int: 1 } });
  });
  const difference = graph.node('Sub', [own, guiding]);
  const mean = graph.node('Div', [difference, appendBatchSize(graph, difference)]);
  const weight = graph.constant('float32', distillation * temperature);
  return graph.node('Add', [errors, graph.node('Mul', [mean, weight])]);
}

/**
 * Adds the gradient of the loss by which a network's maps A are to be large where those A° of its guide are (Zagoruyko and Komodakis,
 * arXiv:1612.03928, equation 2, of squared lengths; Martinez et al., arXiv:2003.11535). With q[p] = Σ_c A[p, c]² and q̂ = q/‖q‖ of each
 * sample, for the J maps that are compared:
 *
 *     loss = w/(J·B) · Σ_b ‖q̂ − q̂°‖²
 *     ∂loss/∂A[p, c] = 2·A[p, c] · (g − q̂·(q̂ᵀg))[p]/‖q‖,   g = 2w/(J·B) · (q̂ − q̂°)
 *
 * @param values - names of A and A°, [B·P, C]
 * @param errors - name of what is to be added to, [B·P, C]
 * @returns the name of the sum
 */
export function appendAttention(
  graph: OnnxGraph,
  { attention, maps }: Pick<Guide, 'attention' | 'maps'>,
  { positions, channels }: ComparedMap,
  values: readonly [own: string, guiding: string],
  errors: string,
): string {
  if (attention === 0) return errors;
  const asRows = (column: string): string => appendReshaped(graph, column, [-1, positions]);
  /** Sums over the positions of each sample, repeated at each of them. */
  const sums = (rows: string): string => {
    const ofSample = appendRunSums(graph, appendReshaped(graph, rows, [-1, 1]), positions, 1);
    return asRows(appendRepeated(graph, ofSample, positions, 1));
  };
  const [own, guiding] = values.map((name) => {
    const squares = appendReshaped(graph, graph.node('Mul', [name, name]), [-1, 1]);
    const q = asRows(appendRunSums(graph, squares, channels, 1));
    const square = graph.node('Add', [
      sums(graph.node('Mul', [q, q])),
      graph.constant('float32', LENGTH_EPSILON),
    ]);
    const length = graph.node('Sqrt', [square]);
    return { direction: graph.node('Div', [q, length]), length };
  });
  const difference = graph.node('Sub', [own.direction, guiding.direction]);
  const mean = graph.node('Div', [difference, appendBatchSize(graph, difference)]);
  const g = graph.node('Mul', [mean, graph.constant('float32', (2 * attention) / maps.length)]);
  const along = graph.node('Mul', [own.direction, sums(graph.node('Mul', [own.direction, g]))]);
  const byLength = graph.node('Div', [graph.node('Sub', [g, along]), own.length]);
  const twice = graph.node('Mul', [byLength, graph.constant('float32', 2)]);
  const repeated = appendRepeated(graph, appendReshaped(graph, twice, [-1, 1]), channels, 1);
  const slopes = graph.node('Mul', [values[0], appendReshaped(graph, repeated, [-1, channels])]);
  return graph.node('Add', [errors, slopes]);
}
