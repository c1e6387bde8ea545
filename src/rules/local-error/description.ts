import { sizeOf } from '../../core/shape.js';
import type { MemoryBits, Problem, RuleDescription } from '../rule.js';
import type { LocalErrorConfig } from './config.js';

/** Bits of the sum of a weight's votes. */
export const VOTE_BITS = 32;

/** N inputs, K neurons. */
interface LayerSize {
  readonly inputs: number;
  readonly neurons: number;
}

/** The layers of the network, input side first. */
export function layerSizes({ layers }: LocalErrorConfig, { input }: Problem): LayerSize[] {
  return layers.map((neurons, l) => ({ inputs: l === 0 ? sizeOf(input) : layers[l - 1], neurons }));
}

/** Whether the weights of layer `l` are trained at all. */
export function trainsWeights({ freezeFirstLayer }: LocalErrorConfig, l: number): boolean {
  return !(freezeFirstLayer && l === 0);
}

/** The layer that the network ends at in epoch `epoch`, from 0. */
export function lastLayer({ greedy, layers }: LocalErrorConfig, epoch: number): number {
  const last = layers.length - 1;
  return greedy ? Math.min(Math.floor(epoch / greedy.epochsPerLayer), last) : last;
}

/** The first layer that is trained while the network ends at layer `last`. */
export function firstTrained({ greedy }: LocalErrorConfig, last: number): number {
  return greedy ? last : 0;
}

/** The first layer whose logits are part of the read-out of a network that ends at layer `last`. */
export function firstRead({ readOut }: LocalErrorConfig, last: number): number {
  return readOut === 'summed' ? 0 : last;
}

/** The first layer whose logits are needed in training while the network ends at layer `last`. */
function firstClassified(config: LocalErrorConfig, last: number): number {
  return Math.min(firstTrained(config, last), firstRead(config, last));
}

/** Weights that a training sample meets in a network that ends at layer `last`. */
export function comparedBits(config: LocalErrorConfig, problem: Problem, last: number): number {
  return layerSizes(config, problem)
    .slice(0, last + 1)
    .reduce((bits, { inputs, neurons }, l) => {
      return bits + neurons * (inputs + (l >= firstClassified(config, last) ? problem.classes : 0));
    }, 0);
}

/** Σ_l K_l·N_l. */
export function weightCount(config: LocalErrorConfig, problem: Problem): number {
  return layerSizes(config, problem).reduce((sum, { inputs, neurons }) => sum + neurons * inputs, 0);
}

/** What the options make of a problem, input noise aside. */
export function describeLocalError(config: LocalErrorConfig, problem: Problem): RuleDescription {
  const turns = config.layers.map((_, last) => last).slice(lastLayer(config, 0));
  const least = Math.min(...turns.map((last) => comparedBits(config, problem, last)));
  return {
    architecture: config.layers.join(','),
    parameters: parameterCount(config, problem),
    memoryBits: largest(turns.map((last) => memoryWith(config, problem, last))),
    operationsPerSample: { xnorBits: least, popcountBits: least, stepBits: 0, floatOperations: 0 },
  };
}

function parameterCount(config: LocalErrorConfig, problem: Problem): number {
  return layerSizes(config, problem).reduce((sum, { inputs, neurons }, l) => {
    const weights = trainsWeights(config, l) ? neurons * inputs : 0;
    return sum + weights + (config.trainClassifier ? neurons * problem.classes : 0);
  }, 0);
}

/** Greedy training holds less before a layer's turn and after it. */
function largest(memories: readonly MemoryBits[]): MemoryBits {
  return memories.reduce((most, one) =>
    one.model + one.activations > most.model + most.activations ? one : most,
  );
}

/**
 * Weights in training take B bits, others 1, votes 32; activations and, where a layer is trained, desired activations 1 bit per
 * neuron. Only the layers up to `last` and the classifiers that are used count: the layers after it are drawn in
 * their turn.
 */
function memoryWith(config: LocalErrorConfig, problem: Problem, last: number): MemoryBits {
  const { hiddenBits, trainClassifier, majorityAfterEpochs } = config;
  let model = majorityAfterEpochs === undefined ? 0 : weightCount(config, problem) * VOTE_BITS;
  let bitsOfSample = 0;
  layerSizes(config, problem)
    .slice(0, last + 1)
    .forEach(({ inputs, neurons }, l) => {
      const isTrained = l >= firstTrained(config, last);
      model += neurons * inputs * (isTrained && trainsWeights(config, l) ? hiddenBits : 1);
      if (l >= firstClassified(config, last)) {
        model += neurons * problem.classes * (isTrained && trainClassifier ? hiddenBits : 1);
      }
      bitsOfSample += neurons * (isTrained ? 2 : 1);
    });
  return { model, activations: bitsOfSample * problem.batchSize };
}
