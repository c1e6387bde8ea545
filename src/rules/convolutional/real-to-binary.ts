import { z } from 'zod';
import { ArgumentError } from '../../core/errors.js';
import { adamOptions } from '../float/adam-options.js';
import { describeNetwork } from '../float/description.js';
import { DivergedError } from '../float/diverged-error.js';
import { createFloatLearner } from '../float/float-learner.js';
import type { FloatTraining } from '../float/float-training.js';
import type { Guide } from '../float/guide.js';
import { inputsOption } from '../float/inputs-option.js';
import { floatMemory } from '../float/memory.js';
import { adamStep } from '../float/optimizer.js';
import type { Parameter } from '../float/parameter.js';
import { PASS_BOUND } from '../quantized/pieces.js';
import type { LearnerState, Problem, RuleDefinition, RunOutline } from '../rule.js';
import { architectureOptions, channelsOf, sizesOf, withImage } from './architecture.js';
import { type BlockOptions, guiding, residualNetwork, skipOption } from './residual-network.js';
import { SCHEDULES, stagesOf } from './schedule.js';

/** Prefix of the parameters of the teacher. */
const TEACHER = 'teacher/';

/** Options of the rule `real-to-binary`. */
export const realToBinaryConfig = z.strictObject({
  name: z.literal('real-to-binary'),
  ...architectureOptions,
  skip: skipOption,
  scaling: z
    .enum(['none', 'learned', 'data-driven'])
    .default('data-driven')
    .describe(
      'What the outputs of a binary convolution are multiplied by: nothing, learned vectors, or numbers computed from its real inputs.',
    ),
  reduction: z
    .int()
    .min(1)
    .default(8)
    .describe('r of data-driven scaling: C channels are squeezed into ⌈C/r⌉ numbers.'),
  schedule: z
    .enum(SCHEDULES)
    .default('progressive')
    .describe(
      'Stages that follow each other: all binary at once; inputs of convolutions, then weights; or tanh, then signs of inputs, then weights.',
    ),
  teacher: z
    .boolean()
    .default(true)
    .describe(
      'Train the network without signs first; in each stage that of the stage before is the teacher.',
    ),
  distillation: z
    .number()
    .min(0)
    .default(1)
    .describe('Weight of the loss by which logits are to be those of the teacher.'),
  temperature: z
    .number()
    .positive()
    .default(1)
    .describe('T: logits are divided by it where they are compared.'),
  attention: z
    .number()
    .min(0)
    .default(1)
    .describe(
      'Weight of the loss by which blocks are to attend to what the teacher attends to, but in the last stage.',
    ),
  epochsPerStage: z
    .int()
    .min(1)
    .default(5)
    .describe('Epochs of each stage but the last, which goes on to the end.'),
  learningRate: z
    .number()
    .positive()
    .default(0.001)
    .describe(
      'η of Adam: about the largest change of a weight in a step; those that become ±1 lie in [−1, 1].',
    ),
  ...adamOptions,
  inputs: inputsOption,
});

/** Checked options of the rule `real-to-binary`, defaults filled in. */
export type RealToBinaryConfig = z.output<typeof realToBinaryConfig>;

/**
 * Real-to-binary convolutions (algorithms.md §12; Martinez, Yang, Bulat, Tzimiropoulos, arXiv:2003.11535): a residual network whose
 * blocks have binary convolutions, first layer and read-out being of floats. For each convolution of a block
 *
 *     U = BN(X),   F = conv(sign U, sign W)/√N,   Y = PReLU(F · s(U)) + shortcut(X)
 *
 * with a scale s for each channel that the real input U decides on (data-driven), or learned ones (XNOR-Net++, arXiv:1909.13863).
 * Gradients pass through signs where |·| ≤ 1; latent weights are clipped to [−1, 1]. The division by √N, the inputs of a product, is
 * ours: scales can undo it, but weights that become ±1 then do not change the size of maps.
 *
 * Stages of `epochsPerStage` epochs follow each other, each beginning with the weights of the one before:
 *
 *     teacher       the network without signs
 *     progressive   tanh in the place of the sign of inputs; then the sign, weights still real; then both signs
 *     two-stage     the last two of these;   direct: the last
 *
 * In each stage the network of the stage before is a teacher that is not trained any more: logits are to be its logits (distillation), and
 * blocks are to be large where its blocks are (attention, float/guide.ts), in the last stage by its logits alone, where there are stages
 * between. The loss told of an epoch is that of labels.
 *
 * Unlike the paper: all stages have the same weights of losses, rate and number of epochs; the teacher of the first stage is the
 * same network without signs, not a larger one; moments of Adam run on through all stages; no weight decay.
 *
 * A model cannot be saved as plain data. Memory is that of the largest stage, its teacher included.
 */
export const realToBinary: RuleDefinition<typeof realToBinaryConfig> = {
  name: 'real-to-binary',
  version: 1,
  options: realToBinaryConfig,
  styles: {},
  errors: [DivergedError],
  needsOnnxRuntime: true,
  inputForm: (config) => config.inputs,
  check: checkEpochs,
  describe: (config, problem) => describeNetwork(networkOf(config, problem), problem),
  memory: (config, problem) => floatMemory(networkOf(config, withImage(problem)), problem),
  createLearner: (config, problem, context) =>
    createFloatLearner(networkOf(config, problem), problem, context),
};

/** @throws ArgumentError where the last stage would not be reached, so that the network would not be binary */
function checkEpochs(
  { schedule, teacher, epochsPerStage }: RealToBinaryConfig,
  { epochs }: RunOutline,
): void {
  const before = (stagesOf(schedule, teacher).length - 1) * epochsPerStage;
  if (epochs > before) return;
  const expected = `fewer, so that the last of the stages, behind ${before} epochs, is reached in ${epochs}`;
  throw new ArgumentError('rule.epochsPerStage', expected, epochsPerStage, ['rule', 'epochsPerStage']);
}

function networkOf(config: RealToBinaryConfig, { input, classes }: Problem): FloatTraining {
  const size = sizesOf(config, input);
  const treatments = stagesOf(config.schedule, config.teacher);
  const blocks: Omit<BlockOptions, 'inputs' | 'hasSigns'> = {
    scaling: config.scaling,
    hasSkip: config.skip,
    reduction: config.reduction,
    optimizer: adamStep(config),
    latentOptimizer: adamStep(config, PASS_BOUND),
  };
  const stages = treatments.map((treatment, stage) => {
    const { pieces, maps } = residualNetwork(size, classes, { ...blocks, ...treatment });
    if (!config.teacher || stage === 0) return { pieces };
    const teacher = residualNetwork(size, classes, { ...blocks, ...treatments[stage - 1] }, TEACHER);
    const isLastOfMany = stage > 1 && stage === treatments.length - 1;
    const guide: Guide = {
      pieces: guiding(teacher),
      distillation: config.distillation,
      temperature: config.temperature,
      attention: isLastOfMany ? 0 : config.attention,
      maps,
    };
    return { pieces, guide };
  });
  const last = stages[stages.length - 1];
  // Those of the last stage are all that any stage has, with the signs that others do not read.
  const own = last.pieces.flatMap((piece) => piece.parameters);
  const ofTeacher = last.guide?.pieces.flatMap((piece) => piece.parameters) ?? [];
  return {
    rule: 'real-to-binary',
    inputs: config.inputs,
    learningRate: config.learningRate,
    hidden: channelsOf(size),
    sizeOption: 'blocks',
    parameters: [...own, ...ofTeacher],
    stages,
    ...(stages.length > 1 && {
      schedule: {
        epochsPerStage: config.epochsPerStage,
        enterStage: (_: number, values: LearnerState) => taught(values, ofTeacher),
      },
    }),
  };
}

/** Values with which a stage begins: the teacher becomes what the network is. */
function taught(values: LearnerState, ofTeacher: readonly Parameter[]): LearnerState {
  const copies = ofTeacher.map(({ name }) => [name, values[name.slice(TEACHER.length)]]);
  return { ...values, ...Object.fromEntries(copies) };
}
