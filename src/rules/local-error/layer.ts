import type { BitMatrix } from '../../core/bit-matrix.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import type { RandomStream } from '../../core/random.js';
import type { Shape } from '../../core/shape.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SampleList, StepList } from '../../kernels/lists.js';
import { BinaryLayer, type LayerOutput } from '../../layers/binary-layer.js';
import {
  antipodalClassifier,
  equiangularClassifier,
  makeOpposite,
  randomClassifier,
} from '../../layers/classifier.js';
import { optionsOfLayer } from '../../layers/consolidation.js';
import { type HiddenWeights, normalHiddenWeights } from '../../layers/hidden-weights.js';
import { RandomTies } from '../../layers/random-ties.js';
import { hasZeros, kernelsFor } from '../../layers/zeros.js';
import { triggerMargin } from '../binary/options.js';
import type { LayerObservation, LearnerState, RuleContext } from '../rule.js';
import { frozenLayers, type LocalErrorConfig } from './config.js';

/** The sizes of one layer: N columns of input, K neurons, C classes. */
export interface LayerShape {
  readonly input: Shape;
  readonly neurons: number;
  readonly classes: number;
  /** The smallest group size γ that it is ever updated with. */
  readonly smallestGroup: number;
}

/** What a layer computes for one batch of B samples, in memory that is allocated once for each B. */
export interface LayerBatch extends LayerOutput {
  /** ŷ, [B, C]. */
  readonly logits: Int32Matrix;
  /** [B, K], +1 where z = 0; only where ties are broken at random. */
  readonly tied: BitMatrix;
  readonly triggers: SampleList;
  readonly steps: StepList;
}

/** Events of an epoch, or of all training, besides those of the layer's own weights. */
interface Counts {
  triggers: number;
  classifierSteps: number;
}

/**
 * One binary layer with its local classifier, trained by local binary error signals: algorithms.md §3 and §4,
 * [LBES]. Holds the layer's state and changes it in place.
 */
export class LocalErrorLayer {
  /** P and, if it is trained, its hidden weights, [C, K]. */
  readonly classifier: HiddenWeights;
  /** Whether `update` changes the weights. */
  readonly trainsWeights: boolean;
  /** Whether `update` changes the classifier. */
  readonly trainsClassifier: boolean;
  readonly #layer: BinaryLayer;
  readonly #kernels: Kernels;
  readonly #margin: number;
  readonly #ties: RandomTies | undefined;
  #total: Counts = { triggers: 0, classifierSteps: 0 };
  #epoch: Counts = { triggers: 0, classifierSteps: 0 };

  /** @param index - position in the network, from 0; names the random streams */
  constructor(
    readonly shape: LayerShape,
    index: number,
    config: LocalErrorConfig,
    context: RuleContext,
  ) {
    const { streams } = context;
    const kernels = kernelsFor(context.kernels, config);
    const name = `local-error/layer-${index + 1}`;
    this.#kernels = kernels;
    this.#margin = triggerMargin(config, shape.neurons);
    this.trainsWeights = index >= frozenLayers(config);
    this.trainsClassifier = config.trainClassifier;
    this.#layer = new BinaryLayer(shape.input, shape.neurons, name, optionsOfLayer(config, index), context);
    const rows = makeClassifier(config, shape, streams.stream(`${name}/classifier`));
    this.classifier = normalHiddenWeights(kernels, rows, {
      depth: config.initialDepth,
      bound: this.#layer.bound,
      stream: streams.stream(`${name}/classifier-depth`),
      hasZeros: hasZeros(config, 'classifier'),
    });
    if (config.output === 'single-unit') makeOpposite(kernels, this.classifier);
    if (config.ties === 'random') this.#ties = new RandomTies(streams.stream(`${name}/ties`));
  }

  /** H and W of the layer, [K, N]. */
  get weights(): HiddenWeights {
    return this.#layer.weights;
  }

  /** Memory for a batch of `rows` samples. */
  allocateBatch(rows: number): LayerBatch {
    const { neurons, classes, smallestGroup } = this.shape;
    return {
      ...this.#layer.allocateOutput(rows),
      logits: this.#kernels.int32Matrix(rows, classes),
      tied: this.#kernels.bitMatrix(this.#ties ? rows : 0, neurons),
      triggers: this.#kernels.sampleList(rows),
      steps: this.#kernels.stepList(rows * Math.max(neurons / smallestGroup, 2)),
    };
  }

  /**
   * §4 step 1: z = W a, a' = sign(z). Overwrites the batch's pre-activations and activations.
   * @param visible - other weights than W, [K, N]
   */
  forward(inputs: BitMatrix, batch: LayerBatch, visible?: BitMatrix): void {
    this.#layer.forward(inputs, batch, visible);
  }

  /** Makes activations with z = 0 what training is to see in them. */
  breakTies({ preActivations, activations, tied }: LayerBatch): void {
    this.#ties?.break(this.#kernels, preActivations, activations, tied);
  }

  /** ŷ = P a. Overwrites the batch's logits. */
  classify(batch: LayerBatch): void {
    this.#kernels.product(batch.activations, this.classifier.visible, batch.logits);
  }

  /**
   * §4 steps 2–7 for a batch that has gone through `forward` and `classify`.
   * @param groupSize - γ
   * @returns the number of samples that this layer's classifier got wrong
   */
  update(inputs: BitMatrix, labels: Int32Array, batch: LayerBatch, groupSize: number): number {
    const { triggers, logits } = batch;
    const wrong = this.#kernels.findTriggers(logits, labels, this.#margin, triggers);
    this.#epoch.triggers += triggers.count;
    if (triggers.count === 0) return wrong;
    if (this.trainsWeights) this.#updateWeights(inputs, labels, batch, groupSize);
    if (this.trainsClassifier) this.#updateClassifier(labels, batch);
    return wrong;
  }

  #updateWeights(inputs: BitMatrix, labels: Int32Array, batch: LayerBatch, groupSize: number): void {
    const { preActivations, triggers, steps } = batch;
    const desired = this.classifier.visible;
    this.#kernels.selectNeurons(preActivations, triggers, desired, labels, groupSize, steps);
    this.#layer.step(inputs, steps);
    this.#layer.reinforce();
  }

  /** The label's row steps towards the activation, the strongest rival's away: a clipped perceptron. */
  #updateClassifier(labels: Int32Array, batch: LayerBatch): void {
    const { hidden, visible } = this.classifier;
    this.#kernels.selectRivals(batch.logits, labels, batch.triggers, batch.steps);
    this.#epoch.classifierSteps += batch.steps.count;
    this.#kernels.applySteps(hidden, visible, batch.activations, batch.steps, this.#layer.bound);
  }

  /** Starts an epoch. @param scale - p_r·√(1 − acc), in [0, 1] */
  beginEpoch(scale: number): void {
    this.#layer.beginEpoch(scale);
    this.#epoch = { triggers: 0, classifierSteps: 0 };
  }

  /** Ends an epoch in which `samples` were shown. */
  endEpoch(samples: number): LayerObservation {
    const { triggers, classifierSteps } = this.#epoch;
    this.#total.triggers += triggers;
    this.#total.classifierSteps += classifierSteps;
    return this.#layer.endEpoch(triggers / samples);
  }

  /** Steps and reinforcements of single weights since the layer was made, in finished epochs. */
  weightSteps(): number {
    return this.#layer.weightSteps() + this.#total.classifierSteps * this.shape.neurons;
  }

  /** Copies the state out, under keys that start with `prefix`. */
  saveState(prefix: string): LearnerState {
    const { triggers, classifierSteps } = this.#total;
    return {
      ...this.#layer.saveState(prefix),
      ...(this.#ties && { [`${prefix}/ties`]: this.#ties.saveState() }),
      [`${prefix}/classifier`]: this.classifier.hidden.values.slice(),
      [`${prefix}/classifier-counts`]: Float64Array.of(triggers, classifierSteps),
    };
  }

  /** Returns to a state that `saveState` gave. */
  loadState(state: LearnerState, prefix: string): void {
    this.#layer.loadState(state, prefix);
    this.#ties?.loadState(state[`${prefix}/ties`]);
    this.classifier.hidden.values.set(state[`${prefix}/classifier`]);
    this.#kernels.packSigns(this.classifier.hidden, this.classifier.visible);
    const [triggers, classifierSteps] = state[`${prefix}/classifier-counts`];
    this.#total = { triggers, classifierSteps };
  }
}

function makeClassifier(
  config: LocalErrorConfig,
  { classes, neurons }: LayerShape,
  stream: RandomStream,
): BitMatrix {
  if (config.output === 'single-unit') return antipodalClassifier(randomClassifier(1, neurons, stream));
  const make = config.classifier === 'random' ? randomClassifier : equiangularClassifier;
  return make(classes, neurons, stream);
}
