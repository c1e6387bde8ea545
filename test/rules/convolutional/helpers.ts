import { randomStreams } from '../../../src/core/random.js';
import type { Shape } from '../../../src/core/shape.js';
import { referenceKernels } from '../../../src/kernels/reference.js';
import { nativeKernels } from '../../../src/node/kernels/native/backend.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import '../../../src/rules/float-rules.js';
import { parse } from '../../../src/core/parse.js';
import { graphRuntime } from '../../../src/rules/float/graph-runtime/graph-runtime.js';
import { configuredRule, ruleOptionsSchema } from '../../../src/rules/registry.js';
import type { ConfiguredRule, EpochPlan, Learner, Problem, RealRows } from '../../../src/rules/rule.js';
import type { RuleOptions } from '../../../src/rules/rule-types.js';

/** A rule with its options checked and filled in. */
export function ruleOf(options: RuleOptions): ConfiguredRule {
  return configuredRule(parse(ruleOptionsSchema(), options, 'rule'));
}

/** A problem of three classes in batches of ten. */
export function problemOf(input: Shape, classes = 3): Problem {
  return { input, classes, batchSize: 10, hasValidation: false };
}

/** A learner on the fastest runtime there is. */
export function learnerOf(options: RuleOptions, problem: Problem): Promise<Learner> {
  const native = nativeKernels();
  const runtime = 'kernels' in native ? async () => graphRuntime(native.kernels.float) : onnxRuntime;
  const context = { kernels: referenceKernels, streams: randomStreams(1), onnxRuntime: runtime };
  return ruleOf(options).createLearner(problem, context);
}

/** Pictures of 8×8: a line across, a line down, or a diagonal, somewhere, under noise. No pixel alone tells which. */
export function lines(samples: number, name: string): { inputs: RealRows; labels: Int32Array } {
  const stream = randomStreams(2).stream(name);
  const labels = Int32Array.from({ length: samples }, (_, i) => i % 3);
  const rows = Array.from(labels, (label) => {
    const shift = stream.below(8);
    return Float32Array.from({ length: 64 }, (_, i) => {
      const [y, x] = [Math.floor(i / 8), i % 8];
      const isOn = [y === shift, x === shift, (x + y) % 8 === shift][label];
      return (isOn ? 1.5 : -0.5) + 0.3 * stream.normal();
    });
  });
  const inputs: RealRows = {
    rows: samples,
    columns: 64,
    copyRow: (row, target, offset) => target.set(rows[row], offset),
  };
  return { inputs, labels };
}

/** One pass over data in its own order. */
export function inOrder(data: EpochPlan['data'], batchSize = 10): EpochPlan {
  const order = Uint32Array.from({ length: data.inputs.rows }, (_, row) => row);
  return { data, order, batchSize, afterBatch: () => undefined };
}
