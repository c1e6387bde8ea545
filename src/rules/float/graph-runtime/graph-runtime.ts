import { ArgumentError } from '../../../core/errors.js';
import type { FloatKernels } from '../../../kernels/float-kernels.js';
import type { OnnxRuntime, OnnxSession, OnnxTensor, OnnxTensors } from '../runtime.js';
import { Arrays } from './arrays.js';
import { type DecodedGraph, decodeModel, type GraphNode, type Value } from './decode-model.js';
import { OPERATORS } from './operators.js';

/** Operators whose result is the array of their first operand. */
const VIEWS: ReadonlySet<string> = new Set(['Reshape']);

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
  /** Values whose arrays are given to whoever runs the graph. */
  readonly #results: readonly string[];
  /** Of each node, the values whose arrays none after it reads. */
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
    const { results, lastRead } = lives(graph);
    this.#results = results;
    this.#lastRead = lastRead;
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
    for (const name of this.#results) this.#given.push((values.get(name) as Value).data);
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

/**
 * How long the arrays live that nodes of a graph compute, each named by the value that was computed into it: a view has the array of another value.
 * @returns those that are given as outputs, and for each node those that neither a later node reads nor anybody is given
 */
function lives({ nodes, outputs }: DecodedGraph): { results: string[]; lastRead: string[][] } {
  const arrays = new Map<string, string>();
  const arrayOf = (name: string): string => arrays.get(name) ?? name;
  const left = new Set<string>();
  for (const { operator, operands, output } of nodes) {
    if (VIEWS.has(operator)) arrays.set(output, arrayOf(operands[0]));
    else left.add(output);
  }
  const results = [...new Set(outputs.map(arrayOf))].filter((name) => left.delete(name));
  const lastRead = nodes
    .toReversed()
    .map(({ output, operands }) => [...new Set([output, ...operands].map(arrayOf))])
    .map((names) => names.filter((name) => left.delete(name)))
    .toReversed();
  return { results, lastRead };
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
