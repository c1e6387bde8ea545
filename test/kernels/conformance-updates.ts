import { expect, it } from 'vitest';
import type { RandomStream } from '../../src/core/random.js';
import { Consolidation } from '../../src/kernels/consolidation.js';
import { GeometricGaps } from '../../src/kernels/geometric-gaps.js';
import type { Step } from '../../src/kernels/lists.js';
import { type Agrees, BOUNDS, type Operation, ofSteps, WIDTHS } from './agreement.js';
import {
  randomHidden,
  randomTernaryHidden,
  signsOf,
  signsOfDrawn,
  zerosIn,
  zerosInDrawn,
} from './operands.js';

type StepMaker = (random: RandomStream) => Step[];

function repeatedStep(count: number, sample: number, direction: 1 | -1): Step[] {
  return new Array<Step>(count).fill({ sample, neuron: 1, direction });
}

/** What no table knows of applySteps and reinforce: cases made by hand. */
export function describeUpdates(agrees: Agrees): void {
  const stepping =
    (rows: number, neurons: number, columns: number, bound: number, stepsOf: StepMaker): Operation =>
    (place, random) => {
      const start = randomHidden(random, neurons, columns, bound);
      const hidden = place.int16(start);
      const visible = place.bits(signsOfDrawn(random, start));
      const inputs = place.bits(random.signs(rows, columns));
      const listed = stepsOf(random);
      const steps = place.steps(listed.length, listed);
      const flips = [0, 1].map(() => place.kernels.applySteps(hidden, visible, inputs, steps, bound));
      return {
        flips,
        hidden: hidden.values,
        visible: visible.words,
        inputs: inputs.words,
        ...ofSteps(steps),
      };
    };

  it('clips once, however far the sums of one neuron go', () => {
    for (const bound of BOUNDS) {
      for (const [count, columns] of [
        [255, 65],
        [256, 129],
        [700, 784],
        [9000, 33],
        [40_000, 17],
      ]) {
        // One sample again and again, then half of it taken back: clipping in between would show.
        const operation = stepping(3, 2, columns, bound, () => [
          ...repeatedStep(count, 0, 1),
          ...repeatedStep(count >>> 1, 0, -1),
          ...repeatedStep(3, 2, 1),
        ]);
        agrees(`${count} steps on one neuron of ${columns}, bound ${bound}`, operation);
      }
    }
  });

  it('clips once, however far the sums of one neuron go, and marks what is 0 then', () => {
    for (const bound of BOUNDS) {
      for (const [count, columns] of [
        [255, 65],
        [700, 784],
        [9000, 33],
        [40_000, 17],
      ]) {
        agrees(`${count} ternary steps on one neuron of ${columns}, bound ${bound}`, (place, random) => {
          const start = randomTernaryHidden(random, 2, columns, bound);
          const hidden = place.int16(start);
          const visible = place.bits(signsOfDrawn(random, start));
          const zeros = place.bits(zerosInDrawn(random, start));
          const [inputs, inputZeros] = [0, 1].map(() => place.bits(random.signs(3, columns)));
          const listed = [
            ...repeatedStep(count, 0, 1),
            ...repeatedStep(count >>> 1, 0, -1),
            ...repeatedStep(3, 2, 1),
          ];
          const steps = place.steps(listed.length, listed);
          const changes = [0, 1].map(() =>
            place.kernels.applyTernarySteps(hidden, visible, inputs, steps, bound, zeros, inputZeros),
          );
          expect(visible.words).toEqual(signsOf(hidden).words);
          expect(zeros.words).toEqual(zerosIn(hidden).words);
          return { changes, hidden: hidden.values, visible: visible.words, zeros: zeros.words };
        });
      }
    }
  });

  it('clips once what is not refused, however far the sums of one neuron go', () => {
    for (const bound of BOUNDS) {
      for (const [count, columns] of [
        [255, 65],
        [256, 129],
        [700, 784],
        [9000, 33],
        [40_000, 17],
      ]) {
        agrees(`${count} consolidated steps on one neuron of ${columns}, bound ${bound}`, (place, random) => {
          const start = randomHidden(random, 2, columns, bound);
          const hidden = place.int16(start);
          const visible = place.bits(signsOf(start));
          const inputs = place.bits(random.signs(3, columns));
          const listed = [...repeatedStep(count, 0, 1), ...repeatedStep(count >>> 1, 1, -1)];
          const steps = place.steps(listed.length, listed);
          const chances = Array.from({ length: 64 }, () => random.uniform());
          const consolidation = new Consolidation(random, { offset: 1, shift: 2, chances });
          const flips = [0, 1, 2].map(() =>
            place.kernels.applyConsolidatedSteps(hidden, visible, inputs, steps, consolidation, bound),
          );
          expect(visible.words).toEqual(signsOf(hidden).words);
          const { state, limits } = consolidation;
          return { flips, hidden: hidden.values, visible: visible.words, state, limits };
        });
      }
    }
  });

  it('reinforces weights of any parity, 0 as if it were positive', () => {
    for (const bound of BOUNDS) {
      agrees(`reinforce ternary weights, bound ${bound}`, (place, random) => {
        const start = randomTernaryHidden(random, 7, 129, bound);
        const hidden = place.int16(start);
        const gaps = new GeometricGaps(random);
        gaps.setProbability(1);
        const hits = place.kernels.reinforce(hidden, gaps, bound);
        const deeper = start.values.map((h) => Math.max(-bound, Math.min(bound, h + 2 * (h < 0 ? -1 : 1))));
        expect([...hidden.values]).toEqual([...deeper]);
        return { hits, hidden: hidden.values };
      });
    }
  });

  it('reinforces the same positions and leaves the same state', () => {
    for (const [i, columns] of WIDTHS.entries()) {
      for (const probability of [0, 1e-9, 1e-4, 0.01, 0.3, 1]) {
        const bound = BOUNDS[i % BOUNDS.length];
        agrees(`reinforce ${columns} at ${probability}, bound ${bound}`, (place, random) => {
          const hidden = place.int16(randomHidden(random, 7, columns, bound));
          const gaps = new GeometricGaps(random);
          const hitsAndStates = [1, 2, 3].flatMap((call) => {
            gaps.setProbability(probability / call);
            return [place.kernels.reinforce(hidden, gaps, bound), ...gaps.state];
          });
          return { hidden: hidden.values, hitsAndStates, thresholds: gaps.thresholds, guide: gaps.guide };
        });
      }
    }
  });
}
