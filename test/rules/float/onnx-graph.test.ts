import { type InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { OnnxGraph } from '../../../src/rules/float/onnx-graph.js';
import { type OnnxTensorConstructor, openSession } from '../../../src/rules/float/runtime.js';

const Tensor = OrtTensor as unknown as OnnxTensorConstructor;

describe('OnnxGraph', () => {
  it('encodes inputs, constants, attributes and outputs for the runtime', async () => {
    const graph = new OnnxGraph('test');
    const a = graph.input('a', 'float32', ['rows', 2]);
    const doubled = graph.node('Mul', [a, graph.constant('float32', 2)]);
    const leaky = graph.node('LeakyRelu', [doubled], { alpha: { float: 0.25 } });
    graph.node('Add', [leaky, graph.constant('float32', [10, 20])], {}, 'sum');
    graph.output('sum', 'float32', ['rows', 2]);
    const index = graph.node('ArgMax', ['sum'], { axis: { int: 1 }, keepdims: { int: 0 } });
    const cast = graph.node('Cast', [index], { to: { int: 6 } });
    graph.node('Add', [cast, graph.constant('int32', -3)], {}, 'shifted');
    graph.output('shifted', 'int32', ['rows']);

    const session = await openSession(await onnxRuntime(), graph.encode());
    expect((session as unknown as InferenceSession).inputMetadata).toEqual([
      { name: 'a', isTensor: true, type: 'float32', shape: ['rows', 2] },
    ]);
    const run = async (values: number[]): Promise<unknown[]> => {
      const input = new Tensor('float32', Float32Array.from(values), [values.length / 2, 2]);
      const { sum, shifted } = await session.run({ a: input });
      return [sum.data, shifted.data];
    };
    expect(await run([1, -2])).toEqual([Float32Array.of(12, 19), Int32Array.of(-2)]);
    expect(await run([1, -2, 10, 0])).toEqual([Float32Array.of(12, 19, 30, 20), Int32Array.of(-2, -3)]);
    await session.release();
  });

  it('leaves out what no output depends on', async () => {
    const graph = new OnnxGraph('test');
    const a = graph.input('a', 'float32', [1]);
    graph.node('Nonsense', [graph.node('Nonsense', [a, graph.constant('float32', 1)])]);
    graph.node('Add', [a, graph.node('Neg', [graph.constant('float32', 3)])], {}, 'b');
    graph.node('Nonsense', ['b']);
    graph.output('b', 'float32', [1]);
    const session = await openSession(await onnxRuntime(), graph.encode());
    const { b } = await session.run({ a: new Tensor('float32', Float32Array.of(5), [1]) });
    expect(b.data).toEqual(Float32Array.of(2));
    await session.release();
  });

  it('leaves it to the runtime to refuse an unknown operator', async () => {
    const graph = new OnnxGraph('test');
    graph.node('Nonsense', [graph.input('a', 'float32', [1])], {}, 'b');
    graph.output('b', 'float32', [1]);
    await expect(openSession(await onnxRuntime(), graph.encode())).rejects.toThrow('Nonsense');
  });
});
