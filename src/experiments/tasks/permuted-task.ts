import type { RandomStreams } from '../../bits/random.js';
import type { LabelledInputs } from '../../rules/rule.js';
import type { TaskData } from '../task-data.js';
import { permuteColumns } from './permute-columns.js';

/** Samples of one task of a sequence. */
export type TaskSamples = Pick<TaskData, 'train' | 'validation' | 'test'>;

/**
 * Task number `task` of a sequence of permuted tasks. Task 1 is the data as it is. Every other is the same data with the
 * columns that the network sees in an order of its own, the same for training, validation and test samples; it is
 * drawn from the stream `sequence/task-2/permutation` and so on. Networks of the same seed and number of inputs get
 * the same orders, whatever their rule.
 * @param task - from 1
 */
export function permutedTask(data: TaskSamples, task: number, streams: RandomStreams): TaskSamples {
  if (task === 1) return data;
  const order = streams.stream(`sequence/task-${task}/permutation`).permutation(data.train.inputs.columns);
  const permute = ({ inputs, labels }: LabelledInputs): LabelledInputs => ({
    inputs: permuteColumns(inputs, order),
    labels,
  });
  return {
    train: permute(data.train),
    ...(data.validation && { validation: permute(data.validation) }),
    test: permute(data.test),
  };
}
