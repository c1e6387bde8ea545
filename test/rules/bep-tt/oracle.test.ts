import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BitMatrix } from '../../../src/core/bit-matrix.js';
import { randomStreams } from '../../../src/core/random.js';
import { vector } from '../../../src/core/shape.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { BepLearner } from '../../../src/rules/bep/bep.js';
import { bepConfig } from '../../../src/rules/bep/config.js';
import { BepTtLearner } from '../../../src/rules/bep-tt/bep-tt.js';
import { bepTtConfig } from '../../../src/rules/bep-tt/config.js';
import type { Problem } from '../../../src/rules/rule.js';
import { PRESENT_BACKENDS, problemOf, randomProblem } from '../binary/problem.js';

type Matrix = number[][];

const sign = (x: number): number => (x < 0 ? -1 : 1);
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);
const matrixOf = (values: ArrayLike<number>, columns: number): Matrix =>
  Array.from({ length: values.length / columns }, (_, row) =>
    Array.from({ length: columns }, (_, column) => values[row * columns + column]),
  );

interface Options {
  readonly steps: number;
  readonly groupSize: number;
  readonly gate: number;
  readonly gateWidth: 'state' | 'inputs';
  readonly stability: 'last' | 'sum';
  readonly startState: 'plus' | 'zero';
  readonly stepsBack?: number | undefined;
  readonly localTargets?: 'last' | 'every' | undefined;
  readonly bound: number;
}

interface Weights {
  readonly expansion?: Matrix | undefined;
  /** H_xs, H_ss, H_sy; changed. */
  readonly hidden: [Matrix, Matrix, Matrix];
  readonly classifier: Matrix;
  /** Of the state, where targets are local. */
  readonly ofState?: Matrix | undefined;
}

/**
 * A batch of `bep-tt` a second time, straight from the equations: numbers in arrays, one sequence after the other, sums written as they
 * are printed; no kernels, no reinforcement.
 */
function trainBatch(
  { expansion, hidden, classifier, ofState }: Weights,
  samples: readonly { readonly x: number[]; readonly label: number }[],
  options: Options,
): number {
  const { steps, groupSize, gate, gateWidth, stability, startState, localTargets, bound } = options;
  const stepsBack = localTargets === 'last' ? 1 : (options.stepsBack ?? steps);
  const [wXs, wSs, wSy] = hidden.map((rows) => rows.map((row) => row.map(sign)));
  const change = hidden.map((rows) => rows.map((row) => row.map(() => 0)));
  const kState = wSs.length;
  let triggers = 0;
  for (const { x, label } of samples) {
    const n = x.length / steps;
    const shown = Array.from({ length: steps }, (_, t) => x.slice(t * n, (t + 1) * n));
    const a = expansion ? shown.map((step) => expansion.map((row) => sign(dot(row, step)))) : shown;
    // s[t] is s_t with s[0] before the first step; z[t] of step t.
    const s: number[][] = [wSs.map(() => (startState === 'plus' ? 1 : 0))];
    const z: number[][] = [[]];
    for (let t = 1; t <= steps; t++) {
      z[t] = wXs.map((row, k) => dot(row, a[t - 1]) + dot(wSs[k], s[t - 1]));
      s[t] = z[t].map(sign);
    }
    const zY = wSy.map((row) => dot(row, s[steps]));
    const isTriggered = triggersBy(classifier, zY.map(sign), label);
    triggers += Number(isTriggered);
    if (!isTriggered && !ofState) continue;
    const wantedY = classifier[label];
    const first = Math.max(1, steps - stepsBack + 1);
    const wanted: number[][] = [];
    if (ofState) {
      const isWrong = triggersBy(ofState, s[steps], label);
      for (let t = steps; t >= first && isWrong; t--) wanted[t] = ofState[label];
    } else {
      const passedY = wantedY.map((w, i) => (Math.abs(zY[i]) <= gate * kState ? w : 0));
      wanted[steps] = wSs.map((_, k) => Math.sign(passedY.reduce((sum, p, i) => sum + p * wSy[i][k], 0)));
      const limit = gate * (gateWidth === 'state' ? kState : a[0].length + kState);
      for (let t = steps - 1; t >= first; t--) {
        const passed = wanted[t + 1].map((w, i) => (Math.abs(z[t + 1][i]) <= limit ? w : 0));
        wanted[t] = wSs.map((_, k) => Math.sign(passed.reduce((sum, p, i) => sum + p * wSs[i][k], 0)));
      }
    }
    const stabilityOf = (k: number): number =>
      wanted.reduce((sum, w, t) => (stability === 'sum' || t === steps ? sum + z[t][k] * w[k] : sum), 0);
    const mask = maskOf(
      Array.from({ length: kState }, (_, k) => stabilityOf(k)),
      groupSize,
    );
    const maskY = maskOf(
      zY.map((value, i) => value * wantedY[i]),
      groupSize,
    );
    wanted.forEach((w, t) => {
      for (const k of mask) {
        a[t - 1].forEach((value, j) => {
          change[0][k][j] += 2 * w[k] * value;
        });
        s[t - 1].forEach((value, j) => {
          change[1][k][j] += 2 * w[k] * value;
        });
      }
    });
    for (const i of isTriggered ? maskY : []) {
      s[steps].forEach((value, j) => {
        change[2][i][j] += 2 * wantedY[i] * value;
      });
    }
  }
  hidden.forEach((rows, m) => {
    rows.forEach((row, k) => {
      row.forEach((h, j) => {
        row[j] = Math.max(-bound, Math.min(bound, h + change[m][k][j]));
      });
    });
  });
  return triggers;
}

/** Whether a label's logit is not ahead of all others by half the width. */
function triggersBy(classifier: Matrix, activations: readonly number[], label: number): boolean {
  const logits = classifier.map((row) => dot(row, activations));
  const best = logits.indexOf(Math.max(...logits));
  const lead = logits[label] - Math.max(...logits.filter((_, c) => c !== label));
  return best !== label || lead < 0.5 * activations.length;
}

/** In each group the neuron with the smallest |stability| of those that are wrong. */
function maskOf(stabilities: readonly number[], groupSize: number): number[] {
  const mask: number[] = [];
  for (let start = 0; start < stabilities.length; start += groupSize) {
    let chosen = -1;
    for (let k = start; k < start + groupSize; k++) {
      if (stabilities[k] < 0 && (chosen < 0 || stabilities[k] > stabilities[chosen])) chosen = k;
    }
    if (chosen >= 0) mask.push(chosen);
  }
  return mask;
}

const shapes = fc.record({
  steps: fc.integer({ min: 1, max: 5 }),
  perStep: fc.integer({ min: 1, max: 40 }),
  expansion: fc.constantFrom(0, 20, 33),
  groups: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 })),
  groupSize: fc.constantFrom(1, 3, 7),
  gate: fc.constantFrom(0.02, 0.2, 1),
  gateWidth: fc.constantFrom('state' as const, 'inputs' as const),
  stability: fc.constantFrom('last' as const, 'sum' as const),
  startState: fc.constantFrom('plus' as const, 'zero' as const),
  stepsBack: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  localTargets: fc.constantFrom(undefined, undefined, 'last' as const, 'every' as const),
  samples: fc.integer({ min: 2, max: 15 }),
});

const signsOf = (bits: BitMatrix): Matrix =>
  Array.from({ length: bits.rows }, (_, row) => [...bits.signs(row)]);

const sequence = (steps: number, perStep: number): Problem['input'] => ({
  kind: 'sequence',
  steps,
  of: vector(perStep),
});

describe('BEP-TT computed a second time', () => {
  it('two batches of random networks on every backend', async () => {
    let triggered = 0;
    await fc.assert(
      fc.asyncProperty(
        shapes,
        async ({ steps, perStep, groups, samples, stepsBack, localTargets, ...rest }) => {
          const problem = randomProblem(samples, steps * perStep, 3, 5);
          const { groupSize } = rest;
          const config = bepTtConfig.parse({
            name: 'bep-tt',
            layers: groups.map((count) => count * groupSize),
            hiddenBits: 5,
            initialDepth: 4,
            reinforcement: 0,
            classifier: 'random',
            ...rest,
            ...(stepsBack !== undefined && { stepsBack }),
            ...(localTargets && { localTargets }),
          });
          const data = Array.from(problem.data.labels, (label, i) => ({
            x: [...problem.data.inputs.signs(i)],
            label,
          }));
          for (const backend of PRESENT_BACKENDS) {
            const learner = new BepTtLearner(
              config,
              { ...problemOf(problem), input: sequence(steps, perStep) },
              { kernels: selectKernels(backend), streams: randomStreams(3) },
            );
            const { expansion } = learner;
            const hidden = learner.hiddenWeights().map(({ values, columns }) => matrixOf(values, columns));
            const weights: Weights = {
              expansion: expansion && signsOf(expansion),
              hidden: [hidden[0], hidden[1], hidden[2]],
              classifier: signsOf(learner.classifier),
              ofState: learner.localClassifiers.map(signsOf)[0],
            };
            const batchSize = Math.ceil(samples / 2);
            for (let start = 0; start < samples; start += batchSize) {
              triggered += trainBatch(weights, data.slice(start, start + batchSize), {
                ...rest,
                steps,
                localTargets,
                stepsBack: stepsBack === undefined ? undefined : Math.min(stepsBack, steps),
                bound: 15,
              });
            }
            await learner.trainEpoch({
              data: problem.data,
              order: Uint32Array.from({ length: samples }, (_, i) => i),
              batchSize,
              afterBatch: () => undefined,
            });
            expect(
              learner.hiddenWeights().map(({ values, columns }) => matrixOf(values, columns)),
              backend,
            ).toEqual(weights.hidden);
          }
        },
      ),
      { numRuns: 30 },
    );
    expect(triggered).toBeGreaterThan(200);
  });
});

describe('one step', () => {
  it.each([{}, { consolidation: { m: [0.1, 0.3] } }])('is bep, bit for bit: %o', async (further) => {
    const problem = randomProblem(90, 61, 3, 5);
    const shared = { layers: [30, 20], groupSize: 5, initialDepth: 6, gate: 0.1, classifier: 'random' };
    const options = { ...shared, ...further, inputFlipProbability: 0.05, groupSchedule: { patience: 1 } };
    const setting = { ...problemOf(problem), batchSize: 25, hasValidation: true };
    for (const stability of ['last', 'sum']) {
      for (const input of [vector(61), sequence(1, 61)]) {
        const context = { kernels: selectKernels('auto'), streams: randomStreams(9) };
        const plain = new BepLearner(
          bepConfig.parse({ name: 'bep', ...options }),
          { ...setting, input },
          context,
        );
        const recurrent = new BepTtLearner(
          bepTtConfig.parse({ name: 'bep-tt', ...options, stability, expansion: 0, startState: 'zero' }),
          { ...setting, input },
          context,
        );
        for (let epoch = 0; epoch < 6; epoch++) {
          const observations = [];
          for (const learner of [plain, recurrent]) {
            observations.push(
              await learner.trainEpoch({
                data: problem.data,
                order: Uint32Array.from({ length: 90 }, (_, i) => (7 * i + epoch) % 90),
                batchSize: 25,
                afterBatch: () => undefined,
              }),
            );
            learner.afterValidation(10 - epoch);
          }
          const [ofPlain, { trainAccuracy, layers = [] }] = observations;
          // W_ss never steps; it is the second layer that is told of.
          expect({ trainAccuracy, layers: [layers[0], layers[2]] }).toEqual(ofPlain);
          expect(recurrent.groupSizes).toEqual(plain.groupSizes);
        }
        const [first, , second] = recurrent.hiddenWeights();
        expect([first, second]).toEqual(plain.hiddenWeights());
        expect(await recurrent.predict(problem.data.inputs)).toEqual(
          await plain.predict(problem.data.inputs),
        );
      }
    }
  });
});
