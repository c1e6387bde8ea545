import { z } from 'zod';
import { ArgumentError } from '../../core/errors.js';
import { sizeOf } from '../../core/shape.js';
import { describeNetwork } from '../float/description.js';
import { DivergedError } from '../float/diverged-error.js';
import { createFloatLearner } from '../float/float-learner.js';
import type { FloatTraining } from '../float/float-training.js';
import { weightParameters } from '../float/initial-weights.js';
import { floatMemory } from '../float/memory.js';
import { type AdamConstants, adamStep } from '../float/optimizer.js';
import { scaleName } from '../float/parameter.js';
import type { Problem, RuleDefinition } from '../rule.js';
import { stageNetwork } from './network.js';
import { binarizeLayer, type LayerOrder, orderedLayers, stagePieces, stagesOf } from './stages.js';

/** Those of Kingma and Ba. */
const ADAM_CONSTANTS: Omit<AdamConstants, 'learningRate'> = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Options of the rule `iterative`. */
export const iterativeConfig = z.strictObject({
  name: z.literal('iterative'),
  layers: z
    .array(z.int().min(1))
    .min(1)
    .describe('Neurons of each hidden layer, input side first: [525, 525].'),
  learningRate: z
    .number()
    .positive()
    .default(0.001)
    .describe('η of Adam: about the largest change of a weight in a step.'),
  epochsPerStage: z
    .int()
    .min(1)
    .default(5)
    .describe('Epochs before each layer becomes binary: all are after (hidden layers + 1) times as many.'),
  order: z
    .union(
      [z.enum(['input-first', 'output-first']), z.array(z.int().min(1)).min(2)],
      'input-first, output-first or a list of layers',
    )
    .default('input-first')
    .describe(
      'Which layer becomes binary first: the one at the inputs, or the one at the classes, or all layers as listed, 1 at the inputs, that of the classes last.',
    ),
});

/** Checked options of the rule `iterative`, defaults filled in. */
export type IterativeConfig = z.output<typeof iterativeConfig>;

/**
 * Iterative layer binarization (algorithms.md §7, [ITER]): a multi-layer perceptron without biases is trained in
 * floats on ±1 inputs; then one layer after the other is made binary and frozen, and what is still float is trained
 * on. With the batch A₀ [B, N] and weights W_l [K_l, K_{l−1}], l = 1 … L:
 *
 *     float layer    Z_l = A_{l−1}·W_lᵀ,          A_l = clip(Z_l, −1, 1) for l < L
 *     binary layer   Z_l = c_l·(A_{l−1}·W_lᵀ),    A_l = sign(Z_l) for l < L,   W_l of ±1
 *     loss           −1/B · Σ_b log softmax(Z_L)[b, label_b]
 *     errors         D_L = (softmax(Z_L) − Y)/B,  D_{l−1} = (c_l·D_l·W_l) ⊙ [|Z_{l−1}| ≤ 1]     c_l = 1 if float
 *     update         W_l ← Adam(W_l, D_lᵀ·A_{l−1}) for float layers
 *     binarization   c_l ← mean |W_l|,  W_l ← sign(W_l), after epochs E, 2E, …, L·E, in `order`   E: epochsPerStage
 *
 * Weights and activation of a layer become binary together, because the comparison is with networks binary in both;
 * the paper binarizes weights only. The float activation is the one whose gradient the straight-through estimator
 * gives to sign, so that layers below a binary one are trained by the same formula. Going input-first, nothing below
 * a binary layer is trained and no estimate is used.
 *
 * The scale c_l > 0 keeps the size of Z_l when W_l becomes ±1. It changes neither sign(Z_l) nor the largest logit: once
 * all layers are binary, signs and integer sums alone give the prediction. Before epoch L·E the network is partly
 * float, and so is the network of an earlier epoch that model selection picks: report the last epoch. From then on,
 * nothing changes. Adam's moments and step count run on through all stages.
 *
 * `order` may list the layers. The paper's is by sensitivity: how much validation accuracy falls when a layer alone becomes binary, found by a
 * short training for each layer (its sensitivity pre-training); the most sensitive layers come first, or last. Here that is a sweep of runs with
 * each layer first in `order`, whose records have the validation accuracy after epochs E − 1 and E, before and after that layer became binary.
 *
 * Sources: Lan, "Iterative Training: Finding Binary Weight Deep Neural Networks with Layer Binarization",
 * arXiv:2111.07046, which finds the order from the inputs on better; scale: Rastegari et al., arXiv:1603.05279,
 * equation 6, one for a layer; Kingma and Ba, arXiv:1412.6980, with their constants. Memory is that of the first stage,
 * the largest. Operations are counted stage by stage; those of binary layers as floats, which emulate them, and without
 * mean |W| of a layer, once, when it becomes binary.
 */
export const iterative: RuleDefinition<typeof iterativeConfig> = {
  name: 'iterative',
  version: 3,
  stateVersion: 2,
  options: iterativeConfig,
  styles: { iterative: 6 },
  errors: [DivergedError],
  needsOnnxRuntime: true,
  inputForm: () => 'binarized',
  check: ({ layers, order }) => checkOrder(order, layers.length + 1),
  describe: (config, problem) => describeNetwork(networkOf(config, problem), problem),
  memory: (config, problem) => floatMemory(networkOf(config, problem), problem),
  createLearner: (config, problem, context) =>
    createFloatLearner(networkOf(config, problem), problem, context),
};

function networkOf(config: IterativeConfig, { input, classes }: Problem): FloatTraining {
  const { layers: hidden, learningRate, epochsPerStage, order } = config;
  const optimizer = adamStep({ ...ADAM_CONSTANTS, learningRate });
  const weights = weightParameters([sizeOf(input), ...hidden, classes], { optimizer });
  const inOrder = orderedLayers(weights.length, order);
  const scales = weights.map((_, layer) => ({
    name: scaleName(layer),
    shape: [1],
    initial: () => Float32Array.of(1),
  }));
  return {
    rule: 'iterative',
    inputs: 'binarized',
    learningRate,
    hidden,
    parameters: [...weights, ...scales],
    stages: stagesOf(inOrder).map((isBinary) => ({
      pieces: stagePieces(weights, scales, isBinary),
      network: (values) => stageNetwork(weights, isBinary, values),
    })),
    schedule: { epochsPerStage, enterStage: (stage, values) => binarizeLayer(values, inOrder[stage - 1]) },
  };
}

/** @throws ArgumentError for a list that has not each layer once */
function checkOrder(order: LayerOrder, layers: number): void {
  if (typeof order === 'string') return;
  const listed = [...order].sort((a, b) => a - b);
  if (order.length === layers && listed.every((layer, i) => layer === i + 1)) return;
  const expected = `each of the layers 1 to ${layers} once, that of the classes included`;
  throw new ArgumentError('rule.order', expected, order, ['rule', 'order']);
}
