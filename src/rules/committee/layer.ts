import type { BitMatrix } from '../../core/bit-matrix.js';
import type { Int32Matrix } from '../../core/int-matrix.js';
import { type Shape, sizeOf } from '../../core/shape.js';
import { zerosOf } from '../../core/ternary-matrix.js';
import { checkGroupSize } from '../../kernels/checked.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SampleList, StepList } from '../../kernels/lists.js';
import { BinaryLayer, type LayerOutput } from '../../layers/binary-layer.js';
import { antipodalClassifier, makeOpposite, randomClassifier } from '../../layers/classifier.js';
import { optionsOfLayer } from '../../layers/consolidation.js';
import { normalHiddenWeights } from '../../layers/hidden-weights.js';
import { hasZeros, kernelsFor, matrixFor } from '../../layers/zeros.js';
import { triggerMargin } from '../binary/options.js';
import type { LayerObservation, LearnerState, RuleContext } from '../rule.js';
import type { CommitteeConfig } from './config.js';
import { deepenRightWeights } from './deepen.js';
import { SecondaryStep } from './secondary-step.js';
import { dropSettledUnits } from './settled-units.js';

/** The sizes of one layer: N columns of input, K1 perceptrons that vote in K2 units, C classes. */
export interface CommitteeShape {
  readonly input: Shape;
  readonly perceptrons: number;
  readonly units: number;
  readonly classes: number;
}

/** What a layer computes for one batch of B samples. */
export interface CommitteeBatch extends LayerOutput {
  /** u, [B, K2]. */
  readonly units: BitMatrix;
  /** ŷ, [B, C]. */
  readonly logits: Int32Matrix;
  readonly triggers: SampleList;
  readonly steps: StepList;
  /** [B, K1], +1 where a perceptron is near enough to its threshold for a secondary step; with those only. */
  readonly near: BitMatrix;
  readonly secondarySteps: StepList;
}

/** A layer of perceptrons that vote in units, with the units' classifier: committee.ts. Holds its state and changes it in place. */
export class CommitteeLayer {
  /** The K1 perceptrons with their state. */
  readonly perceptrons: BinaryLayer;
  /** P, [C, K2]; fixed. */
  readonly classifier: BitMatrix;
  /** γ. */
  readonly groupSize: number;
  readonly #config: CommitteeConfig;
  readonly #kernels: Kernels;
  readonly #margin: number;
  /** P with each column γ times, [C, K1]: what every perceptron shall give. */
  readonly #desired: BitMatrix;
  readonly #secondary: SecondaryStep | undefined;
  #triggersOfEpoch = 0;
  #deepenedOfEpoch = 0;
  #deepened = 0;

  /**
   * @param index - position in the network, from 0; names the random streams
   * @throws ArgumentError when the units do not share the perceptrons evenly
   */
  constructor(
    readonly shape: CommitteeShape,
    index: number,
    config: CommitteeConfig,
    context: RuleContext,
  ) {
    const { perceptrons, units, classes } = shape;
    checkGroupSize(`layers[${2 * index + 1}]`, units, perceptrons);
    const kernels = kernelsFor(context.kernels, config);
    const { streams } = context;
    const name = index === 0 ? 'committee' : `committee/layer-${index + 1}`;
    this.#config = config;
    this.#kernels = kernels;
    this.groupSize = perceptrons / units;
    this.#margin = triggerMargin(config, units);
    this.perceptrons = new BinaryLayer(
      shape.input,
      perceptrons,
      name,
      optionsOfLayer(config, index),
      context,
    );
    const isSingle = config.output === 'single-unit';
    const drawn = randomClassifier(isSingle ? 1 : classes, units, streams.stream(`${name}/classifier`));
    // It is not trained: of the integers that it is the signs of, only those that are 0 matter.
    const classifier = normalHiddenWeights(kernels, isSingle ? antipodalClassifier(drawn) : drawn, {
      depth: config.initialDepth,
      bound: this.perceptrons.bound,
      stream: streams.stream(`${name}/classifier-depth`),
      hasZeros: hasZeros(config, 'classifier'),
    });
    if (isSingle) makeOpposite(kernels, classifier);
    this.classifier = classifier.visible;
    this.#desired = matrixFor('classifier', kernels, config, classes, perceptrons);
    this.#spreadClassifier();
    this.#secondary =
      config.secondary && new SecondaryStep(config.secondary, streams.stream(`${name}/secondary`));
  }

  /** Memory for a batch of `rows` samples. */
  allocate(rows: number): CommitteeBatch {
    const { units, classes } = this.shape;
    const kernels = this.#kernels;
    const { neurons } = this.perceptrons;
    return {
      ...this.perceptrons.allocateOutput(rows),
      units: matrixFor('activations', kernels, this.#config, rows, units),
      logits: kernels.int32Matrix(rows, classes),
      triggers: kernels.sampleList(rows),
      steps: kernels.stepList(rows * units),
      near: kernels.bitMatrix(this.#secondary ? rows : 0, neurons),
      secondarySteps: kernels.stepList(this.#secondary ? rows * neurons : 0),
    };
  }

  /** z = W x, a = sign(z). Overwrites the batch's pre-activations and activations. */
  forward(inputs: BitMatrix, batch: CommitteeBatch): void {
    this.perceptrons.forward(inputs, batch);
  }

  /** u = majorities of a, ŷ = P u. Overwrites the batch's units and logits. */
  classify(batch: CommitteeBatch): void {
    this.#kernels.packMajority(batch.activations, this.groupSize, batch.units);
    this.#kernels.product(batch.units, this.classifier, batch.logits);
  }

  /**
   * Trigger, secondary step, update and reinforcement for a batch that has gone through `forward` and `classify`.
   * @returns the number of samples that this layer's classifier got wrong
   */
  update(inputs: BitMatrix, labels: Int32Array, batch: CommitteeBatch): number {
    const { triggers } = batch;
    const wrong = this.#kernels.findTriggers(batch.logits, labels, this.#margin, triggers);
    this.#triggersOfEpoch += triggers.count;
    if (this.#secondary) this.#deepen(this.#secondary, inputs, labels, batch);
    if (triggers.count > 0) this.#correct(inputs, labels, batch);
    return wrong;
  }

  #deepen(secondary: SecondaryStep, inputs: BitMatrix, labels: Int32Array, batch: CommitteeBatch): void {
    // No |z| is larger than N; a threshold may be.
    const threshold = Math.min(secondary.threshold, sizeOf(this.shape.input));
    this.#kernels.packGates(batch.preActivations, threshold, batch.near);
    secondary.select({ ...batch, desired: this.#desired, labels }, batch.secondarySteps);
    this.#deepenedOfEpoch += deepenRightWeights(this.perceptrons, inputs, batch.secondarySteps);
  }

  #correct(inputs: BitMatrix, labels: Int32Array, batch: CommitteeBatch): void {
    const { preActivations, triggers, steps, units } = batch;
    this.#kernels.selectNeurons(preActivations, triggers, this.#desired, labels, this.groupSize, steps);
    dropSettledUnits(steps, units, this.groupSize);
    this.perceptrons.step(inputs, steps);
    this.perceptrons.reinforce();
  }

  /** Starts an epoch. @param scale - p_r·√(1 − acc), in [0, 1] */
  beginEpoch(scale: number): void {
    this.#triggersOfEpoch = 0;
    this.#deepenedOfEpoch = 0;
    this.perceptrons.beginEpoch(scale);
  }

  /** Ends an epoch in which `samples` were shown. */
  endEpoch(samples: number): LayerObservation {
    this.#deepened += this.#deepenedOfEpoch;
    return this.perceptrons.endEpoch(this.#triggersOfEpoch / samples);
  }

  /** Steps, reinforcements and secondary steps of single weights since the layer was made, in finished epochs. */
  weightSteps(): number {
    return this.perceptrons.weightSteps() + this.#deepened;
  }

  /** Copies the state out, under keys that start with `prefix`. */
  saveState(prefix: string): LearnerState {
    const zeros = zerosOf(this.classifier);
    return {
      ...this.perceptrons.saveState(`${prefix}perceptrons`),
      [`${prefix}classifier`]: this.classifier.words.slice(),
      ...(zeros && { [`${prefix}classifier-zeros`]: zeros.words.slice() }),
      [`${prefix}deepened`]: Float64Array.of(this.#deepened),
      ...(this.#secondary && { [`${prefix}secondary`]: this.#secondary.saveState() }),
    };
  }

  /** Returns to a state that `saveState` gave. */
  loadState(state: LearnerState, prefix: string): void {
    this.perceptrons.loadState(state, `${prefix}perceptrons`);
    this.classifier.words.set(state[`${prefix}classifier`]);
    zerosOf(this.classifier)?.words.set(state[`${prefix}classifier-zeros`]);
    this.#spreadClassifier();
    [this.#deepened] = state[`${prefix}deepened`];
    this.#secondary?.loadState(state[`${prefix}secondary`]);
  }

  /** Every perceptron shall give what its unit shall. */
  #spreadClassifier(): void {
    this.#spread(this.classifier, this.#desired);
    const [ofUnits, ofPerceptrons] = [zerosOf(this.classifier), zerosOf(this.#desired)];
    if (ofUnits && ofPerceptrons) this.#spread(ofUnits, ofPerceptrons);
  }

  #spread(ofUnits: BitMatrix, ofPerceptrons: BitMatrix): void {
    for (let c = 0; c < ofPerceptrons.rows; c++) {
      for (let k = 0; k < ofPerceptrons.columns; k++) {
        ofPerceptrons.set(c, k, ofUnits.get(c, Math.floor(k / this.groupSize)));
      }
    }
  }
}
