/**
 * A rule of your own in a file: `xnorlab train --rules examples/random-correction.ts --rule random-correction`, or
 * `rules: random-correction.ts` in a sweep beside it.
 *
 * Layers with a fixed classifier each, as in `local-error`; but which wrong neurons are corrected is drawn.
 */
import {
  type BitMatrix,
  describeLayers,
  hiddenWeightOptions,
  type Int32Matrix,
  LayeredLearner,
  type LayerOutput,
  type Problem,
  type RuleContext,
  registerRule,
  type SampleList,
  type StepList,
  withInputNoise,
  z,
} from 'xnorlab';

const options = z.strictObject({
  layers: z
    .array(z.int().min(1))
    .min(1)
    .default([255, 255])
    .describe('Neurons of each layer, input side first.'),
  corrections: z
    .int()
    .min(1)
    .default(5)
    .describe('Most neurons of a layer that a sample corrects, drawn among the wrong ones.'),
  robustness: z.number().min(0).max(1).default(0.25).describe('r: a lead of less than ⌊r·K⌋ triggers, too.'),
  ...hiddenWeightOptions,
});
type Config = z.output<typeof options>;

/** What a layer computes for a batch. */
interface Batch extends LayerOutput {
  readonly logits: Int32Matrix;
  readonly triggers: SampleList;
  readonly steps: StepList;
}

class RandomCorrection extends LayeredLearner<Batch[]> {
  readonly #classifiers = this.layers.map((_, l) => this.classifierOn(l));

  constructor(
    readonly config: Config,
    problem: Problem,
    context: RuleContext,
  ) {
    super('random-correction', config, problem, context, describeLayers(config, problem), ['draws']);
  }

  protected override allocate(rows: number): Batch[] {
    return this.layers.map((layer) => ({
      ...layer.allocateOutput(rows),
      logits: this.kernels.int32Matrix(rows, this.problem.classes),
      triggers: this.kernels.sampleList(rows),
      steps: this.kernels.stepList(rows * this.config.corrections),
    }));
  }

  protected override logits(inputs: BitMatrix, batches: Batch[]): Int32Matrix {
    this.layers.forEach((layer, l) => {
      layer.forward(batches[l - 1]?.activations ?? inputs, batches[l]);
      this.kernels.product(batches[l].activations, this.#classifiers[l], batches[l].logits);
    });
    return batches[batches.length - 1].logits;
  }

  protected override trainBatch(inputs: BitMatrix, labels: Int32Array, batches: Batch[]): number {
    this.logits(inputs, batches);
    const misclassified = this.layers.map((layer, l) => {
      const { logits, triggers, steps } = batches[l];
      const margin = Math.floor(this.config.robustness * layer.neurons);
      const wrong = this.kernels.findTriggers(logits, labels, margin, triggers);
      steps.count = 0;
      for (const sample of triggers.listed()) {
        this.#correct(sample, this.#classifiers[l].signs(labels[sample]), batches[l]);
      }
      this.countTriggers(l, triggers.count);
      layer.step(batches[l - 1]?.activations ?? inputs, steps);
      if (triggers.count > 0) layer.reinforce();
      return wrong;
    });
    return misclassified[misclassified.length - 1];
  }

  #correct(sample: number, desired: Int8Array, { activations, steps }: Batch): void {
    const found = activations.signs(sample);
    const wrong = [...desired.keys()].filter((k) => found[k] !== desired[k]);
    for (let left = Math.min(this.config.corrections, wrong.length); left > 0; left--) {
      const [k] = wrong.splice(this.stream('draws').below(wrong.length), 1);
      steps.push(sample, k, desired[k] > 0 ? 1 : -1);
    }
  }
}

export const randomCorrection = registerRule({
  name: 'random-correction',
  version: 1,
  options,
  inputForm: () => 'binarized',
  describe: (config, problem) => withInputNoise(describeLayers(config, problem), config, problem),
  createLearner: async (config, problem, context) => new RandomCorrection(config, problem, context),
});
