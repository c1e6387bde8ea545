import type { Int16Matrix } from '../../core/int-matrix.js';
import { vector } from '../../core/shape.js';
import type { Network } from '../../layers/network.js';
import { binaryMemory } from '../binary/memory.js';
import { addOperations, NO_OPERATIONS, type OperationCounts } from '../cost.js';
import { checkGroups } from '../group-schedule.js';
import { describeLocalError } from '../local-error/cost.js';
import { LocalErrorLearner } from '../local-error/local-error.js';
import { packedInputs } from '../packed-inputs.js';
import type {
  EpochObservation,
  EpochPlan,
  Inputs,
  Learner,
  LearnerState,
  MemoryBits,
  Problem,
  RuleContext,
  RuleDefinition,
  RuleDescription,
} from '../rule.js';
import { type LocalErrorConvConfig, layersBehind, localErrorConvConfig } from './config.js';
import { FrontEnd, type FrontEndShape, frontEndShape, paddedSide } from './front-end.js';

/**
 * Local binary errors behind binary filters on windows of images: `local-error` whose input is what fixed filters find.
 *
 *     fit:      filters and thresholds, once, from the training images (no labels)
 *     filters:  z_f = filter_f · window,  fires where z_f ≥ t_f, an integer
 *     pool:     a feature is +1 where one window of a square fires (or), or half of them (majority)
 *     layers:   `local-error` on the features, with the bits of the image beside them, if wanted
 *
 * Where filters come from is `frontEnd`: windows of training images (`exemplar`), random ±1 (`random`, the control of equal size), or exemplars
 * that competed: each window moves the filter that matches it best towards it, by steps of hidden integers (`competitive`). With `shared` false
 * every filter looks at one window that is drawn for it: local receptive fields. Windows whose pixels are all the same are no exemplars.
 *
 * Everything is binary or an integer, in training, too. As filters stay as they were fitted, features of a data set are computed once; operations
 * are counted as if they were computed each time that a sample is shown. Data that is no image is one pixel with a channel for each column.
 *
 * No published counterpart: [BEP] names convolutions as future work. Exemplars as features: Coates, Ng, ICML 2011 (there real-valued);
 * competitive fields of binary neurons: `sw965/crow` (nnlab). algorithms.md §11.
 */
export const localErrorConv: RuleDefinition<typeof localErrorConvConfig> = {
  name: 'local-error-conv',
  version: 1,
  options: localErrorConvConfig,
  flags: { 'groupSchedule.patience': 'patience', 'perceptronReadOut.margin': 'perceptron-margin' },
  inputForm: () => 'binarized',
  check: (config, run) => checkGroups(config, run),
  describe: describeConvolution,
  memory(config, problem) {
    // Whatever the data is, each filter gives one feature at least.
    const fits = config.windowSize <= paddedSide(config, problem.input);
    return binaryMemory(
      config,
      fits ? behind(config, problem) : { ...problem, input: vector(config.filters) },
    );
  },
  createLearner: async (config, problem, context) => new LocalErrorConvLearner(config, problem, context),
};

/** The problem that the layers behind the filters have. */
function behind(config: LocalErrorConvConfig, problem: Problem): Problem {
  return { ...problem, input: vector(frontEndShape(config, problem.input).features) };
}

/** Operations of the filters on one image: comparisons with thresholds and votes count as one bit of popcount for each product. */
function filterOperations({ products, windowBits }: FrontEndShape): OperationCounts {
  return { ...NO_OPERATIONS, xnorBits: products * windowBits, popcountBits: products * (windowBits + 1) };
}

/** What the options make of a problem: filters take a bit for each weight, 32 for each threshold, and features a bit for each sample of a batch. */
function describeConvolution(config: LocalErrorConvConfig, problem: Problem): RuleDescription {
  const shape = frontEndShape(config, problem.input);
  const { architecture, parameters, memoryBits, operationsPerSample } = describeLocalError(
    layersBehind(config),
    behind(config, problem),
  );
  const { filters, windowSize, shared } = config;
  const ofFilters = filters * (shape.windowBits + 32);
  return {
    architecture: `${filters}${shared ? '@' : '×'}${windowSize}×${windowSize},${architecture}`,
    parameters,
    memoryBits: {
      model: memoryBits.model + ofFilters,
      activations: memoryBits.activations + problem.batchSize * shape.features,
    },
    operationsPerSample: addOperations(operationsPerSample, filterOperations(shape)),
  };
}

/** Filters, and `local-error` behind them. */
export class LocalErrorConvLearner implements Learner {
  readonly parameters: number;
  readonly memoryBits: MemoryBits;
  readonly filters: FrontEnd;
  /** The layers behind the filters. */
  readonly behind: LocalErrorLearner;
  #samplesShown = 0;

  /** @throws ArgumentError for a window larger than the padded image, and as `LocalErrorLearner` */
  constructor(config: LocalErrorConvConfig, problem: Problem, context: RuleContext) {
    const { parameters, memoryBits } = describeConvolution(config, problem);
    this.parameters = parameters;
    this.memoryBits = memoryBits;
    this.filters = new FrontEnd(config, problem.input, context);
    this.behind = new LocalErrorLearner(layersBehind(config), behind(config, problem), context);
  }

  async trainEpoch(plan: EpochPlan): Promise<EpochObservation> {
    const { labels } = plan.data;
    const inputs = packedInputs(plan.data.inputs);
    this.filters.fit(inputs, plan.order);
    const observation = await this.behind.trainEpoch({
      ...plan,
      data: { inputs: this.filters.features(inputs), labels },
    });
    this.#samplesShown += plan.order.length;
    return observation;
  }

  afterValidation(accuracyPercent: number): void {
    this.behind.afterValidation(accuracyPercent);
  }

  predict(inputs: Inputs): Promise<Int32Array> {
    return this.behind.predict(this.filters.features(packedInputs(inputs)));
  }

  network(): Network {
    return { kind: 'convolutional', convolution: this.filters.convolution(), behind: this.behind.network() };
  }

  hiddenWeights(): readonly Int16Matrix[] {
    return this.behind.hiddenWeights();
  }

  operations(): OperationCounts {
    const { xnorBits, popcountBits } = filterOperations(this.filters.shape);
    const shown = this.#samplesShown;
    const ofFilters = { ...NO_OPERATIONS, xnorBits: shown * xnorBits, popcountBits: shown * popcountBits };
    return addOperations(ofFilters, this.behind.operations());
  }

  saveState(): LearnerState {
    const shown = { 'filters/samples-shown': Float64Array.of(this.#samplesShown) };
    return { ...this.behind.saveState(), ...this.filters.saveState(), ...shown };
  }

  loadState(state: LearnerState): void {
    this.behind.loadState(state);
    this.filters.loadState(state);
    [this.#samplesShown] = state['filters/samples-shown'];
  }

  dispose(): Promise<void> {
    return this.behind.dispose();
  }
}
