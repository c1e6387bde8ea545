import { z } from 'zod';
import { START_STATES } from '../../layers/recurrent-layer.js';
import { bepConfig } from '../bep/config.js';
import { groupedLayerOptions, width } from '../binary/options.js';

const { layers: _, groupSize: __, gate, classifier, ...shared } = bepConfig.omit({ name: true }).shape;

/** Options of the BEP-TT rule. Symbols are those of [BEP]. */
export const bepTtConfig = z.strictObject({
  name: z.literal('bep-tt'),
  layers: groupedLayerOptions.layers
    .default([1035, 1035])
    .describe(
      'Neurons K of each hidden layer, input side first: the recurrent one, then those that see its last state.',
    ),
  groupSize: groupedLayerOptions.groupSize.default(15),
  gate: gate.describe(
    'ν: a neuron passes errors back when its |z| is at most ν times its number of inputs, in the recurrent layer as gateWidth says.',
  ),
  gateWidth: z
    .enum(['state', 'inputs'])
    .default('state')
    .describe(
      'What ν is a share of in the recurrent layer: its width K_s, or all inputs of a neuron, those of the step and the state. The paper does not say.',
    ),
  stability: z
    .enum(['last', 'sum'])
    .default('last')
    .describe(
      'Whose stabilities choose the neurons of the recurrent layer that a sample corrects at all steps: those of the last step, or their sums over the steps.',
    ),
  stepsBack: width
    .optional()
    .describe('Steps that errors are carried back through, the last among them. Default: all.'),
  localTargets: z
    .enum(['last', 'every'])
    .optional()
    .describe(
      'Nothing is carried back, neither through layers nor through time: each layer has a fixed classifier of its own, whose row of the label is what it should give, the recurrent layer at the last step or at every one. Default: errors are propagated.',
    ),
  startState: z
    .enum(START_STATES)
    .default('plus')
    .describe('s_0: a state of +1 before the first step, or zero, none at all. The paper does not say.'),
  expansion: z
    .int()
    .min(0)
    .default(1035)
    .describe('K_0: what a step shows goes through so many fixed random neurons first; 0 for none.'),
  ...shared,
  classifier: classifier.default('equiangular'),
});

/** Checked options of the BEP-TT rule, defaults filled in. */
export type BepTtConfig = z.output<typeof bepTtConfig>;
