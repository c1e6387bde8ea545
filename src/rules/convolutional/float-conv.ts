import { z } from 'zod';
import { adamOptions, decay } from '../float/adam-options.js';
import { describeNetwork } from '../float/description.js';
import { DivergedError } from '../float/diverged-error.js';
import { createFloatLearner } from '../float/float-learner.js';
import type { FloatTraining } from '../float/float-training.js';
import { inputsOption } from '../float/inputs-option.js';
import { floatMemory } from '../float/memory.js';
import { adamStep, descentStep, type Optimizer } from '../float/optimizer.js';
import type { Problem, RuleDefinition } from '../rule.js';
import { architectureOptions, channelsOf, sizesOf, withImage } from './architecture.js';
import { residualNetwork, skipOption } from './residual-network.js';

/** Options of the rule `float-conv`. */
export const floatConvConfig = z.strictObject({
  name: z.literal('float-conv'),
  ...architectureOptions,
  skip: skipOption,
  optimizer: z.enum(['adam', 'sgd']).default('adam').describe('How weights follow their gradients.'),
  learningRate: z
    .number()
    .positive()
    .default(0.001)
    .describe('η: of Adam, about the largest change of a weight in a step; for sgd, 0.05 is a beginning.'),
  momentum: decay.default(0.9).describe('m of sgd: share of the last change of weights that is repeated.'),
  ...adamOptions,
  inputs: inputsOption,
});

/** Checked options of the rule `float-conv`, defaults filled in. */
export type FloatConvConfig = z.output<typeof floatConvConfig>;

/**
 * A residual convolutional network of floats (algorithms.md §12), trained on softmax cross-entropy by Adam or stochastic gradient
 * descent: the network of `real-to-binary` with the signs left out, and what that is compared with. For each convolution of a block
 *
 *     Y = PReLU(conv(BN(X), W)) + shortcut(X)
 *
 * Sizes: convolutional/architecture.ts; equations: convolutional/residual-network.ts. He, Zhang, Ren, Sun, arXiv:1603.05027, with a
 * PReLU in the place of the ReLU.
 */
export const floatConv: RuleDefinition<typeof floatConvConfig> = {
  name: 'float-conv',
  version: 1,
  options: floatConvConfig,
  // Any colour that is left: others have all seven.
  styles: {},
  errors: [DivergedError],
  needsOnnxRuntime: true,
  inputForm: (config) => config.inputs,
  describe: (config, problem) => describeNetwork(networkOf(config, problem), problem),
  memory: (config, problem) => floatMemory(networkOf(config, withImage(problem)), problem),
  createLearner: (config, problem, context) =>
    createFloatLearner(networkOf(config, problem), problem, context),
};

function networkOf(config: FloatConvConfig, { input, classes }: Problem): FloatTraining {
  const size = sizesOf(config, input);
  const optimizer = optimizerOf(config);
  const { pieces } = residualNetwork(size, classes, {
    inputs: 'none',
    hasSigns: false,
    scaling: 'none',
    hasSkip: config.skip,
    reduction: 1,
    optimizer,
    latentOptimizer: optimizer,
  });
  return {
    rule: 'float-conv',
    inputs: config.inputs,
    learningRate: config.learningRate,
    hidden: channelsOf(size),
    sizeOption: 'blocks',
    parameters: pieces.flatMap((piece) => piece.parameters),
    stages: [{ pieces }],
  };
}

function optimizerOf(config: FloatConvConfig): Optimizer {
  return config.optimizer === 'adam' ? adamStep(config) : descentStep(config.learningRate, config.momentum);
}
