import { Tensor } from 'onnxruntime-node';
import { expect } from 'vitest';
import { type RandomStream, randomStreams } from '../../../../src/core/random.js';
import { BATCH } from '../../../../src/rules/float/classification.js';
import { OnnxGraph } from '../../../../src/rules/float/onnx-graph.js';
import {
  gradientName,
  lengthOf,
  nextName,
  type Parameter,
  signsName,
} from '../../../../src/rules/float/parameter.js';
import type { Piece } from '../../../../src/rules/float/pieces/piece.js';
import { matrix, runGraph } from '../run-graph.js';

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** Parameters by name, row after row. */
export type Values = Readonly<Record<string, readonly number[]>>;

/** A piece written once more, in double precision: Y from X. */
export type Formula = (x: Matrix, values: Values) => Matrix;

/** What a piece computes where that is not one formula, and on how many rows. */
interface OtherFormulas {
  /** That of which the adjoint is the gradient, for a piece that estimates its own. */
  readonly surrogate?: Formula;
  /** Prediction, where that is not training's forward pass. */
  readonly predict?: Formula;
  /** Rows of X: of maps, a number for each position of a sample. Default 5. */
  readonly rows?: number;
}

const STEP = 1e-6;

/**
 * Holds a piece against a second implementation, on a random batch: forward pass and prediction against the formula,
 * the adjoint against central differences of Σ D⊙Y in double precision, by X and by every parameter that is trained.
 * Magnitudes lie in [0.1, 0.9] and [1.1, 1.9], so that 0 and ±1, where formulas have corners, are far away.
 * @param columns - of X
 */
export async function expectAdjoint(
  piece: Piece,
  columns: number,
  formula: Formula,
  { surrogate = formula, predict = formula, rows = 5 }: OtherFormulas = {},
): Promise<void> {
  const stream = randomStreams(5).stream('adjoint');
  const x = Array.from({ length: rows }, () => drawn(columns, stream));
  const values = Object.fromEntries(
    piece.parameters.map((parameter) => [parameter.name, point(parameter, stream)]),
  );
  const y = formula(x, values);
  const d = y.map((row) => drawn(row.length, stream));
  const feeds = { ...parameterFeeds(piece, values), x: matrix(x), d: matrix(d) };

  const { graph, outputs, below } = trainingGraphOf(piece, [columns, d[0].length]);
  const results = await runGraph(graph, feeds);
  expectClose(results[outputs], y.flat(), 'Y');
  const loss = (at: Matrix, parameters: Values): number =>
    sum(surrogate(at, parameters).flatMap((row, b) => row.map((entry, k) => entry * d[b][k])));
  const byInputs = differences(x.flat(), (entries) => loss(rowsOf(entries, columns), values));
  expectClose(results[below], byInputs, '∂loss/∂X');
  for (const { name, optimizer } of piece.parameters) {
    const gradient = gradientIn(results, name, values[name], optimizer?.plainRate);
    if (!optimizer) expect(gradient, name).toBeUndefined();
    else
      expectClose(
        gradient,
        differences(values[name], (entries) => loss(x, { ...values, [name]: entries })),
        name,
      );
  }

  const prediction = new OnnxGraph('prediction');
  const predicted = piece.predict(prediction, prediction.input('x', 'float32', [BATCH, columns]));
  prediction.output(predicted, 'float32', ['rows', d[0].length]);
  expectClose((await runGraph(prediction, feeds))[predicted], predict(x, values).flat(), 'prediction');
}

/** A graph of the piece alone, fed X as `x` and D as `d`. */
function trainingGraphOf(
  piece: Piece,
  [inputs, outputs]: readonly [number, number],
): { graph: OnnxGraph; outputs: string; below: string } {
  const graph = new OnnxGraph('adjoint');
  const pass = piece.forward(graph, graph.input('x', 'float32', [BATCH, inputs]));
  const below = pass.backward(graph.input('d', 'float32', ['rows', outputs]));
  graph.output(pass.outputs, 'float32', ['rows', outputs]);
  graph.output(below, 'float32', [BATCH, inputs]);
  return { graph, outputs: pass.outputs, below };
}

/** Where a parameter is looked at: signs where graphs read those. */
function point(parameter: Parameter, stream: RandomStream): number[] {
  const entries = drawn(lengthOf(parameter), stream);
  if (parameter.name.endsWith('variance')) return entries.map(Math.abs);
  return parameter.hasSigns ? entries.map(Math.sign) : entries;
}

function parameterFeeds({ parameters }: Piece, values: Values): Record<string, Tensor> {
  return Object.fromEntries(
    parameters.map(({ name, shape, hasSigns }) => [
      hasSigns ? signsName(name) : name,
      new Tensor('float32', Float32Array.from(values[name]), shape),
    ]),
  );
}

/** The gradient that a graph publishes, or with which it replaces the parameter. */
function gradientIn(
  results: Readonly<Record<string, number[]>>,
  name: string,
  before: readonly number[],
  rate: number | undefined,
): number[] | undefined {
  if (rate === undefined) return results[gradientName(name)];
  return results[nextName(name)].map((after, i) => (before[i] - after) / rate);
}

/** Central differences of a function of a list, by every entry. */
export function differences(entries: readonly number[], value: (entries: number[]) => number): number[] {
  const at = (i: number, shift: number): number =>
    value(entries.map((entry, j) => (j === i ? entry + shift : entry)));
  return entries.map((_, i) => (at(i, STEP) - at(i, -STEP)) / (2 * STEP));
}

/** Entries that are exact in 32 bits. */
function drawn(count: number, stream: RandomStream): number[] {
  return Array.from({ length: count }, () => {
    const magnitude = stream.below(2) + 0.1 + 0.8 * stream.uniform();
    return Math.fround(stream.below(2) === 0 ? magnitude : -magnitude);
  });
}

function rowsOf(entries: readonly number[], columns: number): Matrix {
  return Array.from({ length: entries.length / columns }, (_, row) =>
    entries.slice(row * columns, (row + 1) * columns),
  );
}

/** Within a millionth of the largest entry: that is 32 bits against 64. */
export function expectClose(
  actual: readonly number[] | undefined,
  expected: readonly number[],
  what: string,
): void {
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest, what).toBeGreaterThan(0.01);
  expect(actual, what).toHaveLength(expected.length);
  const errors = expected.map((entry, i) => Math.abs(entry - Number(actual?.[i])) / largest);
  expect(Math.max(...errors), what).toBeLessThan(3e-6);
}

function sum(entries: readonly number[]): number {
  return entries.reduce((subtotal, entry) => subtotal + entry, 0);
}
