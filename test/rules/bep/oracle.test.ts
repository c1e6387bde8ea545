import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../../src/core/random.js';
import { selectKernels } from '../../../src/node/kernels/select.js';
import { BepLearner } from '../../../src/rules/bep/bep.js';
import { bepConfig } from '../../../src/rules/bep/config.js';
import { PRESENT_BACKENDS, problemOf, randomProblem } from '../binary/problem.js';

const sign = (x: number): number => (x < 0 ? -1 : 1);
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0);

/** What the oracle knows of a rule without reinforcement. */
interface Rule {
  readonly groupSize: number;
  readonly gate: number;
  readonly robustness: number;
}

/**
 * A batch of `bep` a second time, as plain as it goes: numbers in arrays, one sample after the other, no kernels, no reinforcement.
 * @param hidden - [L][K][N], changed
 * @returns how many targets of hidden layers there were, and how many were missing
 */
function trainBatch(
  hidden: number[][][],
  classifier: readonly (readonly number[])[],
  samples: readonly { readonly x: number[]; readonly label: number }[],
  { groupSize, gate, robustness }: Rule,
): { targets: number; missing: number } {
  const visible = hidden.map((rows) => rows.map((row) => row.map(sign)));
  const sums = hidden.map((rows) => rows.map((row) => row.map(() => 0)));
  const last = hidden.length - 1;
  let [targets, missing] = [0, 0];
  for (const { x, label } of samples) {
    const inputs = [x];
    const z = visible.map((rows, l) => {
      const sumsOfLayer = rows.map((row) => dot(row, inputs[l]));
      inputs.push(sumsOfLayer.map(sign));
      return sumsOfLayer;
    });
    const logits = classifier.map((row) => dot(row, inputs[last + 1]));
    const lead = logits[label] - Math.max(...logits.filter((_, c) => c !== label));
    const isRight = logits.indexOf(Math.max(...logits)) === label;
    if (isRight && lead >= robustness * hidden[last].length) continue;
    const desired: number[][] = [];
    desired[last] = [...classifier[label]];
    for (let l = last; l > 0; l--) {
      const passed = desired[l].map((a, k) => (Math.abs(z[l][k]) <= gate * inputs[l].length ? a : 0));
      desired[l - 1] = inputs[l].map((_, n) =>
        Math.sign(passed.reduce((sum, a, k) => sum + a * visible[l][k][n], 0)),
      );
      targets += desired[l - 1].length;
      missing += desired[l - 1].filter((a) => a === 0).length;
    }
    hidden.forEach((rows, l) => {
      for (let start = 0; start < rows.length; start += groupSize) {
        const wrong = rows
          .map((_, k) => ({ k, s: z[l][k] * desired[l][k] }))
          .slice(start, start + groupSize)
          .filter(({ s }) => s < 0)
          .sort((a, b) => b.s - a.s || a.k - b.k);
        for (const { k } of wrong.slice(0, 1)) {
          inputs[l].forEach((a, n) => {
            sums[l][k][n] += desired[l][k] * a;
          });
        }
      }
    });
  }
  hidden.forEach((rows, l) => {
    rows.forEach((row, k) => {
      row.forEach((h, n) => {
        row[n] = Math.max(-127, Math.min(127, h + 2 * sums[l][k][n]));
      });
    });
  });
  return { targets, missing };
}

describe('BEP computed a second time', () => {
  it.each([
    { gate: 0.005, share: [0.15, 0.4] },
    { gate: 0.1, share: [0.05, 0.4] },
    { gate: 1, share: [0.01, 0.2] },
  ])('three layers and two batches, gates of $gate', async ({ gate, share: [least, most] }) => {
    const problem = randomProblem(40, 61, 3, 5);
    const rule = { groupSize: 5, gate, robustness: 0.5 };
    const config = bepConfig.parse({
      name: 'bep',
      layers: [30, 40, 25],
      hiddenBits: 8,
      initialDepth: 6,
      reinforcement: 0,
      ...rule,
    });
    const samples = Array.from(problem.data.labels, (label, i) => ({
      x: [...problem.data.inputs.signs(i)],
      label,
    }));
    for (const backend of PRESENT_BACKENDS) {
      const context = { kernels: selectKernels(backend), streams: randomStreams(3) };
      const learner = new BepLearner(config, problemOf(problem), context);
      const hidden = learner.layers.map(({ neurons, weights }) =>
        Array.from({ length: neurons }, (_, k) =>
          [...weights.hidden.values].slice(k * weights.hidden.columns, (k + 1) * weights.hidden.columns),
        ),
      );
      const classifier = Array.from({ length: 3 }, (_, c) => [...learner.classifier.signs(c)]);
      const half = 20;
      const counts = [0, half].map((start) =>
        trainBatch(hidden, classifier, samples.slice(start, start + half), rule),
      );
      await learner.trainEpoch({
        data: problem.data,
        order: Uint32Array.from({ length: 40 }, (_, i) => i),
        batchSize: half,
        afterBatch: () => undefined,
      });
      expect(learner.layers.map(({ weights }) => [...weights.hidden.values])).toEqual(
        hidden.map((rows) => rows.flat()),
      );
      const share =
        counts.reduce((sum, { missing }) => sum + missing, 0) /
        counts.reduce((sum, { targets }) => sum + targets, 0);
      expect(share).toBeGreaterThan(least);
      expect(share).toBeLessThan(most);
    }
  });
});
