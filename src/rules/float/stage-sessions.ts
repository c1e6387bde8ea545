import { sizeOf } from '../../core/shape.js';
import type { Problem } from '../rule.js';
import type { TrainingStage } from './float-training.js';
import { inferenceGraph, trainingGraph } from './graphs.js';
import { type OnnxRuntime, type OnnxSession, openSession } from './runtime.js';

/** The graphs of one stage, loaded. */
export interface StageSessions {
  readonly training: OnnxSession;
  readonly inference: OnnxSession;
}

/** Builds and loads the graphs of a stage. */
export async function openStage(
  runtime: OnnxRuntime,
  { pieces, inference = pieces, guide }: TrainingStage,
  { input, classes }: Problem,
): Promise<StageSessions> {
  const inputs = sizeOf(input);
  return {
    training: await openSession(runtime, trainingGraph(pieces, inputs, classes, guide)),
    inference: await openSession(runtime, inferenceGraph(inference, inputs)),
  };
}
