import {
  type ElementType,
  encodeModel,
  encodeNode,
  encodeRawTensor,
  encodeTensor,
  encodeValueInfo,
  type NodeAttributes,
  type TensorValues,
  type ValueShape,
} from './onnx-encoding.js';

/** A node and what it is encoded to. */
interface Node {
  /** Of its result. */
  readonly name: string;
  readonly operands: readonly string[];
  readonly bytes: Uint8Array;
}

/**
 * A computation graph under construction, to be encoded as an ONNX model.
 *
 * Values are named by strings: `input` and `constant` introduce one, `node` computes one from others, `output`
 * publishes one. What no output depends on is left out of the model, so that whoever adds nodes need not know which
 * of their results will be read. Operators and shapes are checked by the runtime that loads the model, not here.
 */
export class OnnxGraph {
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Uint8Array>();
  readonly #inputs = new Map<string, Uint8Array>();
  readonly #outputs = new Map<string, Uint8Array>();

  /** @param name - shown in messages of the runtime */
  constructor(readonly name: string) {}

  /** Declares a value that is fed at every run; the same one again changes nothing. @returns `name` */
  input(name: string, type: ElementType, shape: ValueShape): string {
    this.#inputs.set(name, encodeValueInfo(name, type, shape));
    return name;
  }

  /** Publishes the value `name` as a result of a run. */
  output(name: string, type: ElementType, shape: ValueShape): void {
    this.#outputs.set(name, encodeValueInfo(name, type, shape));
  }

  /**
   * Adds a value that never changes.
   * @param values - a number for a scalar, a list for a vector
   * @returns the value's name
   */
  constant(type: 'float32' | 'int32' | 'int64', values: number | readonly number[]): string {
    const name = `constant-${this.#constants.size}`;
    this.#constants.set(name, encodeTensor(name, type, values));
    return name;
  }

  /**
   * Adds an array that never changes; of the name of an input, the value that this has when it is not fed.
   * @param shape - sizes of its axes; one number is in `values` for each place
   * @returns `name`
   */
  initializer<Type extends ElementType>(
    name: string,
    type: Type,
    shape: readonly number[],
    values: TensorValues[Type],
  ): string {
    this.#constants.set(name, encodeRawTensor(name, type, shape, values));
    return name;
  }

  /**
   * Adds a node of which one result is read.
   * @param operator - ONNX operator: `Gemm`
   * @param operands - their names, of values that are there already
   * @param name - name of the result; made up when it is not given
   * @param unread - how many more results the operator has, behind it
   * @returns the name of the result
   */
  node(
    operator: string,
    operands: readonly string[],
    attributes: NodeAttributes = {},
    name: string = `${operator}-${this.#nodes.length}`,
    unread = 0,
  ): string {
    const outputs = [name, ...Array.from({ length: unread }, (_, i) => `${name}-unread-${i + 1}`)];
    this.#nodes.push({ name, operands, bytes: encodeNode(operator, operands, outputs, attributes) });
    return name;
  }

  /**
   * The graph as the bytes of an ONNX file.
   * @param metadata - texts by name, for whoever opens the file. Default: none
   */
  encode(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const needed = this.#needed();
    return encodeModel({
      name: this.name,
      nodes: this.#nodes.filter(({ name }) => needed.has(name)).map(({ bytes }) => bytes),
      constants: [...this.#constants].filter(([name]) => needed.has(name)).map(([, bytes]) => bytes),
      inputs: [...this.#inputs.values()],
      outputs: [...this.#outputs.values()],
      metadata,
    });
  }

  /** Names of the outputs and of all that they depend on. */
  #needed(): ReadonlySet<string> {
    const needed = new Set(this.#outputs.keys());
    // Backwards, as a node comes after what it reads.
    for (const { name, operands } of this.#nodes.toReversed()) {
      if (needed.has(name)) for (const operand of operands) needed.add(operand);
    }
    return needed;
  }
}
