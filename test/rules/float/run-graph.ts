import { Tensor } from 'onnxruntime-node';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import type { OnnxGraph } from '../../../src/rules/float/onnx-graph.js';
import { openSession } from '../../../src/rules/float/runtime.js';

/** A matrix as a value to feed. */
export function matrix(rows: readonly (readonly number[])[]): Tensor {
  return new Tensor('float32', Float32Array.from(rows.flat()), [rows.length, rows[0].length]);
}

/** A list of integers as a value to feed. */
export function integers(values: readonly number[]): Tensor {
  return new Tensor('int32', Int32Array.from(values), [values.length]);
}

/** Runs a graph once. @returns its outputs by name, row after row */
export async function runGraph(
  graph: OnnxGraph,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, number[]>> {
  const session = await openSession(await onnxRuntime(), graph.encode());
  const results = await session.run(
    Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]])),
  );
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
  );
}
