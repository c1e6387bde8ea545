import { sizeOf } from '../../core/shape.js';
import { hasZeros } from '../../layers/zeros.js';
import type { OperationCounts } from '../cost.js';
import type { Problem, RuleDescription } from '../rule.js';
import { type CommitteeConfig, pairsOf } from './config.js';

/** N inputs, K1 perceptrons, K2 units of a layer. */
interface CommitteeSize {
  readonly inputs: number;
  readonly perceptrons: number;
  readonly units: number;
}

function sizesOf({ layers }: CommitteeConfig, { input }: Problem): CommitteeSize[] {
  const pairs = pairsOf(layers);
  return pairs.map(([perceptrons, units], l) => ({
    inputs: l === 0 ? sizeOf(input) : pairs[l - 1][0],
    perceptrons,
    units,
  }));
}

/**
 * What the options make of a problem, input noise aside. Weights take B bits, the classifier 1; activations of perceptrons and
 * units and desired units 1 bit each, or 2 where they may be 0. A majority is a popcount of the perceptrons' activations, without XNOR.
 */
export function describeCommittee(config: CommitteeConfig, problem: Problem): RuleDescription {
  const { layers, hiddenBits } = config;
  const activationBits = hasZeros(config, 'activations') ? 2 : 1;
  const classifierBits = hasZeros(config, 'classifier') ? 2 : 1;
  const sizes = sizesOf(config, problem);
  const weights = sizes.reduce((sum, { inputs, perceptrons }) => sum + perceptrons * inputs, 0);
  const perceptrons = sizes.reduce((sum, size) => sum + size.perceptrons, 0);
  const units = sizes.reduce((sum, size) => sum + size.units, 0);
  return {
    architecture: layers.join(','),
    parameters: weights,
    memoryBits: {
      model: weights * hiddenBits + problem.classes * units * classifierBits,
      activations: ((perceptrons + units) * activationBits + units * classifierBits) * problem.batchSize,
    },
    operationsPerSample: committeeOperations(config, problem),
  };
}

/** What showing a sample takes. Where there may be zeros, two counts for one: of what differs, and of what is 0. */
export function committeeOperations(config: CommitteeConfig, problem: Problem): OperationCounts {
  const { classes } = problem;
  const hasTernaryUnits = hasZeros(config, 'activations');
  const counts = (isTernary: boolean): number => (isTernary ? 2 : 1);
  const sizes = sizesOf(config, problem);
  return {
    xnorBits: sizes.reduce(
      (sum, { inputs, perceptrons, units }) => sum + perceptrons * inputs + classes * units,
      0,
    ),
    popcountBits: sizes.reduce(
      (sum, { inputs, perceptrons, units }, l) =>
        sum +
        perceptrons * inputs * counts(hasZeros(config, 'weights') || (l > 0 && hasTernaryUnits)) +
        perceptrons * counts(hasTernaryUnits) +
        classes * units * counts(hasTernaryUnits || hasZeros(config, 'classifier')),
      0,
    ),
    stepBits: 0,
    floatOperations: 0,
  };
}
