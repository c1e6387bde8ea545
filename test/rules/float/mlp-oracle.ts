/**
 * A second, slow implementation of the network in double precision, one sample at a time: the tests' measure of
 * right and wrong. Shares no code with the graph.
 */

/** One layer's weights: `matrix[k][n]` weighs input n of neuron k. */
export type Weights = number[][][];

/** A batch: rows of inputs with their labels. */
export interface Batch {
  readonly inputs: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** What each layer is shown and, last, the logits. */
function forward(weights: Weights, inputs: readonly number[]): number[][] {
  const values = [[...inputs]];
  weights.forEach((matrix, layer) => {
    const sums = matrix.map((row) => row.reduce((sum, w, n) => sum + w * values[layer][n], 0));
    values.push(layer === weights.length - 1 ? sums : sums.map((z) => Math.max(0, z)));
  });
  return values;
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - largest));
  const total = powers.reduce((sum, p) => sum + p, 0);
  return powers.map((p) => p / total);
}

/** Mean of −log softmax at the label. */
export function meanLoss(weights: Weights, { inputs, labels }: Batch): number {
  const losses = inputs.map((row, b) => -Math.log(softmax(forward(weights, row)[weights.length])[labels[b]]));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Index of the largest logit, the lowest on ties. */
export function predictClass(weights: Weights, inputs: readonly number[]): number {
  const logits = forward(weights, inputs)[weights.length];
  return logits.indexOf(Math.max(...logits));
}

/** Gradient of `meanLoss` by back-propagation, accumulated over samples, neurons and inputs one by one. */
export function backpropagate(weights: Weights, { inputs, labels }: Batch): Weights {
  const gradient = weights.map((matrix) => matrix.map((row) => row.map(() => 0)));
  inputs.forEach((row, b) => {
    const values = forward(weights, row);
    let errors = softmax(values[weights.length]).map((p, c) => (c === labels[b] ? p - 1 : p));
    for (let layer = weights.length - 1; layer >= 0; layer--) {
      const shown = values[layer];
      const below = shown.map(() => 0);
      errors.forEach((error, k) => {
        shown.forEach((activation, n) => {
          gradient[layer][k][n] += (error * activation) / labels.length;
          if (activation > 0) below[n] += error * weights[layer][k][n];
        });
      });
      errors = below;
    }
  });
  return gradient;
}

/** Gradient of `meanLoss` by central differences. */
export function differentiate(weights: Weights, batch: Batch, step = 1e-6): Weights {
  return weights.map((matrix) =>
    matrix.map((row) =>
      row.map((weight, n) => {
        row[n] = weight + step;
        const above = meanLoss(weights, batch);
        row[n] = weight - step;
        const below = meanLoss(weights, batch);
        row[n] = weight;
        return (above - below) / (2 * step);
      }),
    ),
  );
}

/** Applies `combine` to corresponding entries. */
export function zip(a: Weights, b: Weights, combine: (x: number, y: number) => number): Weights {
  return a.map((matrix, l) => matrix.map((row, k) => row.map((x, n) => combine(x, b[l][k][n]))));
}

/** Weights after `batches` of gradient descent with momentum, velocity starting at 0. */
export function descend(start: Weights, batches: readonly Batch[], rate: number, momentum: number): Weights {
  let weights = start;
  let velocity = zip(start, start, () => 0);
  for (const batch of batches) {
    velocity = zip(velocity, backpropagate(weights, batch), (v, g) => momentum * v + g);
    weights = zip(weights, velocity, (w, v) => w - rate * v);
  }
  return weights;
}

/** Constants of Adam. */
export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Weights after `batches` of Adam, written as in the paper: corrected moments first, then the step. */
export function descendByAdam(start: Weights, batches: readonly Batch[], options: AdamOptions): Weights {
  const { learningRate, beta1, beta2, epsilon } = options;
  let weights = start;
  let first = zip(start, start, () => 0);
  let second = zip(start, start, () => 0);
  batches.forEach((batch, i) => {
    const gradient = backpropagate(weights, batch);
    first = zip(first, gradient, (m, g) => beta1 * m + (1 - beta1) * g);
    second = zip(second, gradient, (v, g) => beta2 * v + (1 - beta2) * g * g);
    const corrected = zip(first, second, (m, v) => {
      const mean = m / (1 - beta1 ** (i + 1));
      const meanSquare = v / (1 - beta2 ** (i + 1));
      return mean / (Math.sqrt(meanSquare) + epsilon);
    });
    weights = zip(weights, corrected, (w, direction) => w - learningRate * direction);
  });
  return weights;
}
