import { largest } from '../../core/extremes.js';
import { sizeOf, stepsOf } from '../../core/shape.js';
import type { Problem, RuleDescription } from '../rule.js';
import type { BepTtConfig } from './config.js';

/** How many numbers a network has, and what it computes with them. */
export interface RecurrentSizes {
  /** T. */
  readonly steps: number;
  /** R, not trained. */
  readonly expansion: number;
  /** W_xs. */
  readonly ofInputs: number;
  /** W_ss. */
  readonly ofState: number;
  /** All layers behind the recurrent one. */
  readonly outputs: number;
  /** That of the last layer, or with local targets those of all. */
  readonly classifier: number;
  /** Bits compared for one sample, forward. */
  readonly forward: number;
  /** The same back, for a sample that triggers. */
  readonly backward: number;
}

/** What the options make of a problem in numbers. */
export function recurrentSizes(
  { layers, expansion, startState, stepsBack, localTargets }: BepTtConfig,
  { input, classes }: Pick<Problem, 'input' | 'classes'>,
): RecurrentSizes {
  const { steps, of } = stepsOf(input);
  const shown = sizeOf(of);
  const [state] = layers;
  const random = expansion * shown;
  const ofInputs = state * (expansion || shown);
  const ofState = state * state;
  const outputs = layers.slice(1).reduce((sum, neurons, l) => sum + neurons * layers[l], 0);
  const classified = localTargets ? layers : layers.slice(-1);
  const classifier = classes * classified.reduce((sum, neurons) => sum + neurons, 0);
  const recurrences = startState === 'plus' ? steps : steps - 1;
  const back = Math.min(stepsBack ?? steps, steps) - 1;
  const forward = steps * (random + ofInputs) + recurrences * ofState + outputs + classifier;
  return {
    ...{ steps, expansion: random, ofInputs, ofState, outputs, classifier, forward },
    backward: localTargets ? 0 : back * ofState + outputs,
  };
}

/**
 * What the options make of a problem, input noise aside. Weights take B bits, the expansion and the classifier 1; of each step a sample
 * holds what it shows, expanded, 1 bit for each state and 2 for what it should have been; gates are needed of one layer or step at a time.
 */
export function describeBepTt(config: BepTtConfig, problem: Problem): RuleDescription {
  const { steps, expansion, ofInputs, ofState, outputs, classifier, forward } = recurrentSizes(
    config,
    problem,
  );
  const { layers, hiddenBits } = config;
  const parameters = ofInputs + ofState + outputs;
  const behind = layers.slice(1).reduce((sum, neurons) => sum + neurons, 0);
  const bitsOfSample = steps * (config.expansion + 3 * layers[0]) + 3 * behind + largest(layers);
  return {
    architecture: layers.join(','),
    parameters,
    memoryBits: {
      model: parameters * hiddenBits + expansion + classifier,
      activations: bitsOfSample * problem.batchSize,
    },
    operationsPerSample: { xnorBits: forward, popcountBits: forward, stepBits: 0, floatOperations: 0 },
  };
}
