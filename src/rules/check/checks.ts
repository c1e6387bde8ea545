import { BitMatrix } from '../../core/bit-matrix.js';
import type { EpochObservation, Learner } from '../rule.js';
import type { CheckName } from './report.js';
import { inputsText, oneRow } from './sample-problem.js';
import { differences, newLearner, orderOf, type Subject, stateText, traceOf, trainEpoch } from './subject.js';

const EPOCHS = 4;

/** Looks at a rule. @returns what is wrong */
type Check = (subject: Subject) => Promise<string[]>;

/** Everything that is seen of training for some epochs. */
async function history(subject: Subject, learner: Learner, from: number, to: number): Promise<string> {
  const observations: EpochObservation[] = [];
  for (let epoch = from; epoch < to; epoch++) observations.push(await trainEpoch(subject, learner, epoch));
  return JSON.stringify(observations);
}

const determinism: Check = async (subject) => {
  const runs: Record<string, string>[] = [];
  for (let run = 0; run < 2; run++) {
    const learner = await newLearner(subject);
    const epochs = await history(subject, learner, 0, EPOCHS);
    runs.push({ 'what its epochs tell': epochs, ...(await traceOf(subject, learner)) });
    await learner.dispose();
  }
  const differing = differences(runs[0], runs[1]);
  if (differing.length === 0) return [];
  return [`two runs of the same seed differ in ${differing.join(', ')}: draw from context.streams only`];
};

const state: Check = async (subject) => {
  const problems: string[] = [];
  const learner = await newLearner(subject);
  await history(subject, learner, 0, 2);
  const saved = learner.saveState();
  const before = stateText(saved);
  const rest = await history(subject, learner, 2, EPOCHS);
  const end = { 'what its epochs tell': rest, ...(await traceOf(subject, learner)) };
  const shared = differences(before, stateText(saved));
  if (shared.length > 0) problems.push(`training changes ${shared.join(', ')} after saveState: copy it out`);
  for (const [kind, epochsBefore] of [
    ['a new learner', 0],
    ['a learner that was trained further', EPOCHS],
  ] as const) {
    const other = await newLearner(subject);
    await history(subject, other, 0, epochsBefore);
    other.loadState(saved);
    const loaded = differences(before, stateText(other.saveState()));
    if (loaded.length > 0)
      problems.push(`${kind} that has loaded a state saves another: ${loaded.join(', ')}`);
    const resumed = { 'what its epochs tell': await history(subject, other, 2, EPOCHS) };
    const differing = differences(end, { ...resumed, ...(await traceOf(subject, other)) });
    if (differing.length > 0) {
      const what = `${kind} that has loaded a state goes on otherwise than the one that saved it`;
      problems.push(`${what}: ${differing.join(', ')} differ. What training changes belongs into saveState`);
    }
    await other.dispose();
  }
  await learner.dispose();
  return [...new Set(problems)];
};

const predictions: Check = async (subject) => {
  const { problem, samples } = subject;
  const problems: string[] = [];
  const learner = await newLearner(subject);
  await history(subject, learner, 0, 2);
  const before = await traceOf(subject, learner);
  const { inputs } = subject.data();
  const all = await learner.predict(inputs);
  if (!(all instanceof Int32Array) || all.length !== samples) {
    const found = all instanceof Int32Array ? `${all.length} entries` : typeof all;
    return [`predict gives ${found} for ${samples} rows, not an Int32Array of one class for each`];
  }
  const foreign = all.find((value) => value < 0 || value >= problem.classes);
  if (foreign !== undefined) problems.push(`predict gives class ${foreign}, of ${problem.classes} from 0`);
  for (const row of [0, samples - 1]) {
    const [alone] = await learner.predict(oneRow(inputs, row));
    if (alone !== all[row])
      problems.push(`row ${row} is of class ${all[row]} among others and ${alone} alone`);
  }
  const changed = differences(before, await traceOf(subject, learner));
  if (changed.length > 0) problems.push(`predicting changes ${changed.join(', ')}`);
  await learner.dispose();
  return problems;
};

const batches: Check = async (subject) => {
  const { batchSize } = subject.problem;
  const problems: string[] = [];
  for (const samples of [subject.samples, 1]) {
    const learner = await newLearner(subject);
    const told: number[] = [];
    let isWaiting = false;
    const afterBatch = (shown: number): Promise<void> => {
      if (isWaiting) problems.push('it goes on before the promise of afterBatch is kept: await it');
      told.push(shown);
      isWaiting = true;
      return new Promise((resolve) => {
        setTimeout(() => {
          isWaiting = false;
          resolve();
        });
      });
    };
    await trainEpoch(subject, learner, 0, { order: orderOf(subject, 0).slice(0, samples), afterBatch });
    const expected = Array.from({ length: Math.ceil(samples / batchSize) }, (_, i) =>
      Math.min((i + 1) * batchSize, samples),
    );
    if (String(told) !== String(expected)) {
      const asked = `${samples} samples in batches of ${batchSize}`;
      problems.push(`of ${asked}, afterBatch is told ${told.join(', ')}, not ${expected.join(', ')}`);
    }
    await learner.dispose();
  }
  const learner = await newLearner(subject);
  const stop = new Error('stop');
  const afterBatch = (): never => {
    throw stop;
  };
  const ended = await trainEpoch(subject, learner, 0, { afterBatch }).catch((error: unknown) => error);
  if (ended !== stop) problems.push('what afterBatch throws does not end the epoch');
  await learner.dispose();
  return [...new Set(problems)];
};

const data: Check = async (subject) => {
  const { problem, samples } = subject;
  const problems: string[] = [];
  const shown = orderOf(subject, 0).slice(0, samples - 5);
  const left = [...orderOf(subject, 0).slice(samples - 5)];
  const traces: Record<string, string>[] = [];
  for (const isSpoilt of [false, true]) {
    const learner = await newLearner(subject);
    const plan = { data: subject.data(), order: shown };
    if (isSpoilt) {
      for (const row of left) {
        plan.data.labels[row] = (plan.data.labels[row] + 1) % problem.classes;
        if (plan.data.inputs instanceof BitMatrix) plan.data.inputs.set(row, 0, 1);
      }
    }
    const before = inputsText(plan.data.inputs) + plan.data.labels.join();
    await trainEpoch(subject, learner, 0, plan);
    if (inputsText(plan.data.inputs) + plan.data.labels.join() !== before) {
      problems.push('training changes the inputs or labels that it is shown');
    }
    traces.push(await traceOf(subject, learner));
    await learner.dispose();
  }
  const differing = differences(traces[0], traces[1]);
  if (differing.length > 0) problems.push(`rows that are not shown change ${differing.join(', ')}`);
  return [...new Set(problems)];
};

const DEPTH_BINS = 15;

const observations: Check = async (subject) => {
  const problems: string[] = [];
  const learner = await newLearner(subject);
  for (let epoch = 0; epoch < 2; epoch++) {
    const { trainAccuracy, loss, layers = [] } = await trainEpoch(subject, learner, epoch);
    const right = (trainAccuracy * subject.samples) / 100;
    if (!(right >= 0 && right <= subject.samples && Math.abs(right - Math.round(right)) < 1e-6)) {
      problems.push(`trainAccuracy is ${trainAccuracy}, no percentage of ${subject.samples} samples`);
    }
    if (loss !== undefined && !Number.isFinite(loss)) problems.push(`loss is ${loss}`);
    for (const [l, { triggerShare, flips, boundShare, depthHistogram }] of layers.entries()) {
      const isShare = (share: number): boolean => share >= 0 && share <= 1;
      if (!isShare(triggerShare)) problems.push(`triggerShare of layer ${l + 1} is ${triggerShare}`);
      if (!isShare(boundShare)) problems.push(`boundShare of layer ${l + 1} is ${boundShare}`);
      if (!(Number.isInteger(flips) && flips >= 0)) problems.push(`flips of layer ${l + 1} are ${flips}`);
      if (depthHistogram.length !== DEPTH_BINS) {
        problems.push(`depthHistogram of layer ${l + 1} has ${depthHistogram.length} entries`);
      }
    }
  }
  await learner.dispose();
  return [...new Set(problems)];
};

const cost: Check = async (subject) => {
  const described = subject.rule.describe(subject.problem);
  const problems: string[] = [];
  const learner = await newLearner(subject);
  const { model, activations } = learner.memoryBits;
  if (described.architecture === '') problems.push('architecture is empty');
  const pairs: [string, number, number][] = [
    ['parameters', described.parameters, learner.parameters],
    ['memoryBits.model', described.memoryBits.model, model],
    ['memoryBits.activations', described.memoryBits.activations, activations],
  ];
  for (const [name, expected, found] of pairs) {
    if (found !== expected) problems.push(`describe says ${name} ${expected}, the learner ${found}`);
  }
  await history(subject, learner, 0, 2);
  const counted = learner.operations();
  for (const kind of ['xnorBits', 'popcountBits', 'stepBits', 'floatOperations'] as const) {
    const least = 2 * subject.samples * described.operationsPerSample[kind];
    if (counted[kind] < least) {
      problems.push(`${kind} are ${counted[kind]} after two epochs, and at least ${least} by describe`);
    }
  }
  await learner.dispose();
  return problems;
};

/** Checks of a configured rule. */
export const RULE_CHECKS: Readonly<Record<Exclude<CheckName, 'options'>, Check>> = {
  determinism,
  state,
  predictions,
  batches,
  data,
  observations,
  cost,
};
