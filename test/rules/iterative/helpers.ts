import { randomStreams } from '../../../src/core/random.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { iterative, iterativeConfig } from '../../../src/rules/iterative/iterative.js';
import type { Learner, Problem } from '../../../src/rules/rule.js';
import { NO_KERNELS } from '../quantized/helpers.js';
import type { Oracle } from '../quantized/oracle.js';

/** A learner of `iterative`. */
export function makeIterative(config: Record<string, unknown>, task: Problem, seed = 1): Promise<Learner> {
  const context = { kernels: NO_KERNELS, streams: randomStreams(seed), onnxRuntime };
  return iterative.createLearner(iterativeConfig.parse({ name: 'iterative', ...config }), task, context);
}

/** The network of one stage: which layers, counted from 0, are binary. The weights of those are ±1 themselves. */
export function stageOracle(widths: readonly number[], binary: readonly number[]): Oracle {
  return {
    widths,
    layers: widths.slice(1).map((_, layer) => ({
      weights: 'real',
      output: binary.includes(layer) ? 'times-scale' : 'product',
      activation: binary.includes(layer) ? 'sign' : 'clip',
    })),
  };
}

/** Which layers are binary in each stage of a network of `layers` layers. */
export function binaryLayers(layers: number, order: string | readonly number[]): number[][] {
  const listed = typeof order === 'string' ? undefined : order.map((layer) => layer - 1);
  const all = listed ?? Array.from({ length: layers }, (_, layer) => layer);
  if (order === 'output-first') all.reverse();
  return Array.from({ length: layers + 1 }, (_, stage) => all.slice(0, stage));
}
