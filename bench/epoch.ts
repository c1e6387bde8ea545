import { randomStreams } from '../dist/core/random.js';
import { vector } from '../dist/core/shape.js';
import type { Kernels } from '../dist/kernels/kernels.js';
import { localErrorConfig } from '../dist/rules/local-error/config.js';
import { LocalErrorLearner } from '../dist/rules/local-error/local-error.js';
import type { LabelledInputs } from '../dist/rules/rule.js';
import { timeMs } from './timing.js';

/** Where the time of an epoch goes. */
export const PHASES = [
  'forward',
  'classifier',
  'packing',
  'selection',
  'update',
  'reinforcement',
  'JavaScript',
] as const;

/** Milliseconds by phase. */
export type PhaseTimes = Record<(typeof PHASES)[number], number>;

/** Time of one epoch, and what of it went where. */
export interface EpochTime {
  readonly totalMs: number;
  readonly phases: PhaseTimes;
}

const BATCH_SIZE = 100;

/** What is trained: widths of the hidden layers and their group size. */
export interface EpochSetting {
  readonly layers: readonly number[];
  readonly groupSize: number;
}

/**
 * A network that can be trained epoch by epoch and timed. The first epochs are the slowest, because most samples
 * trigger then, so that a bench trains some before it counts.
 */
export function epochTimer(
  kernels: Kernels,
  data: LabelledInputs,
  setting: EpochSetting,
): () => Promise<EpochTime> {
  const clock = phaseClock();
  const config = localErrorConfig.parse({ name: 'local-error', ...setting });
  const task = {
    input: vector(data.inputs.columns),
    classes: 10,
    batchSize: BATCH_SIZE,
    hasValidation: false,
  };
  const streams = randomStreams(1);
  const learner = new LocalErrorLearner(config, task, { kernels: timed(kernels, clock), streams });
  const orders = streams.stream('training/order');
  return async () => {
    const order = orders.permutation(data.inputs.rows);
    clock.reset();
    const plan = { data, order, batchSize: BATCH_SIZE, afterBatch: () => undefined };
    const totalMs = await timeMs(() => learner.trainEpoch(plan));
    return { totalMs, phases: clock.read(totalMs) };
  };
}

interface PhaseClock {
  add(phase: keyof PhaseTimes, ms: number): void;
  reset(): void;
  read(totalMs: number): PhaseTimes;
}

function phaseClock(): PhaseClock {
  let times = noTimes();
  return {
    add: (phase, ms) => {
      times[phase] += ms;
    },
    reset: () => {
      times = noTimes();
    },
    read: (totalMs) => {
      const inKernels = PHASES.reduce((sum, phase) => sum + times[phase], 0);
      return { ...times, JavaScript: totalMs - inKernels };
    },
  };
}

function noTimes(): PhaseTimes {
  return Object.fromEntries(PHASES.map((phase) => [phase, 0])) as PhaseTimes;
}

/** The same kernels with a clock around each operation; costs about 0.1 µs a call. */
function timed(kernels: Kernels, clock: PhaseClock): Kernels {
  const around = <Result>(phase: keyof PhaseTimes, work: () => Result): Result => {
    const start = performance.now();
    const result = work();
    clock.add(phase, performance.now() - start);
    return result;
  };
  return {
    ...kernels,
    gatherRows: (...args) => around('packing', () => kernels.gatherRows(...args)),
    // The classifier has as many rows as there are classes; no layer of a bench is that narrow.
    product: (inputs, weights, out, signs) =>
      around(weights.rows <= 10 ? 'classifier' : 'forward', () =>
        kernels.product(inputs, weights, out, signs),
      ),
    packSigns: (...args) => around('packing', () => kernels.packSigns(...args)),
    findTriggers: (...args) => around('selection', () => kernels.findTriggers(...args)),
    selectNeurons: (...args) => around('selection', () => kernels.selectNeurons(...args)),
    selectRivals: (...args) => around('selection', () => kernels.selectRivals(...args)),
    applySteps: (...args) => around('update', () => kernels.applySteps(...args)),
    reinforce: (...args) => around('reinforcement', () => kernels.reinforce(...args)),
  };
}
