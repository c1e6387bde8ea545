import { ArgumentError } from '../../../core/errors.js';
import type { FloatKernels } from '../../../kernels/float-kernels.js';
import type { OnnxRuntime, OnnxSession, OnnxTensor, OnnxTensors } from '../runtime.js';
import { type DecodedGraph, decodeModel, type GraphNode, type Value } from './decode-model.js';
import type { Room } from './operator.js';
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
  /** The arrays of each node's results. */
  readonly #rooms: readonly Room[];
  /** What the present run is fed: not written to. */
  readonly #fed = new Set<Value['data']>();

  constructor(graph: DecodedGraph, kernels: FloatKernels) {
    for (const { operator } of graph.nodes) {
      if (OPERATORS[operator]) continue;
      throw new ArgumentError('model', `operators among ${Object.keys(OPERATORS).join(', ')}`, operator);
    }
    this.inputNames = graph.inputs;
    this.#graph = graph;
    this.#kernels = kernels;
    this.#rooms = graph.nodes.map(() => makeRoom(this.#fed));
  }

  async run(feeds: OnnxTensors): Promise<OnnxTensors> {
    const { nodes, constants, inputs, outputs } = this.#graph;
    const values = new Map<string, Value>(constants);
    this.#fed.clear();
    for (const name of inputs) {
      const value = fed(feeds, name);
      values.set(name, value);
      this.#fed.add(value.data);
    }
    nodes.forEach((node, i) => {
      values.set(node.output, this.#compute(node, values, this.#rooms[i]));
    });
    return Object.fromEntries(outputs.map((name) => [name, resultOf(values, name)]));
  }

  #compute({ operator, operands, attributes }: GraphNode, values: Map<string, Value>, room: Room): Value {
    const given = operands.map((name) => values.get(name) as Value);
    return OPERATORS[operator](given, attributes, { kernels: this.#kernels, room });
  }

  async release(): Promise<void> {}
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

/**
 * Arrays that are made at the first run, and again only for a batch of another size. A node asks for some in the same order in every run.
 * @param fed - arrays of floats that are not to be given: there is a second one then
 */
function makeRoom(fed: ReadonlySet<Value['data']>): Room {
  const kept = new Map<string, Value['data']>();
  const of = <Entries extends Value['data']>(
    make: new (length: number) => Entries,
    length: number,
    name = make.name,
  ): Entries => {
    const array = kept.get(name);
    if (array?.length === length) return array as Entries;
    const made = new make(length);
    kept.set(name, made);
    return made;
  };
  return {
    floats(length) {
      const array = of(Float32Array, length);
      return fed.has(array) ? of(Float32Array, length, 'second') : array;
    },
    integers: (length) => of(Int32Array, length),
    truths: (length) => of(Uint8Array, length),
  };
}
