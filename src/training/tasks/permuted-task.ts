import type { RandomStreams } from '../../core/random.js';
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
 * @param data - all of task 1, or some of training, validation and test samples
 * @param task - from 1
 */
export function permutedTask<Parts extends Partial<TaskSamples>>(
  data: Parts,
  task: number,
  streams: RandomStreams,
): Parts {
  if (task === 1) return data;
  const stream = streams.stream(`sequence/task-${task}/permutation`);
  const parts: [string, LabelledInputs][] = Object.entries(data);
  const order = stream.permutation(parts[0][1].inputs.columns);
  const permuted = parts.map(([part, { inputs, labels }]) => [
    part,
    { inputs: permuteColumns(inputs, order), labels },
  ]);
  return Object.fromEntries(permuted) as Parts;
}
