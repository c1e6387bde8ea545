import { configuredRule } from '../../rules/registry.js';
import type { TrainConfig } from '../../training/config.js';
import type { PreparedData } from '../../training/prepared-data.js';
import { problemOf } from '../../training/task-data.js';

/** Bytes for what is said of a run, and of each epoch. */
const RECORD_BYTES = 65_536;
const EPOCH_BYTES = 4_096;
const BITS_OF_FLOAT = 32;

/**
 * About as many bytes as the model file of a run will have at most: parameters as floats or in the form in which training holds
 * them, whichever is less, what is fitted to the columns of the data, and the record.
 */
export function modelRoom(config: TrainConfig, { description }: PreparedData): number {
  const { parameters, memoryBits } = configuredRule(config.rule).describe(
    problemOf(description, config.batchSize),
  );
  const network = Math.min(memoryBits.model, BITS_OF_FLOAT * parameters) / 8;
  const fitted = (BITS_OF_FLOAT / 8) * (description.features + description.inputs);
  return Math.ceil(network + fitted) + RECORD_BYTES + EPOCH_BYTES * config.epochs;
}
