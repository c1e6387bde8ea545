import { sizeOf } from '../../core/shape.js';
import { floatOperations } from '../cost.js';
import type { InputForm, Learner, Problem, RuleContext, RuleDescription } from '../rule.js';
import { trainingMemory, trainingOperations, weightCount } from './cost.js';
import { checkProblem, createGraphLearner } from './graph-learner.js';
import { initialParameters } from './initial-weights.js';
import type { Optimizer } from './optimizer.js';
import { inferenceGraph, trainingGraph } from './training-graph.js';

/** What distinguishes one rule on this network from another. */
export interface FloatMlpOptions {
  /** Name of the rule, for streams and messages. */
  readonly rule: string;
  /** Widths of the hidden layers, input side first. */
  readonly hidden: readonly number[];
  readonly inputs: InputForm;
  readonly optimizer: Optimizer;
  /** For the message of a run that diverges. */
  readonly learningRate: number;
}

/**
 * Makes a full-precision multi-layer perceptron: ReLU, no biases, softmax cross-entropy (training-graph.ts),
 * started from He-uniform weights drawn from the streams `RULE/layer-1/weights`, `RULE/layer-2/weights`, ….
 * @throws ArgumentError when a size of the problem is out of range
 * @throws EnvironmentError when ONNX Runtime does not load
 */
export async function createFloatMlp(
  options: FloatMlpOptions,
  problem: Problem,
  context: RuleContext,
): Promise<Learner> {
  checkProblem(problem);
  const { rule, hidden, inputs, optimizer, learningRate } = options;
  const widths = [sizeOf(problem.input), ...hidden, problem.classes];
  const stage = {
    training: trainingGraph(widths, optimizer),
    inference: inferenceGraph(widths),
    floatOperations: (samples: number, steps: number) =>
      trainingOperations(widths, optimizer, samples, steps),
  };
  const network = {
    rule,
    inputs,
    learningRate,
    initial: initialParameters(widths, optimizer, (name) => context.streams.stream(`${rule}/${name}`)),
    parameters: weightCount(widths),
    memoryBits: trainingMemory(widths, optimizer, problem.batchSize),
    stages: [stage],
  };
  return createGraphLearner(network, problem);
}

/** What such a network is. @param hidden - widths of the hidden layers, input side first */
export function describeFloatMlp(
  hidden: readonly number[],
  optimizer: Optimizer,
  problem: Problem,
): RuleDescription {
  const widths = [sizeOf(problem.input), ...hidden, problem.classes];
  return {
    architecture: hidden.join(','),
    parameters: weightCount(widths),
    memoryBits: trainingMemory(widths, optimizer, problem.batchSize),
    operationsPerSample: floatOperations(trainingOperations(widths, optimizer, 1, 0)),
  };
}
