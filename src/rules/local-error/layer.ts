import type { BitMatrix } from '../../bits/bit-matrix.js';
import type { Int32Matrix } from '../../bits/int-matrix.js';
import { GeometricGaps } from '../../kernels/geometric-gaps.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SampleList, StepList } from '../../kernels/lists.js';
import type { LayerObservation, LearnerState, RuleContext } from '../rule.js';
import { antipodalClassifier, equiangularClassifier, randomClassifier } from './classifier.js';
import { hiddenBound, type LocalErrorConfig } from './config.js';
import { type HiddenWeights, normalHiddenWeights, observeDepth } from './hidden-weights.js';

/** The sizes of one layer: N inputs, K neurons, C classes, and its group size γ. */
export interface LayerShape {
  readonly inputs: number;
  readonly neurons: number;
  readonly classes: number;
  readonly groupSize: number;
}

/** What a layer computes for one batch of B samples, in memory that is allocated once for each B. */
export interface LayerBatch {
  /** z, [B, K]. */
  readonly preActivations: Int32Matrix;
  /** a = sign(z), [B, K]. */
  readonly activations: BitMatrix;
  /** ŷ, [B, C]. */
  readonly logits: Int32Matrix;
  readonly triggers: SampleList;
  readonly steps: StepList;
}

/** Integer operations that depend on the data; the others follow from shapes. */
interface DataDependentCounts {
  triggers: number;
  steps: number;
  classifierSteps: number;
  reinforcements: number;
  flips: number;
}

/**
 * One binary layer with its local classifier, trained by local binary error signals: algorithms.md §3 and §4,
 * [LBES]. Holds the layer's state and changes it in place.
 */
export class LocalErrorLayer {
  /** H and W of the layer, [K, N]. */
  readonly weights: HiddenWeights;
  /** P and, if it is trained, its hidden weights, [C, K]. */
  readonly classifier: HiddenWeights;
  readonly #kernels: Kernels;
  readonly #gaps: GeometricGaps;
  readonly #bound: number;
  readonly #margin: number;
  readonly #trainsWeights: boolean;
  readonly #trainsClassifier: boolean;
  #reinforcing = false;
  #total: DataDependentCounts = noCounts();
  #epoch: DataDependentCounts = noCounts();

  /** @param index - position in the network, from 0; names the random streams */
  constructor(
    readonly shape: LayerShape,
    index: number,
    config: LocalErrorConfig,
    { kernels, streams }: RuleContext,
  ) {
    const stream = (purpose: string) => streams.stream(`local-error/layer-${index + 1}/${purpose}`);
    const depth = { depth: config.initialDepth, bound: hiddenBound(config) };
    this.#kernels = kernels;
    this.#bound = depth.bound;
    this.#margin = triggerMargin(config, shape.neurons);
    this.#trainsWeights = !(config.freezeFirstLayer && index === 0);
    this.#trainsClassifier = config.trainClassifier;
    this.#gaps = new GeometricGaps(stream('reinforcement'));
    const weightSigns = stream('signs').signs(shape.neurons, shape.inputs);
    this.weights = normalHiddenWeights(kernels, weightSigns, { ...depth, stream: stream('depth') });
    const rows = makeClassifier(config, shape, stream('classifier'));
    this.classifier = normalHiddenWeights(kernels, rows, { ...depth, stream: stream('classifier-depth') });
  }

  /** Memory for a batch of `rows` samples. */
  allocateBatch(rows: number): LayerBatch {
    const { neurons, classes, groupSize } = this.shape;
    return {
      preActivations: this.#kernels.int32Matrix(rows, neurons),
      activations: this.#kernels.bitMatrix(rows, neurons),
      logits: this.#kernels.int32Matrix(rows, classes),
      triggers: this.#kernels.sampleList(rows),
      steps: this.#kernels.stepList(rows * Math.max(neurons / groupSize, 2)),
    };
  }

  /** §4 step 1: z = W a, a' = sign(z). Overwrites the batch's pre-activations and activations. */
  forward(inputs: BitMatrix, batch: LayerBatch): void {
    this.#kernels.product(inputs, this.weights.visible, batch.preActivations);
    this.#kernels.packSigns(batch.preActivations, batch.activations);
  }

  /** ŷ = P a. Overwrites the batch's logits. */
  classify(batch: LayerBatch): void {
    this.#kernels.product(batch.activations, this.classifier.visible, batch.logits);
  }

  /**
   * §4 steps 2–7 for a batch that has gone through `forward` and `classify`.
   * @returns the number of samples that this layer's classifier got wrong
   */
  update(inputs: BitMatrix, labels: Int32Array, batch: LayerBatch): number {
    const { triggers, logits } = batch;
    const wrong = this.#kernels.findTriggers(logits, labels, this.#margin, triggers);
    this.#epoch.triggers += triggers.count;
    if (triggers.count === 0) return wrong;
    if (this.#trainsWeights) this.#updateWeights(inputs, labels, batch);
    if (this.#trainsClassifier) this.#updateClassifier(labels, batch);
    return wrong;
  }

  #updateWeights(inputs: BitMatrix, labels: Int32Array, batch: LayerBatch): void {
    const { preActivations, triggers, steps } = batch;
    const { hidden, visible } = this.weights;
    const desired = this.classifier.visible;
    this.#kernels.selectNeurons(preActivations, triggers, desired, labels, this.shape.groupSize, steps);
    this.#epoch.steps += steps.count;
    this.#epoch.flips += this.#kernels.applySteps(hidden, visible, inputs, steps, this.#bound);
    if (this.#reinforcing) {
      this.#epoch.reinforcements += this.#kernels.reinforce(hidden, this.#gaps, this.#bound);
    }
  }

  /** The label's row steps towards the activation, the strongest rival's away: a clipped perceptron. */
  #updateClassifier(labels: Int32Array, batch: LayerBatch): void {
    const { hidden, visible } = this.classifier;
    this.#kernels.selectRivals(batch.logits, labels, batch.triggers, batch.steps);
    this.#epoch.classifierSteps += batch.steps.count;
    this.#kernels.applySteps(hidden, visible, batch.activations, batch.steps, this.#bound);
  }

  /**
   * Starts an epoch. §4 step 6: a weight is reinforced with probability p_r·√(1 − acc)·√(2/(πN)).
   * @param scale - p_r·√(1 − acc), in [0, 1]
   */
  beginEpoch(scale: number): void {
    const probability = scale * Math.sqrt(2 / (Math.PI * this.shape.inputs));
    this.#reinforcing = probability > 0;
    this.#gaps.setProbability(probability);
    this.#epoch = noCounts();
  }

  /** Ends an epoch in which `samples` were shown. */
  endEpoch(samples: number): LayerObservation {
    const { triggers, flips } = this.#epoch;
    this.#total = addCounts(this.#total, this.#epoch);
    return { triggerShare: triggers / samples, flips, ...observeDepth(this.weights.hidden, this.#bound) };
  }

  /** Steps and reinforcements of single weights since the layer was made, in finished epochs. */
  weightSteps(): number {
    const { steps, classifierSteps, reinforcements } = this.#total;
    return steps * this.shape.inputs + classifierSteps * this.shape.neurons + reinforcements;
  }

  /** Copies the state out, under keys that start with `prefix`. */
  saveState(prefix: string): LearnerState {
    const { triggers, steps, classifierSteps, reinforcements, flips } = this.#total;
    return {
      [`${prefix}/hidden`]: this.weights.hidden.values.slice(),
      [`${prefix}/classifier`]: this.classifier.hidden.values.slice(),
      [`${prefix}/gaps`]: Uint32Array.from(this.#gaps.state),
      [`${prefix}/counts`]: Float64Array.of(triggers, steps, classifierSteps, reinforcements, flips),
    };
  }

  /** Returns to a state that `saveState` gave. */
  loadState(state: LearnerState, prefix: string): void {
    this.weights.hidden.values.set(state[`${prefix}/hidden`]);
    this.classifier.hidden.values.set(state[`${prefix}/classifier`]);
    this.#kernels.packSigns(this.weights.hidden, this.weights.visible);
    this.#kernels.packSigns(this.classifier.hidden, this.classifier.visible);
    this.#gaps.state.set(state[`${prefix}/gaps`]);
    const [triggers, steps, classifierSteps, reinforcements, flips] = state[`${prefix}/counts`];
    this.#total = { triggers, steps, classifierSteps, reinforcements, flips };
  }
}

/** ⌊r·K⌋, doubled for a single unit, whose two antipodal logits differ by twice its value. */
function triggerMargin(config: LocalErrorConfig, neurons: number): number {
  // Rounded at the 9th decimal first: 0.29 · 100 is 28.999… in floating point.
  const margin = Math.floor(Number((config.robustness * neurons).toFixed(9)));
  return config.output === 'single-unit' ? 2 * margin : margin;
}

function makeClassifier(
  config: LocalErrorConfig,
  { classes, neurons }: LayerShape,
  stream: Parameters<typeof randomClassifier>[2],
): BitMatrix {
  if (config.output === 'single-unit') return antipodalClassifier(randomClassifier(1, neurons, stream));
  const make = config.classifier === 'random' ? randomClassifier : equiangularClassifier;
  return make(classes, neurons, stream);
}

function noCounts(): DataDependentCounts {
  return { triggers: 0, steps: 0, classifierSteps: 0, reinforcements: 0, flips: 0 };
}

function addCounts(a: DataDependentCounts, b: DataDependentCounts): DataDependentCounts {
  return {
    triggers: a.triggers + b.triggers,
    steps: a.steps + b.steps,
    classifierSteps: a.classifierSteps + b.classifierSteps,
    reinforcements: a.reinforcements + b.reinforcements,
    flips: a.flips + b.flips,
  };
}
