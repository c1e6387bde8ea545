import type { BitMatrix } from '../core/bit-matrix.js';
import { randomStreams } from '../core/random.js';
import { generatePrototypes } from '../data/prototypes.js';
import { referenceKernels as kernels } from '../kernels/reference.js';
import { EXPLAINED } from '../rules/local-error/batch-story.js';
import { localError } from '../rules/local-error/local-error.js';
import type { EpochPlan, Learner } from '../rules/rule.js';

const SIDE = 4;
const CLASSES = 3;
const BATCH = 4;
const WARM_UP = 8;
const SEED = 17;

/** A network that has seen a few samples, and the batch that it is shown next. */
export async function exampleNetwork(): Promise<{ readonly learner: Learner; readonly plan: EpochPlan }> {
  const features = SIDE * SIDE;
  const { train } = generatePrototypes({
    features,
    classes: CLASSES,
    flipProbability: 0.2,
    trainSamples: WARM_UP + BATCH,
    validationSamples: 0,
    testSamples: 1,
  });
  const problem = {
    input: { kind: 'vector', size: features },
    classes: CLASSES,
    batchSize: BATCH,
    hasValidation: false,
  } as const;
  const learner = await localError.createLearner(EXPLAINED, problem, {
    kernels,
    streams: randomStreams(SEED),
  });
  const data = { inputs: train.features as BitMatrix, labels: train.labels };
  const order = Uint32Array.from({ length: WARM_UP + BATCH }, (_, i) => i);
  const planOf = (rows: Uint32Array): EpochPlan => ({
    data,
    order: rows,
    batchSize: BATCH,
    afterBatch: () => undefined,
  });
  await learner.trainEpoch(planOf(order.subarray(0, WARM_UP)));
  return { learner, plan: planOf(order.subarray(WARM_UP)) };
}
