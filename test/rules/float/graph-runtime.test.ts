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
