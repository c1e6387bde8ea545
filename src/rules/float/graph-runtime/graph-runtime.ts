import { ArgumentError } from '../../../core/errors.js';
import type { FloatKernels } from '../../../kernels/float-kernels.js';
import type { OnnxRuntime, OnnxSession, OnnxTensor, OnnxTensors } from '../runtime.js';
import { Arrays } from './arrays.js';
import { type DecodedGraph, decodeModel, type GraphNode, type Value } from './decode-model.js';
import { OPERATORS } from './operators.js';

/**
 * Runs our graphs on float kernels: a runtime for hosts whose kernels are faster than ONNX Runtime, and which give the same sums
 * on every processor. It knows the operators and shapes of our own graphs only. Results stay where they were computed: they are
 * valid until the next run of the session, and through it where they are fed to it.
 */
export function graphRuntime(kernels: FloatKernels): OnnxRuntime {
  return {
    Tensor: PlainTensor,
    InferenceSession: { create: async (model) => new GraphSession(decodeModel(model), kernels) },
  };
}

class PlainTensor implements OnnxTensor {
  constructor(
    readonly type: OnnxTensor['type'],
    readonly data: OnnxTensor['data'],
    readonly dims: readonly number[],
  ) {}
}

class GraphSession implements OnnxSession {
  readonly inputNames: readonly string[];
  readonly #graph: DecodedGraph;
  readonly #kernels: FloatKernels;
  /** Outputs that are computed, not passed on as they came. */
  readonly #results: readonly string[];
  /** Of each node, the values that none after it reads. */
  readonly #lastRead: readonly (readonly string[])[];
  readonly #arrays = new Arrays();
  /** Results of earlier runs, which may be fed to this one. */
  #given: Value['data'][] = [];

  constructor(graph: DecodedGraph, kernels: FloatKernels) {
    for (const { operator } of graph.nodes) {
      if (OPERATORS[operator]) continue;
      throw new ArgumentError('model', `operators among ${Object.keys(OPERATORS).join(', ')}`, operator);
    }
    this.inputNames = graph.inputs;
    this.#graph = graph;
    this.#kernels = kernels;
    const computed = new Set(graph.nodes.map(({ output }) => output));
    this.#results = graph.outputs.filter((name) => computed.has(name));
    this.#lastRead = lastRead(graph);
  }

  async run(feeds: OnnxTensors): Promise<OnnxTensors> {
    const { nodes, constants, inputs, outputs } = this.#graph;
    const values = new Map<string, Value>(constants);
    for (const name of inputs) values.set(name, fed(feeds, name));
    this.#takeBack(new Set(inputs.map((name) => feeds[name].data)));
    nodes.forEach((node, i) => {
      values.set(node.output, this.#compute(node, values));
      for (const name of this.#lastRead[i]) this.#arrays.free((values.get(name) as Value).data);
    });
    this.#arrays.forgetOthers();
    const results = Object.fromEntries(outputs.map((name) => [name, resultOf(values, name)]));
    for (const name of this.#results) this.#given.push(results[name].data);
    return results;
  }

  #compute({ operator, operands, attributes }: GraphNode, values: Map<string, Value>): Value {
    const given = operands.map((name) => values.get(name) as Value);
    const result = OPERATORS[operator](given, attributes, { kernels: this.#kernels, room: this.#arrays });
    this.#arrays.keepOnly(result.data);
    return result;
  }

  /** What was given by earlier runs is written to again, but for what the present one is fed. */
  #takeBack(isFed: ReadonlySet<Value['data']>): void {
    for (const array of this.#given) if (!isFed.has(array)) this.#arrays.free(array);
    this.#given = this.#given.filter((array) => isFed.has(array));
  }

  async release(): Promise<void> {}
}

/** For each node of a graph, the results of nodes that no later one reads and nobody is given. */
function lastRead({ nodes, outputs }: DecodedGraph): string[][] {
  const left = new Set(nodes.map(({ output }) => output));
  for (const name of outputs) left.delete(name);
  return nodes
    .toReversed()
    .map(({ output, operands }) => [...new Set([output, ...operands])].filter((name) => left.delete(name)))
    .toReversed();
}

function fed(feeds: OnnxTensors, name: string): Value {
  if (feeds[name]) return feeds[name];
  throw new ArgumentError('feeds', `a value for ${name}`, Object.keys(feeds));
}

function resultOf(values: ReadonlyMap<string, Value>, name: string): OnnxTensor {
  const { data, dims } = values.get(name) as Value;
  return new PlainTensor(
    data instanceof Float32Array ? 'float32' : 'int32',
    data as OnnxTensor['data'],
    dims,
  );
}
