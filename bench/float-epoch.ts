import '../dist/rules/float-rules.js';
import { randomStreams } from '../dist/core/random.js';
import { vector } from '../dist/core/shape.js';
import type { Kernels } from '../dist/kernels/kernels.js';
import { floatRuntime } from '../dist/node/onnx-runtime.js';
import { configuredRule, ruleOptionsSchema } from '../dist/rules/registry.js';
import type { LabelledInputs } from '../dist/rules/rule.js';
import type { RuleOptions } from '../dist/rules/rule-types.js';

const BATCH_SIZE = 100;

/** A network of a float rule in training. */
export interface FloatEpochs {
  /** Shows all samples once, in the same order each time. */
  epoch(): Promise<void>;
  dispose(): Promise<void>;
}

/** A network that a bench trains epoch by epoch, on what runs float rules beside these kernels. */
export async function floatEpochs(
  options: RuleOptions,
  data: LabelledInputs,
  kernels: Kernels,
): Promise<FloatEpochs> {
  const rule = configuredRule(ruleOptionsSchema().parse(options));
  const input = vector(data.inputs.columns);
  const streams = randomStreams(1);
  const learner = await rule.createLearner(
    { input, classes: 10, batchSize: BATCH_SIZE, hasValidation: false },
    { kernels, streams, onnxRuntime: floatRuntime(kernels) },
  );
  const order = streams.stream('training/order').permutation(data.inputs.rows);
  return {
    epoch: async () => {
      await learner.trainEpoch({ data, order, batchSize: BATCH_SIZE, afterBatch: () => undefined });
    },
    dispose: () => learner.dispose(),
  };
}
