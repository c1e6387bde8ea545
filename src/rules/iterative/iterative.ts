import { z } from 'zod';
import { sizeOf } from '../../core/shape.js';
import { describeNetwork } from '../float/description.js';
import { DivergedError } from '../float/diverged-error.js';
import { createFloatLearner } from '../float/float-learner.js';
import type { FloatTraining } from '../float/float-training.js';
import { weightParameters } from '../float/initial-weights.js';
import { type AdamConstants, adamStep } from '../float/optimizer.js';
import { scaleName } from '../float/parameter.js';
import type { LearnerState, Problem, RuleDefinition } from '../rule.js';
import { stageNetwork } from './network.js';
import { binarizeLayer, type LayerOrder, stagePieces, stagesOf } from './stages.js';

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
    .enum(['input-first', 'output-first'])
    .default('input-first')
    .describe('Which layer becomes binary first: the one at the inputs, or the one at the classes.'),
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
  describe: (config, problem) => describeNetwork(networkOf(config, problem), problem),
  createLearner: (config, problem, context) =>
    createFloatLearner(networkOf(config, problem), problem, context),
};

function networkOf(config: IterativeConfig, { input, classes }: Problem): FloatTraining {
  const { layers: hidden, learningRate, epochsPerStage, order } = config;
  const optimizer = adamStep({ ...ADAM_CONSTANTS, learningRate });
  const weights = weightParameters([sizeOf(input), ...hidden, classes], { optimizer });
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
    stages: stagesOf(weights.length, order).map((isBinary) => ({
      pieces: stagePieces(weights, scales, isBinary),
      network: (values) => stageNetwork(weights, isBinary, values),
    })),
    schedule: { epochsPerStage, enterStage: binarizer(weights.length, order) },
  };
}

/** Makes the layer binary with whose binarization a stage begins. */
function binarizer(layers: number, order: LayerOrder): (stage: number, values: LearnerState) => LearnerState {
  return (stage, values) => binarizeLayer(values, order === 'input-first' ? stage - 1 : layers - stage);
}
