import { smallest } from '../../core/extremes.js';
import { sizeOf } from '../../core/shape.js';
import { PERCEPTRON_BITS, perceptronDigits } from '../../layers/averaged-perceptron.js';
import { hasZeros, ZERO_PLACES } from '../../layers/zeros.js';
import { withMajority } from '../binary/majority-part.js';
import type { MemoryBits, Problem, RuleDescription } from '../rule.js';
import { frozenLayers, type LocalErrorConfig } from './config.js';
import { type LayerOrder, layerOrder } from './layer-order.js';
import { FIRST_READ } from './read-out.js';

/** What the options make of a problem, input noise aside. */
export function describeLocalError(config: LocalErrorConfig, problem: Problem): RuleDescription {
  const cost = new LocalErrorCost(config, problem);
  const least = (bits: (last: number) => number): number => smallest(cost.turns.map(bits));
  const description = {
    architecture: config.layers.join(','),
    parameters: cost.parameters,
    memoryBits: cost.memory,
    operationsPerSample: {
      xnorBits: least((last) => cost.comparedBits(last)),
      popcountBits: least((last) => cost.countedBits(last)),
      stepBits: 0,
      floatOperations: 0,
    },
  };
  return withMajority(description, config, cost.weights);
}

/** N inputs, K neurons, and whether the weights between them are trained at all. */
interface CostedLayer {
  readonly inputs: number;
  readonly neurons: number;
  readonly trainsWeights: boolean;
}

/** The cost of local-error networks that end at one layer or another (algorithms.md §8). */
export class LocalErrorCost {
  readonly #layers: readonly CostedLayer[];
  readonly #order: LayerOrder;
  readonly #firstRead: (last: number) => number;

  constructor(
    readonly config: LocalErrorConfig,
    readonly problem: Problem,
  ) {
    const { layers } = config;
    const frozen = frozenLayers(config);
    this.#layers = layers.map((neurons, l) => ({
      inputs: l === 0 ? sizeOf(problem.input) : layers[l - 1],
      neurons,
      trainsWeights: l >= frozen,
    }));
    this.#order = layerOrder(config);
    this.#firstRead = FIRST_READ[config.readOut];
  }

  /** The layers that the network ends at in one epoch or another. */
  get turns(): number[] {
    return this.#layers.map((_, last) => last).slice(this.#order.last(0));
  }

  /** Σ_l K_l·N_l. */
  get weights(): number {
    return this.#layers.reduce((sum, { inputs, neurons }) => sum + neurons * inputs, 0);
  }

  /** Weights and classifiers that are trained. */
  get parameters(): number {
    const classifier = this.config.trainClassifier ? this.problem.classes : 0;
    return this.#layers.reduce((sum, { inputs, neurons, trainsWeights }) => {
      return sum + neurons * ((trainsWeights ? inputs : 0) + classifier);
    }, this.perceptronWeights);
  }

  /** Weights of the perceptron that reads the last layer out, C·K_L; 0 where there is none. */
  get perceptronWeights(): number {
    const { layers, perceptronReadOut } = this.config;
    return perceptronReadOut ? layers[layers.length - 1] * this.problem.classes : 0;
  }

  /** Bits that its logits of a sample are counted from. */
  get #perceptronBits(): number {
    const { layers } = this.config;
    return this.perceptronWeights * perceptronDigits(layers[layers.length - 1]);
  }

  /** The first layer whose classifier is asked in training, in a network that ends at layer `last`. */
  firstClassified(last: number): number {
    return Math.min(this.#order.firstTrained(last), this.#firstRead(last));
  }

  /** Weights that a training sample meets in a network that ends at layer `last`. */
  comparedBits(last: number): number {
    const first = this.firstClassified(last);
    return this.#layers.slice(0, last + 1).reduce((bits, { inputs, neurons }, l) => {
      return bits + neurons * (inputs + (l >= first ? this.problem.classes : 0));
    }, this.#perceptronBits);
  }

  /** Bits that are counted of these: where there may be zeros, those that differ and those that are 0. */
  countedBits(last: number): number {
    const [weights, activations, classifier] = ZERO_PLACES.map((place) => hasZeros(this.config, place));
    const first = this.firstClassified(last);
    return this.#layers.slice(0, last + 1).reduce((bits, { inputs, neurons }, l) => {
      const ofWeights = inputs * (weights || (activations && l > 0) ? 2 : 1);
      const ofClassifier = l >= first ? this.problem.classes * (activations || classifier ? 2 : 1) : 0;
      return bits + neurons * (ofWeights + ofClassifier);
    }, this.#perceptronBits);
  }

  /** That of the largest network in training: greedy training holds less before a layer's turn and after it. */
  get memory(): MemoryBits {
    return this.turns
      .map((last) => this.#memoryWith(last))
      .reduce((most, one) => (one.model + one.activations > most.model + most.activations ? one : most));
  }

  /**
   * Weights in training take B bits, others 1; activations and, where a layer is trained, desired activations 1 bit per neuron. What may be
   * 0 takes 2 bits for 1.
   * Only the layers up to `last` and the classifiers that are used count: the layers after it are drawn in their turn.
   */
  #memoryWith(last: number): MemoryBits {
    const { hiddenBits, trainClassifier } = this.config;
    const { classes, batchSize } = this.problem;
    const [weightBits, activationBits, classifierBits] = ZERO_PLACES.map((place) =>
      hasZeros(this.config, place) ? 2 : 1,
    );
    const firstTrained = this.#order.firstTrained(last);
    const firstClassified = this.firstClassified(last);
    let model = this.perceptronWeights * (PERCEPTRON_BITS.weight + PERCEPTRON_BITS.sum);
    let bitsOfSample = 0;
    this.#layers.slice(0, last + 1).forEach(({ inputs, neurons, trainsWeights }, l) => {
      const isTrained = l >= firstTrained;
      model += neurons * inputs * (isTrained && trainsWeights ? hiddenBits : weightBits);
      if (l >= firstClassified)
        model += neurons * classes * (isTrained && trainClassifier ? hiddenBits : classifierBits);
      bitsOfSample += neurons * (activationBits + (isTrained ? classifierBits : 0));
    });
    return { model, activations: bitsOfSample * batchSize };
  }
}
