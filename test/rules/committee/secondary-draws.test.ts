import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/core/random.js';
import { type Step, StepList } from '../../../src/kernels/lists.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { SecondaryStep } from '../../../src/rules/committee/secondary-step.js';

const kernels = selectKernels('reference');

/** Samples with random pre-activations, a third of which trigger. */
function randomView(samples: number, perceptrons: number, threshold: number, seed: number) {
  const random = RandomStream.named(seed, 'test/view');
  const preActivations = kernels.int32Matrix(samples, perceptrons);
  preActivations.values.forEach((_, i) => {
    preActivations.values[i] = random.below(9) - 4;
  });
  const activations = kernels.bitMatrix(samples, perceptrons);
  kernels.packSigns(preActivations, activations);
  const near = kernels.bitMatrix(samples, perceptrons);
  kernels.packGates(preActivations, threshold, near);
  const triggers = kernels.sampleList(samples);
  for (let b = 0; b < samples; b++) if (random.below(3) === 0) triggers.indices[triggers.count++] = b;
  const desired = random.signs(4, perceptrons);
  const labels = Int32Array.from({ length: samples }, () => random.below(4));
  return { preActivations, activations, near, triggers, desired, labels };
}

/** Every perceptron of every sample looked at in turn, with one draw for each that is within the threshold. */
function expectedSteps(
  view: ReturnType<typeof randomView>,
  threshold: number,
  isDrawn: () => boolean,
): Step[] {
  const { preActivations, triggers, desired, labels } = view;
  const triggering = new Set(triggers.listed());
  const steps: Step[] = [];
  for (let sample = 0; sample < preActivations.rows; sample++) {
    if (triggering.has(sample)) continue;
    for (let neuron = 0; neuron < preActivations.columns; neuron++) {
      const direction = desired.get(labels[sample], neuron);
      const stability = preActivations.get(sample, neuron) * direction;
      if (stability > 0 && stability <= threshold && isDrawn()) steps.push({ sample, neuron, direction });
    }
  }
  return steps;
}

describe('secondary steps', () => {
  it('are those of a second implementation, also of more perceptrons than a word has bits', () => {
    const shape = fc.record({
      samples: fc.integer({ min: 1, max: 6 }),
      perceptrons: fc.integer({ min: 1, max: 140 }),
      threshold: fc.integer({ min: 1, max: 5 }),
      probability: fc.constantFrom(0.25, 0.5, 0.9, 1),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(shape, ({ samples, perceptrons, threshold, probability, seed }) => {
        const view = randomView(samples, perceptrons, threshold, seed);
        const steps = StepList.withCapacity(samples * perceptrons);
        const draws = () => RandomStream.named(seed, 'test/draws');
        const secondary = new SecondaryStep({ probability, threshold }, draws());
        secondary.select(view, steps);
        const stream = draws();
        const isDrawn = () => stream.uint32() / 2 ** 32 < probability;
        expect(steps.toArray()).toEqual(expectedSteps(view, threshold, isDrawn));
        // As many draws as perceptrons within the threshold: both streams are where they should be.
        expect(Array.from(secondary.saveState(), (word) => word | 0)).toEqual(stream.state());
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('never happen with probability 0, not even for the smallest draw', () => {
    const view = randomView(6, 70, 4, 1);
    const steps = StepList.withCapacity(6 * 70);
    // The one state that the generator never leaves: all draws are 0.
    const zeros = RandomStream.fromState([0, 0, 0, 0]);
    new SecondaryStep({ probability: 0, threshold: 4 }, zeros).select(view, steps);
    expect(steps.toArray()).toEqual([]);
  });
});
