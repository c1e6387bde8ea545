import { z } from 'zod';
import { adamOptions, decay } from './float/adam-options.js';
import { describeNetwork } from './float/description.js';
import { DivergedError } from './float/diverged-error.js';
import { createFloatLearner } from './float/float-learner.js';
import type { FloatTraining } from './float/float-training.js';
import { inputsOption } from './float/inputs-option.js';
import { floatMemory } from './float/memory.js';
import { adamStep, descentStep } from './float/optimizer.js';
import { perceptron } from './float/perceptron.js';
import { PROTECTS_TWICE, protectedStep, protectionOptions, protectsOnce } from './float/protection.js';
import { recurrentOption } from './float/recurrent-first.js';
import type { Problem, RuleDefinition } from './rule.js';

const layers = z
  .array(z.int().min(1))
  .min(1)
  .describe('Neurons of each hidden layer, input side first: [525, 525].');

/** Options of the rule `sgd`. */
export const sgdConfig = z.strictObject({
  name: z.literal('sgd'),
  layers,
  learningRate: z.number().positive().default(0.01).describe('η: step along the mean gradient of a batch.'),
  momentum: decay
    .default(0)
    .describe('m: share of the last change of weights that is repeated; 0 is plain gradient descent.'),
  inputs: inputsOption,
  recurrent: recurrentOption,
});

/** Options of the rule `adam`. */
export const adamConfig = z
  .strictObject({
    name: z.literal('adam'),
    layers,
    learningRate: z
      .number()
      .positive()
      .default(0.001)
      .describe('η: about the largest change of a weight in a step.'),
    ...adamOptions,
    ...protectionOptions,
    inputs: inputsOption,
    recurrent: recurrentOption,
  })
  .refine(protectsOnce, PROTECTS_TWICE);

/** Checked options of the rule `sgd`, defaults filled in. */
export type SgdConfig = z.output<typeof sgdConfig>;

/** Checked options of the rule `adam`, defaults filled in. */
export type AdamConfig = z.output<typeof adamConfig>;

/**
 * The full-precision baseline (algorithms.md §7): a multi-layer perceptron with ReLU and without biases, trained on
 * softmax cross-entropy by stochastic gradient descent, with momentum if asked for.
 *
 *     V ← m·V + G,  W ← W − η·V      G: mean gradient of the batch
 *
 * Network and gradients: float/perceptron.ts. Updates: float/optimizer.ts.
 */
export const sgd: RuleDefinition<typeof sgdConfig> = {
  name: 'sgd',
  version: 4,
  stateVersion: 3,
  options: sgdConfig,
  styles: { sgd: 2 },
  errors: [DivergedError],
  needsOnnxRuntime: true,
  inputForm: (config) => config.inputs,
  describe: (config, problem) => describeNetwork(sgdNetwork(config, problem), problem),
  memory: (config, problem) => floatMemory(sgdNetwork(config, problem), problem),
  createLearner: (config, problem, context) =>
    createFloatLearner(sgdNetwork(config, problem), problem, context),
};

function sgdNetwork(
  { layers: hidden, learningRate, momentum, inputs, recurrent }: SgdConfig,
  problem: Problem,
): FloatTraining {
  const optimizer = descentStep(learningRate, momentum);
  return perceptron({ rule: 'sgd', hidden, inputs, optimizer, learningRate, recurrent }, problem);
}

/**
 * The network of `sgd`, trained by Adam (Kingma and Ba, arXiv:1412.6980).
 *
 *     M ← β₁·M + (1 − β₁)·G,  S ← β₂·S + (1 − β₂)·G²,  W ← W − η·M̂/(√Ŝ + ε)      M̂, Ŝ: corrected for starting at 0
 *
 * In a sequence of tasks, `consolidation`, `elastic` and `path` protect weights (float/protection.ts).
 */
export const adam: RuleDefinition<typeof adamConfig> = {
  name: 'adam',
  version: 3,
  stateVersion: 2,
  options: adamConfig,
  // Any colour that is left: others have all seven.
  styles: {},
  errors: [DivergedError],
  needsOnnxRuntime: true,
  inputForm: (config) => config.inputs,
  describe: (config, problem) => describeNetwork(adamNetwork(config, problem), problem),
  memory: (config, problem) => floatMemory(adamNetwork(config, problem), problem),
  createLearner: (config, problem, context) =>
    createFloatLearner(adamNetwork(config, problem), problem, context),
};

function adamNetwork(config: AdamConfig, problem: Problem): FloatTraining {
  const { layers: hidden, learningRate, inputs, recurrent } = config;
  const optimizer = protectedStep(adamStep(config), config);
  return perceptron({ rule: 'adam', hidden, inputs, optimizer, learningRate, recurrent }, problem);
}
