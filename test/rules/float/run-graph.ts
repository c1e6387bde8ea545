import { Tensor } from 'onnxruntime-node';
import { expect } from 'vitest';
import { referenceFloatKernels } from '../../../src/kernels/float-reference.js';
import { nativeKernels } from '../../../src/node/kernels/native/backend.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { graphRuntime } from '../../../src/rules/float/graph-runtime/graph-runtime.js';
import type { OnnxGraph } from '../../../src/rules/float/onnx-graph.js';
import { type OnnxRuntime, type OnnxTensors, openSession } from '../../../src/rules/float/runtime.js';

/** A matrix as a value to feed. */
export function matrix(rows: readonly (readonly number[])[]): OnnxTensors[string] {
  return new Tensor('float32', Float32Array.from(rows.flat()), [
    rows.length,
    rows[0].length,
  ]) as OnnxTensors[string];
}

/** A list of integers as a value to feed. */
export function integers(values: readonly number[]): OnnxTensors[string] {
  return new Tensor('int32', Int32Array.from(values), [values.length]) as OnnxTensors[string];
}

/**
 * Runs a graph once on ONNX Runtime, and on our own runtime to compare: with the reference of the float kernels, which must
 * agree but for rounding, and with native ones, which must agree with the reference to the bit.
 * @returns ONNX Runtime's outputs by name, row after row
 */
export async function runGraph(graph: OnnxGraph, feeds: OnnxTensors): Promise<Record<string, number[]>> {
  const expected = await runOn(await onnxRuntime(), graph, feeds);
  const ours = await runOn(graphRuntime(referenceFloatKernels), graph, feeds);
  expectNear(ours, expected);
  const native = nativeKernels();
  if ('kernels' in native) {
    expect(await runOn(graphRuntime(native.kernels.float), graph, feeds)).toEqual(ours);
  }
  return expected;
}

async function runOn(
  runtime: OnnxRuntime,
  graph: OnnxGraph,
  feeds: OnnxTensors,
): Promise<Record<string, number[]>> {
  const session = await openSession(runtime, graph.encode());
  const results = await session.run(
    Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]])),
  );
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, Array.from(data)]));
}

function expectNear(actual: Record<string, number[]>, expected: Record<string, number[]>): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    const scale = Math.max(1e-3, ...values.map(Math.abs).filter(Number.isFinite));
    expect(actual[name].length, name).toBe(values.length);
    for (const [i, value] of values.entries()) {
      if (Number.isFinite(value)) {
        expect(Math.abs(actual[name][i] - value), `${name}[${i}]`).toBeLessThan(1e-5 * scale);
      } else {
        expect(actual[name][i], `${name}[${i}]`).toBe(value);
      }
    }
  }
}
