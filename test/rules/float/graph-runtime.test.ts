import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../../src/core/errors.js';
import { referenceFloatKernels } from '../../../src/kernels/float-reference.js';
import { graphRuntime } from '../../../src/rules/float/graph-runtime/graph-runtime.js';
import { OnnxGraph } from '../../../src/rules/float/onnx-graph.js';
import { openSession } from '../../../src/rules/float/runtime.js';

/** The operators themselves are tested with the pieces, against ONNX Runtime. */
const runtime = graphRuntime(referenceFloatKernels);

function graphOf(operator: string): Uint8Array {
  const graph = new OnnxGraph('test');
  graph.node(
    operator,
    [graph.input('a', 'float32', ['rows', 2]), graph.constant('float32', [10, 20])],
    {},
    'b',
  );
  graph.output('b', 'float32', ['rows', 2]);
  return graph.encode();
}

describe('graphRuntime', () => {
  it('runs a graph again for batches of other sizes', async () => {
    const session = await openSession(runtime, graphOf('Sub'));
    const run = async (values: number[]): Promise<unknown> => {
      const a = new runtime.Tensor('float32', Float32Array.from(values), [values.length / 2, 2]);
      const { b } = await session.run({ a });
      return [b.dims, [...b.data]];
    };
    expect(session.inputNames).toEqual(['a']);
    expect(await run([1, 2, 3, 4])).toEqual([
      [2, 2],
      [-9, -18, -7, -16],
    ]);
    expect(await run([5, 6])).toEqual([
      [1, 2],
      [-5, -14],
    ]);
  });

  it('leaves what it is fed as it was, its own results as well', async () => {
    const session = await openSession(runtime, graphOf('Sub'));
    const start = new runtime.Tensor('float32', Float32Array.of(1, 2), [1, 2]);
    const { b: first } = await session.run({ a: start });
    const { b: second } = await session.run({ a: first });
    expect([[...first.data], [...second.data]]).toEqual([
      [-9, -18],
      [-19, -38],
    ]);
    const { b: third } = await session.run({ a: second });
    expect([[...second.data], [...third.data]]).toEqual([
      [-19, -38],
      [-29, -58],
    ]);
  });

  it('gives arrays again when nobody reads them, and none that is still to be read', async () => {
    const graph = new OnnxGraph('test');
    const input = graph.input('a', 'float32', ['rows', 2]);
    // Each value is read by the next node, and by the product at the end.
    const sums: string[] = [];
    for (let n = 1; n <= 6; n++) {
      sums.push(graph.node('Add', [sums.at(-1) ?? input, graph.constant('float32', n)]));
    }
    graph.node('Abs', [sums.reduce((product, sum) => graph.node('Mul', [product, sum]))], {}, 'b');
    graph.output('b', 'float32', ['rows', 2]);
    const session = await openSession(runtime, graph.encode());
    const run = async (values: number[]): Promise<unknown> => {
      const a = new runtime.Tensor('float32', Float32Array.from(values), [values.length / 2, 2]);
      const { b } = await session.run({ a });
      expect([...a.data]).toEqual(values);
      return [...b.data];
    };
    const expected = (a: number): number =>
      Math.abs((a + 1) * (a + 3) * (a + 6) * (a + 10) * (a + 15) * (a + 21));
    for (const values of [
      [0, 1],
      [-5, 2, 3, -4],
      [-5, 7],
    ]) {
      expect(await run(values)).toEqual(values.map(expected));
    }
  });

  it('does not give an array again that is still read under another shape, nor one that it was fed', async () => {
    const graph = new OnnxGraph('test');
    const input = graph.input('a', 'float32', ['rows', 2]);
    const columns = graph.constant('int64', [-1, 1]);
    const sum = graph.node('Add', [input, graph.constant('float32', 1)]);
    const view = graph.node('Reshape', [sum, columns]);
    const others = [2, 3].reduce((x, n) => graph.node('Add', [x, graph.constant('float32', n)]), input);
    const left = graph.node('Reshape', [others, columns]);
    graph.node('Mul', [view, left], {}, 'b');
    graph.output('b', 'float32', ['entries', 1]);
    graph.node('Reshape', [input, columns], {}, 'c');
    graph.output('c', 'float32', ['entries', 1]);
    const session = await openSession(runtime, graph.encode());
    for (const values of [
      [0, 1],
      [-5, 7],
      [2, -3],
    ]) {
      const a = new runtime.Tensor('float32', Float32Array.from(values), [1, 2]);
      const { b, c } = await session.run({ a });
      expect([...b.data]).toEqual(values.map((x) => (x + 1) * (x + 5)));
      expect([...c.data]).toEqual(values);
      expect([...a.data]).toEqual(values);
    }
  });

  it('refuses an operator that it does not know when the graph is loaded', async () => {
    await expect(openSession(runtime, graphOf('Nonsense'))).rejects.toThrow(ArgumentError);
    await expect(openSession(runtime, graphOf('Nonsense'))).rejects.toThrow(
      /model: expected operators among .*Gemm.*got 'Nonsense'/,
    );
  });

  it('refuses bytes that are no model, and a run that lacks a value', async () => {
    await expect(openSession(runtime, new Uint8Array())).rejects.toThrow(
      'model: expected the bytes of an ONNX model',
    );
    const session = await openSession(runtime, graphOf('Sub'));
    await expect(session.run({})).rejects.toThrow('feeds: expected a value for a');
  });
});
