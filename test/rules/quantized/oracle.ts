/**
 * A second implementation of networks of signs in double precision. It has no backward pass at all: the
 * straight-through estimator is the exact gradient of a surrogate loss, in which sign(x) is replaced by
 * sign(x₀) + clip(x) − clip(x₀) with x₀ held fixed at the point of interest, and that is taken by central differences.
 * Shares no code with the graphs.
 */
import type { AdamOptions, Batch } from '../float/mlp-oracle.js';

/** Parameters by the names of a learner's state, row after row. */
export type Values = Record<string, number[]>;

/** How one layer computes. */
export interface LayerKind {
  /** What multiplies the inputs: the weights, or their signs. */
  readonly weights: 'real' | 'sign';
  /** Y from the product Z. */
  readonly output: 'product' | 'over-root-inputs' | 'times-scale' | 'batch-norm';
  /** What the next layer is shown of Y. */
  readonly activation: 'sign' | 'clip';
}

/** A network: its widths N, K₁ …, C and its layers, input side first. */
export interface Oracle {
  readonly widths: readonly number[];
  readonly layers: readonly LayerKind[];
}

/** What each layer computed: rows of Z and of Y. */
interface Trace {
  readonly products: number[][][];
  readonly outputs: number[][][];
}

/** The point at which a surrogate agrees with the network. */
interface Anchor {
  readonly values: Values;
  readonly trace: Trace;
}

/** Just beyond 1, so that |x| = 1, which counts as inside, is no corner. */
const CORNER = 1 + 1e-4;
const EPSILON = 1e-3;

const sign = (x: number): number => (x >= 0 ? 1 : -1);
const clip = (x: number): number => Math.max(-CORNER, Math.min(CORNER, x));
const straight = (x: number, anchor: number): number => sign(anchor) + (clip(x) - clip(anchor));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Mean and variance over the batch of every unit. */
export function batchStatistics(rows: readonly (readonly number[])[]): { mean: number; variance: number }[] {
  return rows[0].map((_, k) => {
    const column = rows.map((row) => row[k]);
    const centre = mean(column);
    return { mean: centre, variance: mean(column.map((z) => (z - centre) ** 2)) };
  });
}

/** Runs a batch through the network, or through its surrogate at `anchor`. */
export function runForward(oracle: Oracle, values: Values, inputs: Batch['inputs'], anchor?: Anchor): Trace {
  const products: number[][][] = [];
  const outputs: number[][][] = [];
  let shown = inputs.map((row) => [...row]);
  oracle.layers.forEach(({ weights, output, activation }, l) => {
    const columns = oracle.widths[l];
    const prefix = `layer-${l + 1}`;
    const latent = values[`${prefix}/weights`];
    const fixed = anchor?.values[`${prefix}/weights`] ?? latent;
    const used = weights === 'real' ? latent : latent.map((w, i) => straight(w, fixed[i]));
    const z = shown.map((row) =>
      Array.from({ length: oracle.widths[l + 1] }, (_, k) =>
        sum(row.map((a, n) => a * used[k * columns + n])),
      ),
    );
    const y = outputOf(output, z, values, prefix, columns);
    products.push(z);
    outputs.push(y);
    const from = anchor?.trace.outputs[l] ?? y;
    shown = y.map((row, b) =>
      row.map((value, k) =>
        activation === 'clip' ? Math.max(-1, Math.min(1, value)) : straight(value, from[b][k]),
      ),
    );
  });
  return { products, outputs };
}

function outputOf(
  kind: LayerKind['output'],
  z: number[][],
  values: Values,
  prefix: string,
  columns: number,
): number[][] {
  if (kind === 'product') return z;
  if (kind === 'over-root-inputs') return z.map((row) => row.map((value) => value / Math.sqrt(columns)));
  const scale = values[`${prefix}/scale`];
  if (kind === 'times-scale') return z.map((row) => row.map((value) => value * scale[0]));
  const shift = values[`${prefix}/shift`];
  const statistics = batchStatistics(z);
  return z.map((row) =>
    row.map((value, k) => {
      const { mean: centre, variance } = statistics[k];
      return (scale[k] * (value - centre)) / Math.sqrt(variance + EPSILON) + shift[k];
    }),
  );
}

/** Mean of −log softmax of the last outputs at the labels. */
export function meanLoss(oracle: Oracle, values: Values, batch: Batch, anchor?: Anchor): number {
  const { outputs } = runForward(oracle, values, batch.inputs, anchor);
  const losses = outputs[outputs.length - 1].map((logits, b) => {
    const largest = Math.max(...logits);
    const total = sum(logits.map((y) => Math.exp(y - largest)));
    return largest + Math.log(total) - logits[batch.labels[b]];
  });
  return mean(losses);
}

/** Number of samples whose largest logit, the lowest on ties, is at the label. */
export function rightCount(oracle: Oracle, values: Values, { inputs, labels }: Batch): number {
  const { outputs } = runForward(oracle, values, inputs);
  return outputs[outputs.length - 1].filter((y, b) => y.indexOf(Math.max(...y)) === labels[b]).length;
}

/** Gradient by the parameters `names` of the straight-through surrogate, by central differences. */
export function gradient(oracle: Oracle, values: Values, batch: Batch, names: readonly string[]): Values {
  const anchor = { values: structuredClone(values), trace: runForward(oracle, values, batch.inputs) };
  const moved = structuredClone(values);
  const step = 1e-6;
  const slope = (name: string, i: number): number => {
    const at = (shift: number): number => {
      moved[name][i] = values[name][i] + shift;
      return meanLoss(oracle, moved, batch, anchor);
    };
    const difference = (at(step) - at(-step)) / (2 * step);
    moved[name][i] = values[name][i];
    return difference;
  };
  return Object.fromEntries(names.map((name) => [name, values[name].map((_, i) => slope(name, i))]));
}

/** Adam as in the paper, with its moments by parameter. */
export class AdamOracle {
  readonly #first: Values = {};
  readonly #second: Values = {};
  #step = 0;

  constructor(readonly options: AdamOptions) {}

  /** One step along `slopes`; weights are clipped to ±1 where `isClipped` says so. */
  descend(values: Values, slopes: Values, isClipped: (name: string) => boolean): void {
    const { learningRate, beta1, beta2, epsilon } = this.options;
    this.#step++;
    for (const [name, slope] of Object.entries(slopes)) {
      this.#first[name] ??= slope.map(() => 0);
      this.#second[name] ??= slope.map(() => 0);
      slope.forEach((g, i) => {
        this.#first[name][i] = beta1 * this.#first[name][i] + (1 - beta1) * g;
        this.#second[name][i] = beta2 * this.#second[name][i] + (1 - beta2) * g * g;
        const first = this.#first[name][i] / (1 - beta1 ** this.#step);
        const second = this.#second[name][i] / (1 - beta2 ** this.#step);
        const next = values[name][i] - (learningRate * first) / (Math.sqrt(second) + epsilon);
        values[name][i] = isClipped(name) ? Math.max(-1, Math.min(1, next)) : next;
      });
    }
  }
}
