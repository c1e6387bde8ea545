import type { BitMatrix } from '../../core/bit-matrix.js';
import { largest } from '../../core/extremes.js';
import type { Int16Matrix, Int32Matrix } from '../../core/int-matrix.js';
import { sizeOf, stepsOf, vector } from '../../core/shape.js';
import { stepRows } from '../../core/step-rows.js';
import type { TernaryMatrix } from '../../core/ternary-matrix.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SampleList, StepList } from '../../kernels/lists.js';
import { inMemoryOf, ternaryKernels, ternaryMatrix } from '../../kernels/ternary-kernels.js';
import { BinaryLayer } from '../../layers/binary-layer.js';
import { equiangularClassifier, randomClassifier } from '../../layers/classifier.js';
import { optionsOfLayer } from '../../layers/consolidation.js';
import { copyOfHidden } from '../../layers/hidden-weights.js';
import type { Network } from '../../layers/network.js';
import { RecurrentLayer, type RecurrentOutput } from '../../layers/recurrent-layer.js';
import {
  allocatePropagation,
  type PropagatingLayer,
  type PropagationBatch,
  propagateDesired,
} from '../bep/backward.js';
import { BinaryLearner } from '../binary/binary-learner.js';
import { checkConsolidation } from '../binary/check-consolidation.js';
import { withInputNoise } from '../binary/description.js';
import { shareOfWidth } from '../binary/options.js';
import type { OperationCounts } from '../cost.js';
import { checkGroups, GroupSchedule } from '../group-schedule.js';
import type { LayerObservation, LearnerState, Problem, RuleContext, RuleDefinition } from '../rule.js';
import { type BepTtConfig, bepTtConfig } from './config.js';
import { describeBepTt, recurrentSizes } from './description.js';
import { allocateLocal, type LocalBatch, localTargets } from './local-targets.js';
import { spreadOverSteps, sumStabilities } from './shared-mask.js';

/** Rows times steps that prediction takes at once, about. */
const PREDICTED_STEPS = 2000;

/**
 * Binary error propagation through time: `bep` on a recurrent network, laid out step by step. For a sequence x_1 … x_T of ±1, hidden
 * weights H_xs [K_s, K_0], H_ss [K_s, K_s], then layers as in `bep` (H_sy [K_y, K_s] …), W = sign(H), a fixed classifier P [C, K_y]:
 *
 *     expand:    a_t = sign(R x_t), R fixed random ±1 [K_0, n]; without expansion a_t = x_t
 *     forward:   z_t = W_xs a_t + W_ss s_{t−1},  s_t = sign(z_t);  after T:  z_y = W_sy s_T,  s_y = sign(z_y),  ŷ = P s_y
 *     trigger:   argmax ŷ ≠ label, or (label's logit − largest other) < r·K_y: once for a sequence
 *     backward:  s*_y = row `label` of P;  s*_T = sign(W_syᵀ (g_y ⊙ s*_y));  s*_t = sign(W_ssᵀ (g_{t+1} ⊙ s*_{t+1})) for t = T − 1 … 1;
 *                g = 1 where |z| ≤ ν·(number of inputs), of the recurrent layer ν·K_s (`gateWidth`), else 0; where the sum is 0, no target
 *     select:    in each group of γ neurons, the least wrong one: one mask M for a sample in each layer, shared by all steps
 *     update:    ΔH_xs = 2 Σ_μ M ⊙ Σ_t s*_t a_tᵀ,  ΔH_ss = 2 Σ_μ M ⊙ Σ_t s*_t s_{t−1}ᵀ,  ΔH_sy = 2 Σ_μ M ⊙ s*_y s_Tᵀ,  clipped once
 *     reinforce: as in `bep`, each matrix by its own number of inputs; so with `consolidation`, of the sums over all steps of a batch
 *
 * With `localTargets` there is no way back at all: each layer has a fixed classifier P_l of its own, and s*_T, or all s*_t, is row `label` of
 * P_1, triggered by P_1 s_T; so the layers behind (local-targets.ts). It is ours, the local rule of [LBES] on a recurrent network.
 *
 * The way back through time is the way back through the layers of the network laid out in time (`propagateDesired`), all of which have
 * the same weights. One mask for all steps, as the paper says; of which step the stability decides it does not say: `stability`, the last
 * by default. It prints ΔH_sy without the 2; h stays odd, and a step there as large as elsewhere, only with it. s_0 and the width in the
 * gate of the recurrent layer are not said, either: `startState`, `gateWidth`. With one step, no expansion and no s_0 this is `bep`, bit
 * for bit. Data that is no sequence is one step.
 *
 * Source: Colombo, Pittorino, Zambon, Baldassi, Roveri, Alippi, ICLR 2026, arXiv:2512.04189 §3.5; algorithms.md §10.
 */
export const bepTt: RuleDefinition<typeof bepTtConfig> = {
  name: 'bep-tt',
  version: 1,
  options: bepTtConfig,
  flags: { 'groupSchedule.patience': 'patience' },
  styles: { 'bep-tt': 1 },
  thermometerLevels: 10,
  inputForm: () => 'binarized',
  check(config, run) {
    checkGroups(config, run);
    checkConsolidation(config.consolidation, config.layers.length);
  },
  describe: (config, problem) => withInputNoise(describeBepTt(config, problem), config, problem),
  createLearner: async (config, problem, context) => new BepTtLearner(config, problem, context),
};

/** What the network computes for one batch of B sequences of T steps. */
interface BepTtBatch {
  /** x, [T·B, n], rows of one step together. */
  readonly shown: BitMatrix;
  /** a, [T·B, K_0], and the sums that it is the signs of; `shown` itself without expansion. */
  readonly expanded: BitMatrix;
  readonly expansionSums: Int32Matrix | undefined;
  readonly recurrent: RecurrentOutput;
  /** The steps that errors go back through, as layers: the last is T. */
  readonly steps: readonly PropagationBatch[];
  /** The layers behind. */
  readonly outputs: readonly PropagationBatch[];
  /** ŷ, [B, C]. */
  readonly logits: Int32Matrix;
  readonly triggers: SampleList;
  /** With local targets, what the classifier of a layer says: of one layer at a time. */
  readonly local: LocalBatch;
  /** Chosen neurons, once for each sample. */
  readonly chosen: StepList;
  /** The same at all steps. */
  readonly spread: StepList;
  /** Σ_t z_t ⊙ s*_t, [B, K_s], and a row of +1 that they shall agree with. */
  readonly sums: { readonly stabilities: Int32Matrix; readonly plus: BitMatrix; readonly row: Int32Array };
  /** 0 … B − 1: each sample has a row of desired activations of its own. */
  readonly ownRows: Int32Array;
}

/** A recurrent binary network trained by `bep-tt`. */
export class BepTtLearner extends BinaryLearner<BepTtBatch> {
  /** R, [K_0, n]; fixed; undefined without expansion. */
  readonly expansion: BitMatrix | undefined;
  /** W_xs and W_ss. */
  readonly recurrent: RecurrentLayer;
  /** The layers behind, input side first. */
  readonly outputs: readonly BinaryLayer[];
  /** P, [C, K_y]; fixed. */
  readonly classifier: BitMatrix;
  /** T. */
  readonly steps: number;
  readonly #config: BepTtConfig;
  readonly #schedule: GroupSchedule;
  readonly #mostGroups: number;
  readonly #margin: number;
  /** P_l and the margin of each layer but the last, input side first; none where errors are propagated. */
  readonly #local: readonly { readonly classifier: BitMatrix; readonly margin: number }[];
  readonly #stepsBack: number;
  /** Those that know of targets of 0. */
  readonly #ternary: Kernels;
  /** The network laid out in time, as far as errors are carried back. */
  readonly #laidOut: readonly PropagatingLayer[];
  #triggersOfEpoch = 0;
  #triggers = 0;

  /**
   * @throws ArgumentError when a group size does not divide its layer, or a group schedule meets a problem without
   *   validation samples
   */
  constructor(config: BepTtConfig, problem: Problem, context: RuleContext) {
    const schedule = GroupSchedule.configured(config, problem);
    super(context, problem, config, bepTt.describe(config, problem));
    const { steps, of } = stepsOf(problem.input);
    const { kernels, streams } = context;
    this.steps = steps;
    const mostBack = config.localTargets === 'last' ? 1 : (config.stepsBack ?? steps);
    this.#stepsBack = Math.min(mostBack, steps);
    this.#config = config;
    this.#ternary = ternaryKernels(kernels);
    this.#schedule = this.addPart(schedule);
    this.#mostGroups = largest(config.layers.map((neurons, l) => neurons / schedule.sizes[l]));
    if (config.expansion > 0) {
      this.expansion = inMemoryOf(
        kernels,
        streams.stream('bep-tt/expansion').signs(config.expansion, sizeOf(of)),
      );
    }
    // The names that `bep` has: with one step, the same weights.
    const name = (layer: number): string => `bep/layer-${layer}`;
    const [stateWidth, ...widths] = config.layers;
    const shown = this.expansion ? vector(config.expansion) : of;
    this.recurrent = new RecurrentLayer(
      shown,
      stateWidth,
      config.startState,
      name(1),
      optionsOfLayer(config, 0),
      context,
    );
    this.outputs = widths.map(
      (neurons, l) =>
        new BinaryLayer(
          vector(config.layers[l]),
          neurons,
          name(l + 2),
          optionsOfLayer(config, l + 1),
          context,
        ),
    );
    this.#laidOut = this.#layOut();
    const lastWidth = config.layers[config.layers.length - 1];
    const marginOf = (neurons: number): number => Math.ceil(shareOfWidth(config.robustness, neurons));
    const make = config.classifier === 'random' ? randomClassifier : equiangularClassifier;
    const classifierOf = (neurons: number, stream: string): BitMatrix =>
      inMemoryOf(kernels, make(problem.classes, neurons, streams.stream(stream)));
    this.#margin = marginOf(lastWidth);
    this.classifier = classifierOf(lastWidth, 'bep/classifier');
    this.#local = (config.localTargets ? config.layers.slice(0, -1) : []).map((neurons, l) => ({
      classifier: classifierOf(neurons, `bep-tt/local-classifier-${l + 1}`),
      margin: marginOf(neurons),
    }));
  }

  /** γ of the recurrent layer and those behind it now. */
  get groupSizes(): readonly number[] {
    return this.#schedule.sizes;
  }

  /** P_l of each layer but the last where targets are local, input side first; else none. */
  get localClassifiers(): readonly BitMatrix[] {
    return this.#local.map(({ classifier }) => classifier);
  }

  #layOut(): readonly PropagatingLayer[] {
    const { gate, gateWidth } = this.#config;
    const { ofInputs, ofState, neurons } = this.recurrent;
    const gated = gateWidth === 'state' ? neurons : ofInputs.inputs + neurons;
    const step = { visible: ofState.weights.visible, gateLimit: Math.floor(shareOfWidth(gate, gated)) };
    return [
      ...Array.from({ length: this.#stepsBack }, () => step),
      ...this.outputs.map(({ inputs, weights }) => ({
        visible: weights.visible,
        gateLimit: Math.floor(shareOfWidth(gate, inputs)),
      })),
    ];
  }

  /** Of long sequences fewer at once: all their steps are held. */
  protected override get predictionRows(): number {
    return Math.max(1, Math.min(super.predictionRows, Math.floor(PREDICTED_STEPS / this.steps)));
  }

  protected override allocate(rows: number): BepTtBatch {
    const { kernels, steps, recurrent, expansion } = this;
    const { neurons } = recurrent;
    const shown = kernels.bitMatrix(steps * rows, sizeOf(stepsOf(this.problem.input).of));
    const output = recurrent.allocate(rows, steps);
    const back = this.#stepsBack;
    // What is needed of one step at a time.
    const gates = kernels.bitMatrix(rows, neurons);
    const errorSums = kernels.int32Matrix(rows, neurons);
    const desired = ternaryMatrix(kernels, back * rows, neurons);
    const plus = kernels.bitMatrix(1, neurons);
    kernels.packSigns(kernels.int32Matrix(1, neurons), plus);
    const mostChosen = rows * this.#mostGroups;
    return {
      shown,
      expanded: expansion ? kernels.bitMatrix(steps * rows, expansion.rows) : shown,
      expansionSums: expansion && kernels.int32Matrix(steps * rows, expansion.rows),
      recurrent: output,
      steps: output.steps.slice(-back).map((step, t) => ({
        ...step,
        gates,
        errorSums,
        desired: desired.rowRange(t * rows, (t + 1) * rows),
      })),
      outputs: this.outputs.map((layer) =>
        allocatePropagation(kernels, layer.allocateOutput(rows), rows, layer.neurons),
      ),
      logits: kernels.int32Matrix(rows, this.problem.classes),
      triggers: kernels.sampleList(rows),
      local: allocateLocal(kernels, rows, this.problem.classes),
      chosen: kernels.stepList(mostChosen),
      spread: kernels.stepList(mostChosen * back),
      sums: { stabilities: errorSums, plus, row: new Int32Array(rows) },
      ownRows: Int32Array.from({ length: rows }, (_, b) => b),
    };
  }

  protected override beginEpoch(reinforcementScale: number): void {
    this.#triggersOfEpoch = 0;
    for (const layer of this.#layers) layer.beginEpoch(reinforcementScale);
  }

  /** W_xs, W_ss and those of the layers behind. */
  get #layers(): readonly BinaryLayer[] {
    return [this.recurrent.ofInputs, this.recurrent.ofState, ...this.outputs];
  }

  protected override trainBatch(inputs: BitMatrix, labels: Int32Array, batch: BepTtBatch): number {
    const { triggers, steps, outputs } = batch;
    const wrong = this.kernels.findTriggers(this.logits(inputs, batch), labels, this.#margin, triggers);
    this.#triggersOfEpoch += triggers.count;
    const laidOut = [...steps, ...outputs];
    const labelRows = new Uint32Array(labels.buffer, labels.byteOffset, labels.length);
    const target: TernaryMatrix = laidOut[laidOut.length - 1].desired;
    this.kernels.gatherRows(this.classifier, labelRows, target);
    if (this.#config.localTargets) {
      this.#updateLocally(labels, batch);
    } else if (triggers.count > 0) {
      propagateDesired(this.#ternary, this.#laidOut, laidOut, triggers);
      this.#updateRecurrent(batch, triggers);
      this.#updateOutputs(batch, () => triggers);
    }
    return wrong;
  }

  /** Each layer by its own classifier, the last by the network's; without layers behind the recurrent one that is this one. */
  #updateLocally(labels: Int32Array, batch: BepTtBatch): void {
    const { steps, outputs, recurrent, triggers, local } = batch;
    const [ofState, ...ofOutputs] = this.#local;
    const last = recurrent.steps[this.steps - 1].activations;
    const judged = ofState ?? { classifier: this.classifier, margin: this.#margin };
    this.#updateRecurrent(batch, localTargets(this.kernels, judged, last, labels, steps, local));
    this.#updateOutputs(batch, (l) =>
      l < ofOutputs.length
        ? localTargets(this.kernels, ofOutputs[l], outputs[l].activations, labels, [outputs[l]], local)
        : triggers,
    );
  }

  /** @param triggers - samples that the recurrent layer is corrected for */
  #updateRecurrent(batch: BepTtBatch, triggers: SampleList): void {
    if (triggers.count === 0) return;
    const { expanded, recurrent, steps, chosen, spread } = batch;
    const { ofInputs, ofState, startState } = this.recurrent;
    this.#choose(batch, triggers);
    const behindFirst = spreadOverSteps(chosen, steps, this.steps, spread);
    ofInputs.step(expanded, spread);
    // Row t·B + b of the states is what step t of sample b was shown besides its input, so the same list serves.
    if (startState === 'zero') spread.count = behindFirst;
    ofState.step(recurrent.states, spread);
    ofInputs.reinforce();
    ofState.reinforce();
  }

  /** Which neurons of the recurrent layer each sample corrects. */
  #choose({ steps, chosen, sums, ownRows }: BepTtBatch, triggers: SampleList): void {
    const [groupSize] = this.#schedule.sizes;
    if (this.#config.stability === 'last') {
      const { preActivations, desired } = steps[steps.length - 1];
      this.#ternary.selectNeurons(preActivations, triggers, desired, ownRows, groupSize, chosen);
    } else {
      const { stabilities, plus, row } = sums;
      sumStabilities(steps, triggers, stabilities);
      this.kernels.selectNeurons(stabilities, triggers, plus, row, groupSize, chosen);
    }
  }

  /** @param triggersOf - samples that a layer is corrected for */
  #updateOutputs(
    { recurrent, outputs, chosen, ownRows }: BepTtBatch,
    triggersOf: (layer: number) => SampleList,
  ): void {
    let below = recurrent.steps[this.steps - 1].activations;
    this.outputs.forEach((layer, l) => {
      const { preActivations, desired, activations } = outputs[l];
      const groupSize = this.#schedule.sizes[l + 1];
      const triggers = triggersOf(l);
      if (triggers.count > 0) {
        this.#ternary.selectNeurons(preActivations, triggers, desired, ownRows, groupSize, chosen);
        layer.step(below, chosen);
        layer.reinforce();
      }
      below = activations;
    });
  }

  protected override endEpoch(samples: number): LayerObservation[] {
    this.#triggers += this.#triggersOfEpoch;
    return this.#layers.map((layer) => layer.endEpoch(this.#triggersOfEpoch / samples));
  }

  protected override logits(inputs: BitMatrix, batch: BepTtBatch): Int32Matrix {
    const { shown, expanded, expansionSums, recurrent, outputs, logits } = batch;
    stepRows(inputs, shown);
    if (this.expansion && expansionSums) this.kernels.product(shown, this.expansion, expansionSums, expanded);
    this.recurrent.forward(expanded, recurrent);
    let activations = recurrent.steps[this.steps - 1].activations;
    this.outputs.forEach((layer, l) => {
      layer.forward(activations, outputs[l]);
      activations = outputs[l].activations;
    });
    this.kernels.product(activations, this.classifier, logits);
    return logits;
  }

  network(): Network {
    const { ofInputs, ofState, startState } = this.recurrent;
    return {
      kind: 'recurrent',
      steps: this.steps,
      startState,
      ...(this.expansion && { expansion: this.expansion.copy() }),
      ofInputs: ofInputs.weights.visible.copy(),
      ofState: ofState.weights.visible.copy(),
      outputs: this.outputs.map(({ weights: { visible } }) => visible.copy()),
      classifier: this.classifier.copy(),
    };
  }

  /** H_xs, H_ss, then those of the layers behind. */
  hiddenWeights(): Int16Matrix[] {
    return copyOfHidden(this.#layers);
  }

  /** Every sample goes forward, every triggering one back through the layers behind and the steps but the first. */
  protected override networkOperations(): OperationCounts {
    const { forward, backward } = recurrentSizes(this.#config, this.problem);
    const comparedBits = this.samplesTrained * forward + this.#triggers * backward;
    const steps = this.#layers.reduce((sum, layer) => sum + layer.weightSteps(), 0);
    return {
      xnorBits: comparedBits,
      popcountBits: comparedBits,
      stepBits: steps * this.#config.hiddenBits,
      floatOperations: 0,
    };
  }

  /** Names of the layers in a state. */
  get #names(): readonly string[] {
    return ['layer-1', 'layer-1/state', ...this.outputs.map((_, l) => `layer-${l + 2}`)];
  }

  protected override saveNetwork(): LearnerState {
    return Object.assign(
      {
        classifier: this.classifier.words.slice(),
        triggers: Float64Array.of(this.#triggers),
        ...(this.expansion && { expansion: this.expansion.words.slice() }),
      },
      ...this.#local.map(({ classifier }, l) => ({
        [`local-classifier-${l + 1}`]: classifier.words.slice(),
      })),
      ...this.#layers.map((layer, l) => layer.saveState(this.#names[l])),
    );
  }

  protected override loadNetwork(state: LearnerState): void {
    this.classifier.words.set(state.classifier);
    this.expansion?.words.set(state.expansion);
    [this.#triggers] = state.triggers;
    this.#local.forEach(({ classifier }, l) => {
      classifier.words.set(state[`local-classifier-${l + 1}`]);
    });
    this.#layers.forEach((layer, l) => {
      layer.loadState(state, this.#names[l]);
    });
  }
}
