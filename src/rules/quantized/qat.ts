import { z } from 'zod';
import { ArgumentError } from '../../core/errors.js';
import { sizeOf } from '../../core/shape.js';
import { adamOptions } from '../float/adam-options.js';
import { describeNetwork } from '../float/description.js';
import { DivergedError } from '../float/diverged-error.js';
import { createFloatLearner } from '../float/float-learner.js';
import type { FloatTraining } from '../float/float-training.js';
import { weightParameters } from '../float/initial-weights.js';
import { floatMemory } from '../float/memory.js';
import { adamStep } from '../float/optimizer.js';
import { layerName } from '../float/parameter.js';
import { batchNormNames } from '../float/pieces/batch-norm.js';
import { PROTECTS_TWICE, protectedStep, protectionOptions, protectsOnce } from '../float/protection.js';
import { recurrentOption } from '../float/recurrent-first.js';
import type { Problem, RuleDefinition, RunOutline } from '../rule.js';
import { latentOptions, NORMALIZES_TWICE, normalizationOf, normalizesOnce } from './latent-options.js';
import { quantizedNetwork } from './network.js';
import { PASS_BOUND, quantizedPieces } from './pieces.js';
import { type QuantizedOptions, type QuantizedPlan, recurrentPlan } from './recurrent.js';

/** Options of the rule `qat`. */
export const qatConfig = z
  .strictObject({
    name: z.literal('qat'),
    layers: z
      .array(z.int().min(1))
      .min(1)
      .describe('Neurons of each hidden layer, input side first: [525, 525].'),
    batchNorm: z
      .boolean()
      .default(true)
      .describe('Batch normalization before every sign and the softmax. Fully binary at inference without.'),
    batchNormPerTask: z
      .boolean()
      .optional()
      .describe(
        'In a sequence of tasks, measure each with batch normalization as it was at its end; what is saved has that of the last. Default: all share it.',
      ),
    ...latentOptions,
    ...adamOptions,
    ...protectionOptions,
    recurrent: recurrentOption,
  })
  .refine(normalizesOnce, NORMALIZES_TWICE)
  .refine(({ batchNorm, batchNormPerTask }) => batchNorm || !batchNormPerTask, {
    path: ['batchNormPerTask'],
    error: 'Invalid input: expected false without batchNorm',
  })
  .refine(({ recurrent, batchNormPerTask }) => !(recurrent && batchNormPerTask), {
    path: ['batchNormPerTask'],
    error: 'Invalid input: expected false with recurrent, whose steps have normalizations of their own',
  })
  .refine(protectsOnce, PROTECTS_TWICE);

/** Checked options of the rule `qat`, defaults filled in. */
export type QatConfig = z.output<typeof qatConfig>;

/**
 * Quantization-aware training with the straight-through estimator (algorithms.md §7): a multi-layer perceptron of
 * binary weights, inputs and activations without biases, whose latent float weights are trained on softmax
 * cross-entropy as if sign were the identity around 0. With the batch A₀ [B, N] of ±1, labels as one-hot rows Ŷ [B, C],
 * latent weights W_l [K_l, K_{l−1}], l = 1 … L:
 *
 *     forward   S_l = sign(W_l),   Z_l = A_{l−1}·S_lᵀ,   Y_l = f(Z_l),   A_l = sign(Y_l) for l < L
 *     f         batch normalization (batchNorm), Z/√K_{l−1} (scaleProducts), or Z
 *     loss      −1/B · Σ_b log softmax(Y_L)[b, label_b]
 *     errors    D_L = (softmax(Y_L) − Ŷ)/B,   E_l = ∂f/∂Z applied to D_l,   D_{l−1} = (E_l·S_l) ⊙ [|Y_{l−1}| ≤ 1]
 *     gradient  G_l = (E_lᵀ·A_{l−1}) ⊙ [|W_l| ≤ 1]
 *     update    W_l ← clip(Adam(W_l, G_l), −1, 1);   γ_l, β_l ← Adam, not clipped
 *
 * sign(0) = +1, so that W = 0 counts as +1. The mask of weights never bites after the first step, as they are clipped.
 * Batch normalization has a trained scale γ and shift β for each unit, also before the softmax, and running statistics
 * for inference (float/pieces/batch-norm.ts: momentum 0.9, ε 10⁻³).
 *
 * Inference. Without batch normalization the network is fully binary: sign(W) and sign(Z) are all it needs, and the
 * largest integer of Z_L is the class; `scaleProducts` changes how it is trained, not what it is. With batch
 * normalization it is not: hidden units have a threshold each and the logits are real numbers.
 *
 * Without batch normalization, products reach ±K_{l−1}, so that |Z| ≤ 1 stops almost all gradients and the softmax
 * saturates. That is the baseline as published ([BEP], algorithms.md §9), and the default. `scaleProducts` brings Y to a
 * standard deviation near 1 and is the baseline to beat.
 *
 * With `recurrent` the first hidden layer sees a sequence step by step: recurrent.ts.
 *
 * In a sequence of tasks, `consolidation`, `elastic` and `path` protect latent weights (float/protection.ts); normalization is not protected. It is
 * shared by all tasks, or, with `batchNormPerTask`, kept as it is at the end of each and used where that task is measured, as in the published
 * code of [META]: the network is then told which task an image is of. Training goes on from the present one in either case.
 *
 * Sources: Courbariaux, Hubara, Soudry, El-Yaniv, Bengio, arXiv:1602.02830, equation 4 and algorithm 1; Larq's `SteSign`
 * (gradient where |x| ≤ 1, for weights as for activations) and `weight_clip` (latent weights in [−1, 1]); Ioffe and
 * Szegedy, arXiv:1502.03167; Kingma and Ba, arXiv:1412.6980. Costs are counted in floats, which emulate the binary products
 * in training: float/cost.ts.
 */
export const qat: RuleDefinition<typeof qatConfig> = {
  name: 'qat',
  version: 3,
  stateVersion: 2,
  options: qatConfig,
  styles: { qat: 3, 'qat with batchNorm': 3, 'qat without batchNorm': 4 },
  errors: [DivergedError],
  needsOnnxRuntime: true,
  check: checkTasks,
  inputForm: () => 'binarized',
  describe: (config, problem) => describeNetwork(networkOf(config, problem), problem),
  memory: (config, problem) => floatMemory(networkOf(config, problem), problem),
  createLearner: (config, problem, context) =>
    createFloatLearner(networkOf(config, problem), problem, context),
};

/** @throws ArgumentError where there are no tasks one after the other that could have something of their own */
function checkTasks({ batchNormPerTask }: QatConfig, { tasks, isInterleaved }: RunOutline): void {
  if (!batchNormPerTask || (tasks > 1 && !isInterleaved)) return;
  const received = isInterleaved ? 'interleaved tasks' : 'one task';
  throw new ArgumentError('rule.batchNormPerTask', 'tasks that are learned in turn', received, [
    'rule',
    'batchNormPerTask',
  ]);
}

function networkOf(config: QatConfig, problem: Problem): FloatTraining {
  const { layers: hidden, learningRate, recurrent, batchNormPerTask = false } = config;
  const normalization = normalizationOf(config);
  const optimizers = {
    latent: protectedStep(adamStep(config, PASS_BOUND), config),
    normalization: adamStep(config),
  };
  const plan = recurrent
    ? recurrentPlan({ hidden, normalization, optimizers, recurrent }, problem)
    : layeredPlan({ hidden, normalization, optimizers }, problem, batchNormPerTask);
  const pieces = plan.pieces(normalization);
  // Scaling would change no sign and no largest logit.
  const inference = normalization === 'scaled' ? plan.pieces('none') : pieces;
  const parameters = pieces.flatMap((piece) => piece.parameters);
  const stages = [{ pieces, inference, network: plan.network }];
  const network = { rule: 'qat', inputs: 'binarized', learningRate, hidden, parameters, stages } as const;
  if (!batchNormPerTask) return network;
  const layers = Array.from({ length: hidden.length + 1 }, (_, layer) => layerName(layer));
  return { ...network, perTask: layers.flatMap((layer) => Object.values(batchNormNames(layer))) };
}

/** A multi-layer perceptron. */
function layeredPlan(
  { hidden, normalization, optimizers }: QuantizedOptions,
  { input, classes, tasks = 1 }: Problem,
  batchNormPerTask: boolean,
): QuantizedPlan {
  const latent = { optimizer: optimizers.latent, hasSigns: true };
  const weights = weightParameters([sizeOf(input), ...hidden, classes], latent);
  const copies = batchNormPerTask ? tasks : 0;
  return {
    pieces: (between) => quantizedPieces(weights, between, optimizers.normalization, 0, copies),
    network: (values) => quantizedNetwork(weights, normalization, values),
  };
}
