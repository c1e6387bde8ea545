import type { BitMatrix } from '../../core/bit-matrix.js';
import { zerosOf } from '../../core/ternary-matrix.js';
import type { StepList } from '../../kernels/lists.js';

/**
 * Drops the steps of perceptrons whose unit already gives the value that the step aims at. A unit that does not has
 * a perceptron that disagrees, so that what remains is one step for every wrong unit. A unit that is 0 is not wrong either: 0·u* is not
 * below 0.
 *
 * Plain TypeScript: there are at most as many steps as units.
 * @param steps - mutated; the order of those that remain stays
 * @param units - [B, K2]
 * @param groupSize - γ: perceptron k belongs to unit ⌊k / γ⌋
 */
export function dropSettledUnits(steps: StepList, units: BitMatrix, groupSize: number): void {
  const { count, samples, neurons, directions } = steps;
  const zeros = zerosOf(units);
  steps.count = 0;
  for (let i = 0; i < count; i++) {
    const unit = Math.floor(neurons[i] / groupSize);
    const direction = directions[i] as 1 | -1;
    const isWrong = units.get(samples[i], unit) !== direction && zeros?.get(samples[i], unit) !== 1;
    if (isWrong) steps.push(samples[i], neurons[i], direction);
  }
}
