import { createHash } from 'node:crypto';
import { RandomStream } from '../../src/core/random.js';
import { GeometricGaps } from '../../src/kernels/geometric-gaps.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { randomHidden, randomIndices } from './operands.js';

/** Sizes and options of the miniature training run. */
export interface ChainShape {
  readonly inputs: number;
  readonly neurons: number;
  readonly classes: number;
  readonly groupSize: number;
  readonly batchSize: number;
  readonly batches: number;
  readonly bound: number;
  readonly margin: number;
  readonly probability: number;
}

/** What a run did: the digest tells everything, the counts show that it did something. */
export interface ChainResult {
  /** SHA-256 of the hidden weights of both layers, then of the trained classifier. */
  readonly digest: string;
  readonly wrong: number;
  readonly steps: number;
  readonly flips: number;
}

/** Two layers with a fixed and a trained classifier, through every operation of the contract. */
export function trainChain(kernels: Kernels, shape: ChainShape): ChainResult {
  const { inputs, neurons, classes, groupSize, batchSize, batches, bound, margin } = shape;
  const random = RandomStream.named(1, 'training-chain');
  const samples = 3 * batchSize;
  const data = kernels.bitMatrix(samples, inputs);
  data.words.set(random.signs(samples, inputs).words);
  const labels = randomIndices(random, samples, classes);
  const first = makeLayer(kernels, random, neurons, inputs, bound);
  const second = makeLayer(kernels, random, neurons, neurons, bound);
  const trained = makeLayer(kernels, random, classes, neurons, bound);
  const fixed = kernels.bitMatrix(classes, neurons);
  fixed.words.set(random.signs(classes, neurons).words);
  const gaps = new GeometricGaps(random);
  gaps.setProbability(shape.probability);

  const batch = kernels.bitMatrix(batchSize, inputs);
  const logits = kernels.int32Matrix(batchSize, classes);
  const triggers = kernels.sampleList(batchSize);
  const steps = kernels.stepList(Math.max((batchSize * neurons) / groupSize, 2 * batchSize));
  const counts = { wrong: 0, steps: 0, flips: 0 };
  for (let i = 0; i < batches; i++) {
    const rows = random.permutation(samples).slice(0, batchSize);
    const batchLabels = Int32Array.from(rows, (row) => labels[row]);
    kernels.gatherRows(data, rows, batch);
    let below = batch;
    for (const layer of [first, second]) {
      const preActivations = kernels.int32Matrix(batchSize, neurons);
      const activations = kernels.bitMatrix(batchSize, neurons);
      kernels.product(below, layer.visible, preActivations);
      kernels.packSigns(preActivations, activations);
      kernels.product(activations, fixed, logits);
      counts.wrong += kernels.findTriggers(logits, batchLabels, margin, triggers);
      kernels.selectNeurons(preActivations, triggers, fixed, batchLabels, groupSize, steps);
      counts.steps += steps.count;
      counts.flips += kernels.applySteps(layer.hidden, layer.visible, below, steps, bound);
      kernels.reinforce(layer.hidden, gaps, bound);
      below = activations;
    }
    kernels.product(below, trained.visible, logits);
    counts.wrong += kernels.findTriggers(logits, batchLabels, margin, triggers);
    kernels.selectRivals(logits, batchLabels, triggers, steps);
    counts.steps += steps.count;
    counts.flips += kernels.applySteps(trained.hidden, trained.visible, below, steps, bound);
  }
  const hash = createHash('sha256');
  for (const { hidden } of [first, second, trained]) hash.update(Int16Array.from(hidden.values));
  return { digest: hash.digest('hex'), ...counts };
}

function makeLayer(kernels: Kernels, random: RandomStream, neurons: number, inputs: number, bound: number) {
  const hidden = kernels.int16Matrix(neurons, inputs);
  hidden.values.set(randomHidden(random, neurons, inputs, bound).values);
  const visible = kernels.bitMatrix(neurons, inputs);
  kernels.packSigns(hidden, visible);
  return { hidden, visible };
}
