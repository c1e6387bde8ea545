import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../../src/core/random.js';
import { sizeOf } from '../../../../src/core/shape.js';
import { BATCH } from '../../../../src/rules/float/classification.js';
import { trainingOperations } from '../../../../src/rules/float/cost.js';
import { OnnxGraph } from '../../../../src/rules/float/onnx-graph.js';
import { adamStep } from '../../../../src/rules/float/optimizer.js';
import type { Parameter } from '../../../../src/rules/float/parameter.js';
import { batchNorm } from '../../../../src/rules/float/pieces/batch-norm.js';
import { atPositions, gated, residual } from '../../../../src/rules/float/pieces/composed.js';
import { channelsLast, flattened } from '../../../../src/rules/float/pieces/layouts.js';
import { mapScaling } from '../../../../src/rules/float/pieces/map-scaling.js';
import { patches } from '../../../../src/rules/float/pieces/patches.js';
import type { Piece } from '../../../../src/rules/float/pieces/piece.js';
import { averagePool, globalAveragePool, maxPool } from '../../../../src/rules/float/pieces/pools.js';
import { prelu } from '../../../../src/rules/float/pieces/prelu.js';
import { product } from '../../../../src/rules/float/pieces/product.js';
import { relu } from '../../../../src/rules/float/pieces/relu.js';
import { sigmoid, tanh } from '../../../../src/rules/float/pieces/squashed.js';
import { type WindowOptions, windowsOn, windowsSize } from '../../../../src/rules/float/pieces/windows.js';
import { matrix, runGraph } from '../run-graph.js';
import { expectAdjoint, type Formula, type Matrix } from './adjoint.js';

const ADAM = adamStep({ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });

function weights(name: string, neurons: number, inputs: number): Parameter {
  return {
    name,
    shape: [neurons, inputs],
    initial: () => new Float32Array(neurons * inputs),
    optimizer: ADAM,
  };
}

/** Rows of samples. */
function samplesOf(x: Matrix, positions: number): Matrix[] {
  return Array.from({ length: x.length / positions }, (_, b) => x.slice(b * positions, (b + 1) * positions));
}

/** What a window at (top, left) sees: for each tap in order the position, or undefined outside. */
function taps([height, width]: readonly number[], kernel: number, top: number, left: number) {
  return Array.from({ length: kernel ** 2 }, (_, t) => {
    const [y, x] = [top + Math.floor(t / kernel), left + (t % kernel)];
    return y >= 0 && y < height && x >= 0 && x < width ? y * width + x : undefined;
  });
}

/** Corners of windows of 3×3 with stride 2 on a map of 3×4, reaching one over the border. */
const CORNERS = [-1, 1].flatMap((top) => [-1, 1].map((left) => [top, left]));
const MAP = { height: 3, width: 4 };
const STRIDED: WindowOptions = { kernel: 3, stride: 2 };

/** A formula for windows, from that for one. */
function onWindows(of: (seen: (readonly number[] | undefined)[]) => number[]): Formula {
  return (x) =>
    samplesOf(x, 12).flatMap((sample) =>
      CORNERS.map(([top, left]) =>
        of(taps([3, 4], 3, top, left).map((at) => (at === undefined ? undefined : sample[at]))),
      ),
    );
}

const padded = (padding: number): Formula =>
  onWindows((seen) => seen.flatMap((row) => row ?? [padding, padding]));
const columnsOf = (rows: readonly (readonly number[] | undefined)[]): number[][] =>
  [0, 1].map((c) => rows.flatMap((row) => (row ? [row[c]] : [])));
const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, entry, i) => total + entry * b[i], 0);
const times = (x: Matrix, matrix: readonly number[]): Matrix =>
  x.map((row) =>
    Array.from({ length: matrix.length / row.length }, (_, k) =>
      dot(row, matrix.slice(k * row.length, (k + 1) * row.length)),
    ),
  );

describe('the adjoint of a piece for maps is the gradient of what it computes', () => {
  it('patches, padded with 0', () => expectAdjoint(patches(MAP, 2, STRIDED, 0), 2, padded(0), { rows: 24 }));
  it('patches, padded with −1', () =>
    expectAdjoint(patches(MAP, 2, STRIDED, -1), 2, padded(-1), { rows: 24 }));
  it('averagePool', () =>
    expectAdjoint(
      averagePool(MAP, 2, STRIDED),
      2,
      onWindows((seen) => columnsOf(seen).map(average)),
      {
        rows: 24,
      },
    ));
  it('maxPool', () =>
    expectAdjoint(
      maxPool(MAP, 2, STRIDED),
      2,
      onWindows((seen) => columnsOf(seen).map((column) => Math.max(...column))),
      { rows: 24 },
    ));
  it('globalAveragePool', () =>
    expectAdjoint(
      globalAveragePool(12, 2),
      2,
      (x) => samplesOf(x, 12).map((sample) => columnsOf(sample).map(average)),
      { rows: 24 },
    ));
  it('flattened', () =>
    expectAdjoint(flattened(12, 2), 2, (x) => samplesOf(x, 12).map((sample) => sample.flat()), { rows: 24 }));
  it('channelsLast of planes', () => {
    const shape = { kind: 'image', channels: 3, height: 2, width: 2 } as const;
    const formula: Formula = (x) =>
      x.flatMap((row) => [0, 1, 2, 3].map((p) => [0, 1, 2].map((c) => row[4 * c + p])));
    return expectAdjoint(channelsLast(shape), sizeOf(shape), formula);
  });
  it('channelsLast of levels side by side', () => {
    const shape = { kind: 'image', channels: 4, height: 1, width: 2, interleaved: 2 } as const;
    const formula: Formula = (x) =>
      x.flatMap((row) => [0, 1].map((p) => [0, 1, 4, 5].map((at) => row[at + 2 * p])));
    return expectAdjoint(channelsLast(shape), sizeOf(shape), formula);
  });
  it('tanh', () => expectAdjoint(tanh(4), 4, (x) => x.map((row) => row.map(Math.tanh))));
  it('sigmoid', () =>
    expectAdjoint(sigmoid(4), 4, (x) => x.map((row) => row.map((entry) => 1 / (1 + Math.exp(-entry))))));
  it('mapScaling', () =>
    expectAdjoint(
      mapScaling('l', MAP, 2, ADAM),
      2,
      (x, values) =>
        x.map((row, i) =>
          row.map((entry, c) => {
            const [h, w] = [Math.floor((i % 12) / 4), i % 4];
            return (
              entry * values['l/row-scale'][h] * values['l/column-scale'][w] * values['l/channel-scale'][c]
            );
          }),
        ),
      { rows: 24 },
    ));
  it('residual with the identity', () =>
    expectAdjoint(residual([tanh(2)], [], 2), 2, (x) => x.map((row) => row.map((e) => Math.tanh(e) + e))));
  it('residual with a shortcut', () =>
    expectAdjoint(
      residual([product(weights('w', 3, 2))], [product(weights('v', 3, 2))], 3),
      2,
      (x, { w, v }) => {
        const [main, beside] = [times(x, w), times(x, v)];
        return main.map((row, i) => row.map((entry, k) => entry + beside[i][k]));
      },
    ));
  it('gated, as squeeze and excite', () =>
    expectAdjoint(
      gated(
        [product(weights('w', 3, 2))],
        [
          globalAveragePool(12, 2),
          product(weights('s', 2, 2)),
          relu(),
          product(weights('e', 3, 2)),
          sigmoid(3),
        ],
        [12, 3],
      ),
      2,
      (x, { w, s, e }) =>
        samplesOf(x, 12).flatMap((sample) => {
          const squeezed = times([columnsOf(sample).map(average)], s).map((row) =>
            row.map((z) => Math.max(0, z)),
          );
          const [gates] = times(squeezed, e).map((row) => row.map((z) => 1 / (1 + Math.exp(-z))));
          return times(sample, w).map((row) => row.map((entry, k) => entry * gates[k]));
        }),
      { rows: 24 },
    ));
});

describe('a convolution', () => {
  const convolution = (map: { height: number; width: number }, kernel: number, isPadded: boolean) => {
    const parameter = weights('w', 1, kernel * kernel);
    const pieces = [patches(map, 1, { kernel, isPadded }, 0), product(parameter)];
    return { pieces, parameter };
  };

  it('of two rows by hand: taps row after row, one position to the next', () => {
    // Windows of 2×2 inside 2×3: two of them.
    const { seen, most, seenBy } = windowsOn({ height: 2, width: 3 }, { kernel: 2, isPadded: false });
    expect(windowsSize({ height: 2, width: 3 }, { kernel: 2, isPadded: false })).toEqual({
      height: 1,
      width: 2,
    });
    expect(seen).toEqual([0, 1, 3, 4, 1, 2, 4, 5]);
    expect([most, seenBy]).toEqual([2, [0, 8, 1, 4, 5, 8, 2, 8, 3, 6, 7, 8]]);
  });

  it('reaches over the border as far on all sides, and begins inside where windows are even', () => {
    expect(windowsOn({ height: 1, width: 3 }, { kernel: 3 }).seen.slice(0, 9)).toEqual([
      3, 3, 3, 3, 0, 1, 3, 3, 3,
    ]);
    expect(windowsOn({ height: 3, width: 3 }, { kernel: 2, stride: 2 }).seen.slice(-4)).toEqual([8, 9, 9, 9]);
    expect(windowsSize({ height: 7, width: 14 }, { kernel: 3, stride: 2 })).toEqual({
      height: 4,
      width: 7,
    });
  });

  /** Y of a list of pieces. */
  async function outputsOf(pieces: readonly Piece[], x: Matrix, w: readonly number[]): Promise<number[]> {
    const graph = new OnnxGraph('convolution');
    const shown = graph.input('x', 'float32', [BATCH, x[0].length]);
    const y = pieces.reduce((values, piece) => piece.predict(graph, values), shown);
    graph.output(y, 'float32', ['rows', 1]);
    return (await runGraph(graph, { x: matrix(x), w: matrix([w]) }))[y];
  }

  it('is the sum of products of each window, with zeros outside', async () => {
    // 1 2 3 under 1 0 −1 / 2 0 −2 / 1 0 −1 at each place: the middle row counts.
    // 4 5 6
    const { pieces } = convolution({ height: 2, width: 3 }, 3, true);
    const y = await outputsOf(pieces, [[1], [2], [3], [4], [5], [6]], [1, 0, -1, 2, 0, -2, 1, 0, -1]);
    expect(y).toEqual([-(2 * 2 + 5), 2 - 6 + 4 - 6, 2 * 2 + 5, -(2 + 2 * 5), 1 - 3 + 8 - 12, 2 + 2 * 5]);
  });

  it('with a window as large as the image is the dense layer, to the bit', async () => {
    const map = { height: 3, width: 3 };
    const stream = randomStreams(3).stream('dense');
    const [x, w] = [18, 9].map((count) => Array.from({ length: count }, () => Math.fround(stream.normal())));
    const rows = x.map((entry) => [entry]);
    const { pieces, parameter } = convolution(map, 3, false);
    const dense = await outputsOf([flattened(9, 1), product(parameter)], rows, w);
    expect(dense).toHaveLength(2);
    expect(await outputsOf(pieces, rows, w)).toEqual(dense);
  });

  it('costs its products at every position', () => {
    const { pieces } = convolution({ height: 4, width: 4 }, 3, true);
    const spread = [pieces[0], atPositions(16, pieces[1])];
    // 2·9·16 forward, as many for the gradient; nothing below is trained.
    expect(trainingOperations(spread, 1, 0)).toBe(2 * 2 * 9 * 16);
    expect(spread[0].cost.copied).toBe(2 * 9 * 16);
  });
});

describe('a piece at all positions', () => {
  it('costs so many times as much for a sample, and as much for a batch', () => {
    const { cost } = batchNorm('l', 3, ADAM);
    expect(atPositions(10, batchNorm('l', 3, ADAM)).cost).toMatchObject({
      forward: 10 * Number(cost.forward),
      backward: 10 * Number(cost.backward),
      batch: cost.batch,
    });
  });

  it('normalizes over samples and positions, as slopes are shared by them', () =>
    expectAdjoint(
      residual([prelu('l', 2, ADAM)], [], 2),
      2,
      (x, { 'l/slope': slope }) =>
        x.map((row) => row.map((e, k) => e + Math.max(0, e) + slope[k] * Math.min(0, e))),
      { rows: 24 },
    ));
});
