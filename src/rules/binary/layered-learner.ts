import type { BitMatrix } from '../../core/bit-matrix.js';
import { ArgumentError } from '../../core/errors.js';
import { RandomStream, type RandomStreams } from '../../core/random.js';
import { layerInputs } from '../../core/shape.js';
import { BinaryLayer } from '../../layers/binary-layer.js';
import { randomClassifier } from '../../layers/classifier.js';
import type { HiddenWeightOptions } from '../../layers/hidden-weights.js';
import type { OperationCounts } from '../cost.js';
import type { LayerObservation, LearnerState, Problem, RuleContext, RuleDescription } from '../rule.js';
import { BinaryLearner, type BinaryTrainingOptions } from './binary-learner.js';
import { withInputNoise } from './description.js';

/** Options of a network of binary layers. */
export interface LayeredOptions extends HiddenWeightOptions, BinaryTrainingOptions {
  /** Neurons of each layer, input side first. */
  readonly layers: readonly number[];
}

/**
 * A network of binary layers that is all of its state besides random streams: layers are made, observed, counted and saved
 * here, so that a rule is left with its batches, `logits` and `trainBatch`. What else it changes, it must save itself.
 *
 * @typeParam NetworkBatch - what the network computes for a batch, in memory that is allocated once for each size
 */
export abstract class LayeredLearner<NetworkBatch> extends BinaryLearner<NetworkBatch> {
  /** Input side first, with their state. */
  readonly layers: readonly BinaryLayer[];
  readonly #name: string;
  readonly #streamsOfRun: RandomStreams;
  readonly #operationsPerSample: OperationCounts;
  readonly #hiddenBits: number;
  readonly #streams = new Map<string, RandomStream>();
  readonly #triggersOfEpoch: number[];

  /**
   * @param name - of the rule; begins the names of its random streams
   * @param description - what `describeLayers` says of the options, or something like it
   * @param streams - names of random streams that the rule draws from in training: `RULE/name`
   */
  protected constructor(
    name: string,
    options: LayeredOptions,
    problem: Problem,
    context: RuleContext,
    description: RuleDescription,
    streams: readonly string[] = [],
  ) {
    super(context, problem, options, withInputNoise(description, options, problem));
    this.#name = name;
    this.#streamsOfRun = context.streams;
    for (const stream of streams) this.#streams.set(stream, context.streams.stream(`${name}/${stream}`));
    this.#operationsPerSample = description.operationsPerSample;
    this.#hiddenBits = options.hiddenBits;
    this.layers = layerInputs(problem.input, options.layers).map(
      (input, l) => new BinaryLayer(input, options.layers[l], `${name}/layer-${l + 1}`, options, context),
    );
    this.#triggersOfEpoch = options.layers.map(() => 0);
  }

  /**
   * A stream of the rule at its present state, which is saved: ask for it each time.
   * @throws ArgumentError for one that was not named when the learner was made
   */
  protected stream(name: string): RandomStream {
    const stream = this.#streams.get(name);
    if (stream) return stream;
    throw new ArgumentError('name', `one of the streams ${[...this.#streams.keys()].join(', ')}`, name);
  }

  /** A fixed ±1 classifier on a layer, [classes, neurons], drawn from `RULE/layer-1/classifier` and so on. */
  protected classifierOn(layer: number): BitMatrix {
    const { neurons } = this.layers[layer];
    const stream = this.#streamsOfRun.stream(`${this.#name}/layer-${layer + 1}/classifier`);
    const classifier = this.kernels.bitMatrix(this.problem.classes, neurons);
    classifier.words.set(randomClassifier(this.problem.classes, neurons, stream).words);
    return classifier;
  }

  /** Takes note of samples that trigger an update of a layer. */
  protected countTriggers(layer: number, samples: number): void {
    this.#triggersOfEpoch[layer] += samples;
  }

  protected override beginEpoch(reinforcementScale: number): void {
    this.#triggersOfEpoch.fill(0);
    for (const layer of this.layers) layer.beginEpoch(reinforcementScale);
  }

  protected override endEpoch(samples: number): LayerObservation[] {
    return this.layers.map((layer, l) => layer.endEpoch(this.#triggersOfEpoch[l] / samples));
  }

  protected override saveNetwork(): LearnerState {
    const streams = [...this.#streams].map(([name, stream]) => {
      return [`stream/${name}`, Uint32Array.from(stream.state())] as const;
    });
    return Object.assign(
      Object.fromEntries(streams),
      ...this.layers.map((layer, l) => layer.saveState(`layer-${l + 1}`)),
    );
  }

  protected override loadNetwork(state: LearnerState): void {
    for (const name of this.#streams.keys()) {
      const words = Array.from(state[`stream/${name}`], (word) => word | 0);
      this.#streams.set(name, RandomStream.fromState(words));
    }
    this.layers.forEach((layer, l) => {
      layer.loadState(state, `layer-${l + 1}`);
    });
  }

  /** What showing takes, and the steps. */
  protected override networkOperations(): OperationCounts {
    const { xnorBits, popcountBits, stepBits, floatOperations } = this.#operationsPerSample;
    const samples = this.samplesTrained;
    const steps = this.layers.reduce((sum, layer) => sum + layer.weightSteps(), 0);
    return {
      xnorBits: samples * xnorBits,
      popcountBits: samples * popcountBits,
      stepBits: samples * stepBits + steps * this.#hiddenBits,
      floatOperations: samples * floatOperations,
    };
  }
}
