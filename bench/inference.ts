import { randomStreams } from '../dist/core/random.js';
import { vector } from '../dist/core/shape.js';
import type { Kernels } from '../dist/kernels/kernels.js';
import { localErrorConfig } from '../dist/rules/local-error/config.js';
import { LocalErrorLearner } from '../dist/rules/local-error/local-error.js';
import type { Inputs } from '../dist/rules/rule.js';
import { interleaved, type Spread, spread } from './timing.js';

/** Samples per second through a whole network, by backend. */
export async function inferenceSpeeds(
  all: Readonly<Record<string, Kernels>>,
  inputs: Inputs,
  layers: readonly number[],
  repeats: number,
): Promise<Record<string, Spread>> {
  const config = localErrorConfig.parse({ name: 'local-error', layers, groupSize: 1 });
  const task = { input: vector(inputs.columns), classes: 10, batchSize: 100, hasValidation: false };
  const works = Object.fromEntries(
    Object.entries(all).map(([name, kernels]) => {
      const learner = new LocalErrorLearner(config, task, { kernels, streams: randomStreams(1) });
      return [name, () => learner.predict(inputs)];
    }),
  );
  const times = await interleaved(works, repeats);
  return Object.fromEntries(
    Object.entries(times).map(([name, ms]) => [name, spread(ms.map((t) => (1000 * inputs.rows) / t))]),
  );
}
