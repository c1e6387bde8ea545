import { z } from 'zod';
import { sizeOf } from '../../core/shape.js';
import { floatOperations } from '../cost.js';
import { adamOptions } from '../float-mlp/adam-options.js';
import { DivergedError } from '../float-mlp/diverged-error.js';
import { checkProblem, createGraphLearner } from '../float-mlp/graph-learner.js';
import { adamStep } from '../float-mlp/optimizer.js';
import type { Problem, RuleDefinition } from '../rule.js';
import { quantizedMemory, quantizedOperations, quantizedParameterCount } from './cost.js';
import {
  type Normalization,
  type QuantizedShape,
  quantizedInferenceGraph,
  quantizedTrainingGraph,
} from './graphs.js';
import { quantizedParameters } from './parameters.js';

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
    scaleProducts: z
      .boolean()
      .default(false)
      .describe(
        'Without batchNorm: divide products by √N in training. Inference stays the same, fully binary.',
      ),
    learningRate: z
      .number()
      .positive()
      .default(0.001)
      .describe('η: about the largest change of a latent weight in a step; they lie in [−1, 1].'),
    ...adamOptions,
  })
  .refine(({ batchNorm, scaleProducts }) => !(batchNorm && scaleProducts), {
    path: ['scaleProducts'],
    error: 'Invalid input: expected false with batchNorm, which undoes any scale',
  });

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
 * for inference (batch-norm.ts: momentum 0.9, ε 10⁻³).
 *
 * Inference. Without batch normalization the network is fully binary: sign(W) and sign(Z) are all it needs, and the
 * largest integer of Z_L is the class; `scaleProducts` changes how it is trained, not what it is. With batch
 * normalization it is not: hidden units have a threshold each and the logits are real numbers.
 *
 * Without batch normalization, products reach ±K_{l−1}, so that |Z| ≤ 1 stops almost all gradients and the softmax
 * saturates. That is the baseline as published ([BEP], algorithms.md §9), and the default. `scaleProducts` brings Y to a
 * standard deviation near 1 and is the baseline to beat.
 *
 * Sources: Courbariaux, Hubara, Soudry, El-Yaniv, Bengio, arXiv:1602.02830, equation 4 and algorithm 1; Larq's `SteSign`
 * (gradient where |x| ≤ 1, for weights as for activations) and `weight_clip` (latent weights in [−1, 1]); Ioffe and
 * Szegedy, arXiv:1502.03167; Kingma and Ba, arXiv:1412.6980. Costs are counted in floats, see cost.ts.
 */
export const qat: RuleDefinition<typeof qatConfig> = {
  name: 'qat',
  version: 2,
  options: qatConfig,
  styles: { qat: 3, 'qat with batchNorm': 3, 'qat without batchNorm': 4 },
  errors: [DivergedError],
  inputForm: () => 'binarized',
  describe(config, problem) {
    const shape = shapeOf(config, problem);
    const adam = adamStep(config);
    return {
      architecture: config.layers.join(','),
      parameters: quantizedParameterCount(shape),
      memoryBits: quantizedMemory(shape, adam, problem.batchSize),
      operationsPerSample: floatOperations(quantizedOperations(shape, adam, 1, 0)),
    };
  },
  async createLearner(config, problem, context) {
    checkProblem(problem);
    const { learningRate } = config;
    const shape = shapeOf(config, problem);
    const adam = adamStep(config);
    const stage = {
      training: quantizedTrainingGraph(shape),
      inference: quantizedInferenceGraph(shape),
      floatOperations: (samples: number, steps: number) => quantizedOperations(shape, adam, samples, steps),
    };
    const network = {
      rule: 'qat',
      inputs: 'binarized' as const,
      learningRate,
      initial: quantizedParameters(shape, config, (name) => context.streams.stream(`qat/${name}`)),
      parameters: quantizedParameterCount(shape),
      memoryBits: quantizedMemory(shape, adam, problem.batchSize),
      stages: [stage],
    };
    return createGraphLearner(network, problem);
  },
};

function shapeOf(config: QatConfig, { input, classes }: Problem): QuantizedShape {
  return { widths: [sizeOf(input), ...config.layers, classes], normalization: normalizationOf(config) };
}

function normalizationOf({ batchNorm, scaleProducts }: QatConfig): Normalization {
  if (batchNorm) return 'batch-norm';
  return scaleProducts ? 'scaled' : 'none';
}
