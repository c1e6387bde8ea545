import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { BitMatrix } from '../../../src/core/bit-matrix.js';
import { ArgumentError } from '../../../src/core/errors.js';
import { RandomStream } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import type { BackendName } from '../../../src/kernels/kernels.js';
import type { BinaryLayer } from '../../../src/layers/binary-layer.js';
import { backendStatuses } from '../../../src/node/kernels/select.js';
import type {
  EpochObservation,
  LabelledInputs,
  Learner,
  LearnerState,
  Problem,
} from '../../../src/rules/rule.js';

/** Samples of ±1 with labels. */
export interface RandomProblem {
  readonly data: LabelledInputs & { readonly inputs: BitMatrix };
  readonly classes: number;
}

/** Random inputs with random labels: nothing to generalise, all to memorise. */
export function randomProblem(samples: number, inputs: number, classes: number, seed: number): RandomProblem {
  const stream = RandomStream.named(seed, 'test/problem');
  const labels = Int32Array.from({ length: samples }, () => stream.below(classes));
  return { data: { inputs: stream.signs(samples, inputs), labels }, classes };
}

/** What a network for the problem is made for, in batches of 8. */
export function problemOf({ data, classes }: RandomProblem, hasValidation = true): Problem {
  return { input: vector(data.inputs.columns), classes, batchSize: 8, hasValidation };
}

/** Trains in the order of the data. */
export async function trainEpochs(
  learner: Learner,
  { data }: RandomProblem,
  epochs: number,
  batchSize = 8,
): Promise<EpochObservation[]> {
  const order = Uint32Array.from({ length: data.labels.length }, (_, i) => i);
  const observations = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    observations.push(await learner.trainEpoch({ data, order, batchSize, afterBatch: () => undefined }));
  }
  return observations;
}

/**
 * Checks that a learner that goes on from a saved state ends as one that never stopped. Validation accuracy stagnates.
 * @param make - a learner from a seed
 * @param before - epochs before the state is saved, then as many again
 */
export async function expectToResume<Made extends Learner>(
  make: (seed: number) => Made,
  problem: RandomProblem,
  before = 2,
): Promise<{ readonly whole: Made; readonly resumed: Made; readonly saved: LearnerState }> {
  const train = async (learner: Learner): Promise<void> => {
    for (let epoch = 0; epoch < before; epoch++) {
      await trainEpochs(learner, problem, 1);
      learner.afterValidation?.(50);
    }
  };
  const whole = make(1);
  await train(whole);
  const saved = whole.saveState();
  const predictions = await whole.predict(problem.data.inputs);
  await train(whole);
  const resumed = make(99);
  resumed.loadState(saved);
  expect(await resumed.predict(problem.data.inputs)).toEqual(predictions);
  await train(resumed);
  expect(resumed.saveState()).toEqual(whole.saveState());
  expect(resumed.operations()).toEqual(whole.operations());
  return { whole, resumed, saved };
}

/** Why an ArgumentError refuses what is made, or 'accepted'. */
export function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof ArgumentError) return error.message;
    throw error;
  }
  return 'accepted';
}

/** SHA-256 over all entries of a state, in the order of their names. */
export function stateHash(state: LearnerState): string {
  const hash = createHash('sha256');
  for (const [name, values] of Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}:${Array.from(values).join(',')};`);
  }
  return hash.digest('hex');
}

/** The first weight that is even, beyond the bound, or not of the sign that is visible. */
export function firstBrokenWeight({ weights, bound }: BinaryLayer): string | undefined {
  const { hidden, visible } = weights;
  for (let i = 0; i < hidden.values.length; i++) {
    const h = hidden.values[i];
    const isRight = Math.abs(h) % 2 === 1 && Math.abs(h) <= bound;
    const sign = visible.get(Math.floor(i / hidden.columns), i % hidden.columns);
    if (!isRight || sign !== Math.sign(h)) return `weight ${i} is ${h}, visible as ${sign}`;
  }
  return undefined;
}

/** Backends that can run here; the reference and wasm always can. */
export const PRESENT_BACKENDS: readonly BackendName[] = backendStatuses()
  .filter(({ backend, available }) => available || backend !== 'native')
  .map(({ backend }) => backend);

/**
 * Hidden weights after the first reinforcement of a first epoch with p_r = 1, where each is hit with probability
 * √(2/(πN)): gaps by inversion of the geometric distribution.
 */
export function reinforced(
  hidden: readonly number[],
  stream: RandomStream,
  { inputs, bound }: { readonly inputs: number; readonly bound: number },
): number[] {
  const result = [...hidden];
  const probability = Math.sqrt(2 / (Math.PI * inputs));
  for (let position = -1; ; ) {
    position += 1 + Math.floor(Math.log(1 - stream.uint32() / 2 ** 32) / Math.log(1 - probability));
    if (position >= result.length) return result;
    const deeper = result[position] + 2 * Math.sign(result[position]);
    result[position] = Math.max(-bound, Math.min(bound, deeper));
  }
}
