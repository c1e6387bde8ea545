import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { appendAttention, appendDistillation } from '../../../src/rules/float/guide.js';
import { OnnxGraph } from '../../../src/rules/float/onnx-graph.js';
import { differences, expectClose, type Matrix } from './pieces/adjoint.js';
import { matrix, runGraph } from './run-graph.js';

const stream = randomStreams(4).stream('guide');
const drawn = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.fround(stream.normal())));

/** What a loss adds to errors, at values of a network and its guide. */
async function added(
  rows: readonly [Matrix, Matrix, Matrix],
  append: (graph: OnnxGraph, values: readonly [string, string], errors: string) => string,
): Promise<number[]> {
  const graph = new OnnxGraph('guide');
  const columns = rows[0][0].length;
  const [own, guiding, errors] = ['own', 'guiding', 'errors'].map((name) =>
    graph.input(name, 'float32', ['rows', columns]),
  );
  const sum = append(graph, [own, guiding], errors);
  graph.output(sum, 'float32', ['rows', columns]);
  const [z, guide, before] = rows.map((values) => matrix(values));
  const results = await runGraph(graph, { own: z, guiding: guide, errors: before });
  return results[sum].map((entry, i) => entry - rows[2].flat()[i]);
}

const softmax = (row: readonly number[]): number[] => {
  const exponentials = row.map(Math.exp);
  const total = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((entry) => entry / total);
};

describe('a guide', () => {
  it('adds the gradient of the loss of logits at a temperature', async () => {
    const [own, guiding, before] = [drawn(3, 4), drawn(3, 4), drawn(3, 4)];
    const [weight, temperature] = [0.7, 2];
    const cooled = (row: readonly number[]): number[] => softmax(row.map((entry) => entry / temperature));
    const loss = (entries: readonly number[]): number =>
      guiding.reduce((sum, row, b) => {
        const found = cooled(entries.slice(4 * b, 4 * b + 4));
        const terms = cooled(row).map((share, c) => share * Math.log(found[c]));
        return sum - (weight * temperature ** 2 * terms.reduce((x, y) => x + y, 0)) / 3;
      }, 0);
    const actual = await added([own, guiding, before], (graph, values, errors) =>
      appendDistillation(graph, { distillation: weight, temperature }, values, errors),
    );
    expectClose(actual, differences(own.flat(), loss), '∂loss/∂Z');
  });

  it('adds the gradient of the loss of one of two maps', async () => {
    const [samples, positions, channels, weight] = [3, 4, 2, 30];
    const rows = samples * positions;
    const [own, guiding, before] = [drawn(rows, channels), drawn(rows, channels), drawn(rows, channels)];
    const directions = (entries: readonly number[]): number[] =>
      Array.from({ length: samples }, (_, b) => {
        const q = Array.from({ length: positions }, (_, p) => {
          const start = (b * positions + p) * channels;
          return entries.slice(start, start + channels).reduce((sum, a) => sum + a * a, 0);
        });
        const length = Math.hypot(...q);
        return q.map((entry) => entry / length);
      }).flat();
    const target = directions(guiding.flat());
    const loss = (entries: readonly number[]): number =>
      (directions(entries).reduce((sum, entry, i) => sum + (entry - target[i]) ** 2, 0) * weight) /
      2 /
      samples;
    const map = { piece: 0, positions, channels };
    const actual = await added([own, guiding, before], (graph, values, errors) =>
      appendAttention(graph, { attention: weight, maps: [map, map] }, map, values, errors),
    );
    expectClose(actual, differences(own.flat(), loss), '∂loss/∂A');
  });

  it('of weight 0 adds nothing', () => {
    const graph = new OnnxGraph('nothing');
    const map = { piece: 0, positions: 1, channels: 1 };
    expect(appendDistillation(graph, { distillation: 0, temperature: 1 }, ['a', 'b'], 'c')).toBe('c');
    expect(appendAttention(graph, { attention: 0, maps: [map] }, map, ['a', 'b'], 'c')).toBe('c');
  });
});
