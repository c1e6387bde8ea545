import { z } from 'zod';
import { parse } from '../../bits/parse.js';
import { type DeepReadonly, parseTrainConfig, type TrainConfig, trainConfig } from '../config.js';

const tasksConfig = z.strictObject({
  count: z.int().min(1).default(5).describe('How many tasks, the data set as it is among them.'),
  kind: z
    .literal('permuted')
    .default('permuted')
    .describe(
      'What makes tasks differ: each has its own fixed random order of the inputs; the first keeps theirs.',
    ),
});

/**
 * Training on one task after the other: the configuration of a run, whose `epochs` are those of each task. The network
 * of the last epoch is kept, so that there is no `modelSelection`.
 */
const sequenceConfig = trainConfig
  .omit({ modelSelection: true })
  .extend({ tasks: tasksConfig.prefault({}).describe('The tasks. Default: 5, permuted.') });

/** What a caller writes: only what differs from the defaults. */
export type SequenceOptions = DeepReadonly<z.input<typeof sequenceConfig>>;

/** A checked configuration, defaults filled in. */
export interface SequenceConfig extends TrainConfig {
  readonly tasks: z.output<typeof tasksConfig>;
}

/** @throws ArgumentError for an unknown key, a missing one, a value out of its range, and what a run refuses */
export function parseSequenceConfig(options: SequenceOptions): SequenceConfig {
  const { tasks, ...rest } = parse(sequenceConfig, options);
  return { ...parseTrainConfig(rest), tasks };
}
