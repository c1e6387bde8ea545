import { randomStreams } from '../../core/random.js';
import type { Kernels } from '../../kernels/kernels.js';
import type {
  ConfiguredRule,
  EpochObservation,
  EpochPlan,
  LabelledInputs,
  Learner,
  LearnerState,
  Problem,
  RuleContext,
} from '../rule.js';

/** A rule with what it is tried on. */
export interface Subject {
  readonly rule: ConfiguredRule;
  readonly problem: Problem;
  readonly kernels: Kernels;
  readonly onnxRuntime: RuleContext['onnxRuntime'];
  /** A fresh copy of the data at every call. */
  data(): LabelledInputs;
  readonly samples: number;
}

/** Order of samples of an epoch, the same in every trial. */
export function orderOf({ samples }: Subject, epoch: number): Uint32Array {
  return randomStreams(7).stream(`check/order-${epoch}`).permutation(samples);
}

/** A learner of the rule, always with the same seed. */
export function newLearner({ rule, problem, kernels, onnxRuntime }: Subject): Promise<Learner> {
  return rule.createLearner(problem, { kernels, streams: randomStreams(7), onnxRuntime });
}

/** Trains an epoch, counted from 0, and tells the learner of a validation accuracy that goes up and down. */
export async function trainEpoch(
  subject: Subject,
  learner: Learner,
  epoch: number,
  plan: Partial<EpochPlan> = {},
): Promise<EpochObservation> {
  const observation = await learner.trainEpoch({
    data: subject.data(),
    order: orderOf(subject, epoch),
    batchSize: subject.problem.batchSize,
    afterBatch: () => undefined,
    ...plan,
  });
  learner.afterValidation?.([50, 60, 60, 40][epoch % 4]);
  return observation;
}

/** All that can be seen of a learner, as text: equal for equal learners. */
export async function traceOf(
  { data }: Subject,
  learner: Learner,
): Promise<Readonly<Record<string, string>>> {
  const state = learner.saveState();
  return {
    ...stateText(state),
    'its predictions': String(await learner.predict(data().inputs)),
    'its count of operations': JSON.stringify(learner.operations()),
  };
}

/** Each array of a state as text. */
export function stateText(state: LearnerState): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state).map(([key, values]) => [`its state ${key}`, Array.from(values).join()]),
  );
}

/** Names of what differs between two traces. */
export function differences(
  first: Readonly<Record<string, string>>,
  second: Readonly<Record<string, string>>,
): string[] {
  const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return keys.filter((key) => first[key] !== second[key]);
}
