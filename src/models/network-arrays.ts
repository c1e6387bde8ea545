import { z } from 'zod';
import { BitMatrix, columnMask } from '../core/bit-matrix.js';
import { ArgumentError } from '../core/errors.js';
import { Float32Matrix } from '../core/float-matrix.js';
import { type NamedArrays, underPrefix, withPrefix } from '../core/named-arrays.js';
import { TernaryMatrix, zerosOf } from '../core/ternary-matrix.js';
import type {
  BinaryNetwork,
  ConvolutionalNetwork,
  FloatLayer,
  FloatNetwork,
  Network,
  RecurrentNetwork,
  SignLayer,
} from '../layers/network.js';
import { START_STATES } from '../layers/recurrent-layer.js';

const count = z.int().min(1);

const binaryOutline = z.strictObject({
  kind: z.literal('binary'),
  readOut: z.enum(['last', 'summed']),
  layers: z
    .array(
      z.strictObject({
        inputs: count,
        neurons: count,
        voters: count.optional(),
        classes: count.optional(),
        givesZeros: z.literal(true).optional(),
      }),
    )
    .min(1),
});

const floatOutline = z.strictObject({
  kind: z.literal('float'),
  inputForm: z.enum(['full-precision', 'binarized']),
  layers: z
    .array(
      z.strictObject({
        inputs: count,
        neurons: count,
        scale: z.number().optional(),
        activation: z.enum(['relu', 'clip', 'sign', 'identity']),
      }),
    )
    .min(1),
});

/** A network without its arrays: sizes and what is said in words. */
export const networkOutline = z.discriminatedUnion('kind', [
  binaryOutline,
  floatOutline,
  z.strictObject({
    kind: z.literal('recurrent'),
    steps: count,
    startState: z.enum(START_STATES),
    inputs: count.describe('Of one step.'),
    expansion: count.optional(),
    neurons: count,
    outputs: z.array(count),
    classes: count,
  }),
  z.strictObject({
    kind: z.literal('convolutional'),
    input: z.strictObject({ channels: count, height: count, width: count, interleaved: count }),
    filters: count,
    size: count,
    padding: z.int().min(0),
    shared: z.boolean(),
    pool: count,
    votes: count,
    keepsInputs: z.boolean(),
    behind: z.discriminatedUnion('kind', [binaryOutline, floatOutline]),
  }),
]);
type Outline = z.output<typeof networkOutline>;
type SignOutline = Extract<Outline, { kind: 'binary' }>['layers'][number];
type ConvolutionalOutline = Extract<Outline, { kind: 'convolutional' }>;
type RecurrentOutline = Extract<Outline, { kind: 'recurrent' }>;
type FloatOutline = Extract<Outline, { kind: 'float' }>['layers'][number];

/**
 * A network as an outline and its arrays: `layer-1/weights`, `layer-1/thresholds`, `layer-1/classifier` …, `logit-norm/mean` …; of weights and
 * classifiers with zeros also `layer-1/weights-zeros`, `layer-1/classifier-zeros` …. Of a recurrent network `expansion`, `of-inputs`,
 * `of-state`, `output-1` … and `classifier`. Of convolutions `filters`, `thresholds`, where they are unshared `fields`, and those of the network
 * behind them as `behind/layer-1/weights` ….
 */
export function splitNetwork(network: Network): { readonly outline: Outline; readonly arrays: NamedArrays } {
  if (network.kind === 'recurrent') return splitRecurrent(network);
  if (network.kind === 'convolutional') return splitConvolutional(network);
  const arrays: Record<string, NamedArrays[string]> = {};
  if (network.kind === 'float') {
    const layers = network.layers.map(({ weights: { rows, columns, values }, scale, activation }, l) => {
      arrays[`layer-${l + 1}/weights`] = values;
      return { inputs: columns, neurons: rows, ...(scale !== undefined && { scale }), activation };
    });
    return { outline: { kind: 'float', inputForm: network.inputForm, layers }, arrays };
  }
  const putBits = (name: string, bits: BitMatrix): void => {
    arrays[name] = bits.words;
    const zeros = zerosOf(bits);
    if (zeros) arrays[`${name}-zeros`] = zeros.words;
  };
  const layers = network.layers.map(({ weights, thresholds, voters, givesZeros, classifier }, l) => {
    putBits(`layer-${l + 1}/weights`, weights);
    if (thresholds) arrays[`layer-${l + 1}/thresholds`] = thresholds;
    if (classifier) putBits(`layer-${l + 1}/classifier`, classifier);
    return {
      inputs: weights.columns,
      neurons: weights.rows,
      ...(voters !== undefined && { voters }),
      ...(classifier && { classes: classifier.rows }),
      ...(givesZeros && { givesZeros }),
    };
  });
  for (const [part, values] of Object.entries(network.logitNorm ?? {})) arrays[`logit-norm/${part}`] = values;
  return { outline: { kind: 'binary', readOut: network.readOut, layers }, arrays };
}

function splitConvolutional({ convolution, behind }: ConvolutionalNetwork): ReturnType<typeof splitNetwork> {
  const { input, filters, thresholds, fields, size, padding, pool, votes, keepsInputs } = convolution;
  const { outline, arrays } = splitNetwork(behind);
  if (outline.kind !== 'binary' && outline.kind !== 'float') {
    throw new TypeError('convolutions are before layers of bits or floats');
  }
  return {
    outline: {
      kind: 'convolutional',
      ...{ input, size, padding, pool, votes, keepsInputs },
      filters: filters.rows,
      shared: fields === undefined,
      behind: outline,
    },
    arrays: {
      filters: filters.words,
      thresholds,
      ...(fields && { fields }),
      ...withPrefix('behind', arrays),
    },
  };
}

function splitRecurrent(network: RecurrentNetwork): ReturnType<typeof splitNetwork> {
  const { steps, startState, expansion, ofInputs, ofState, outputs, classifier } = network;
  return {
    outline: {
      kind: 'recurrent',
      steps,
      startState,
      inputs: (expansion ?? ofInputs).columns,
      ...(expansion && { expansion: expansion.rows }),
      neurons: ofState.rows,
      outputs: outputs.map(({ rows }) => rows),
      classes: classifier.rows,
    },
    arrays: {
      ...(expansion && { expansion: expansion.words }),
      'of-inputs': ofInputs.words,
      'of-state': ofState.words,
      ...Object.fromEntries(outputs.map(({ words }, l) => [`output-${l + 1}`, words])),
      classifier: classifier.words,
    },
  };
}

/**
 * The network that `splitNetwork` was given, on the same arrays. Whether its layers fit each other is `checkNetwork`'s to say.
 * @throws ArgumentError for arrays of another type or length than the outline says, bits beyond the last column, or arrays that it has
 *   no place for
 */
export function joinNetwork(outline: Outline, arrays: NamedArrays): Network {
  const rest = new Arrays(arrays);
  const network = joined(outline, rest);
  rest.checkAllTaken();
  return network;
}

function joined(outline: Outline, arrays: Arrays): Network {
  switch (outline.kind) {
    case 'binary':
      return joinBinary(outline, arrays);
    case 'recurrent':
      return joinRecurrent(outline, arrays);
    case 'convolutional':
      return joinConvolutional(outline, arrays);
    case 'float':
      return joinFloat(outline, arrays);
  }
}

function joinConvolutional(outline: ConvolutionalOutline, arrays: Arrays): Network {
  const { kind, filters, shared, behind, ...sizes } = outline;
  const patchSize = sizes.size * sizes.size * sizes.input.channels;
  const of = arrays.under('behind');
  return {
    kind,
    convolution: {
      ...sizes,
      filters: arrays.takeBits('filters', filters, patchSize),
      thresholds: arrays.take('thresholds', Int32Array, filters),
      ...(!shared && { fields: arrays.take('fields', Uint32Array, filters) }),
    },
    behind: behind.kind === 'binary' ? joinBinary(behind, of) : joinFloat(behind, of),
  };
}

function joinRecurrent(outline: RecurrentOutline, arrays: Arrays): RecurrentNetwork {
  const { kind, steps, startState, inputs, expansion, neurons, outputs, classes } = outline;
  const widths = [neurons, ...outputs];
  return {
    kind,
    steps,
    startState,
    ...(expansion !== undefined && { expansion: arrays.takeBits('expansion', expansion, inputs) }),
    ofInputs: arrays.takeBits('of-inputs', neurons, expansion ?? inputs),
    ofState: arrays.takeBits('of-state', neurons, neurons),
    outputs: outputs.map((rows, l) => arrays.takeBits(`output-${l + 1}`, rows, widths[l])),
    classifier: arrays.takeBits('classifier', classes, widths[outputs.length]),
  };
}

function joinBinary(
  { readOut, layers }: Extract<Outline, { kind: 'binary' }>,
  arrays: Arrays,
): BinaryNetwork {
  const hasNorm = arrays.has('logit-norm/mean');
  const classes = layers[layers.length - 1].classes ?? 0;
  const norm = (part: string): Float32Array => arrays.take(`logit-norm/${part}`, Float32Array, classes);
  return {
    kind: 'binary',
    readOut,
    layers: layers.map((layer, l) => joinSignLayer(layer, `layer-${l + 1}`, arrays)),
    ...(hasNorm && {
      logitNorm: {
        mean: norm('mean'),
        deviation: norm('deviation'),
        scale: norm('scale'),
        shift: norm('shift'),
      },
    }),
  };
}

function joinSignLayer(
  { inputs, neurons, voters, classes, givesZeros }: SignOutline,
  name: string,
  arrays: Arrays,
): SignLayer {
  const thresholds = `${name}/thresholds`;
  return {
    weights: arrays.takeSigns(`${name}/weights`, neurons, inputs),
    ...(arrays.has(thresholds) && { thresholds: arrays.take(thresholds, Int32Array, neurons) }),
    ...(voters !== undefined && { voters }),
    ...(givesZeros && { givesZeros }),
    ...(classes !== undefined && {
      classifier: arrays.takeSigns(`${name}/classifier`, classes, neurons / (voters ?? 1)),
    }),
  };
}

function joinFloat({ inputForm, layers }: Extract<Outline, { kind: 'float' }>, arrays: Arrays): FloatNetwork {
  const join = ({ inputs, neurons, scale, activation }: FloatOutline, l: number): FloatLayer => {
    const values = arrays.take(`layer-${l + 1}/weights`, Float32Array, neurons * inputs);
    return {
      weights: new Float32Matrix(neurons, inputs, values),
      ...(scale !== undefined && { scale }),
      activation,
    };
  };
  return { kind: 'float', inputForm, layers: layers.map(join) };
}

/** Arrays that are taken one by one. */
class Arrays {
  readonly #left: Map<string, NamedArrays[string]>;
  readonly #parts: Arrays[] = [];

  constructor(arrays: NamedArrays) {
    this.#left = new Map(Object.entries(arrays));
  }

  has(name: string): boolean {
    return this.#left.has(name);
  }

  take<Values extends NamedArrays[string]>(
    name: string,
    Type: new (length: number) => Values,
    length: number,
  ): Values {
    const values = this.#left.get(name);
    if (!(values instanceof Type) || values.length !== length) {
      const found = values ? `a ${values.constructor.name} of ${values.length}` : 'nothing';
      throw new ArgumentError(name, `a ${Type.name} of ${length}`, found);
    }
    this.#left.delete(name);
    return values;
  }

  /** Those whose names start with `prefix`/, without it: taken all together. */
  under(prefix: string): Arrays {
    const arrays = underPrefix(prefix, Object.fromEntries(this.#left));
    for (const name of Object.keys(arrays)) this.#left.delete(`${prefix}/${name}`);
    const part = new Arrays(arrays);
    this.#parts.push(part);
    return part;
  }

  takeBits(name: string, rows: number, columns: number): BitMatrix {
    const { rowWords } = new BitMatrix(0, columns);
    const matrix = new BitMatrix(rows, columns, this.take(name, Uint32Array, rows * rowWords));
    const beyond = matrix.words.findIndex((word, i) => (word & ~columnMask(columns, i % rowWords)) !== 0);
    if (beyond >= 0)
      throw new ArgumentError(name, `no bits beyond column ${columns - 1}`, `some in word ${beyond}`);
    return matrix;
  }

  /** Bits, and where there are zeros, the zeros. */
  takeSigns(name: string, rows: number, columns: number): BitMatrix {
    const signs = this.takeBits(name, rows, columns);
    const zeros = `${name}-zeros`;
    return this.has(zeros) ? new TernaryMatrix(signs, this.takeBits(zeros, rows, columns)) : signs;
  }

  checkAllTaken(): void {
    const [name] = this.#left.keys();
    if (name !== undefined) throw new ArgumentError(name, 'no such array', 'one');
    for (const part of this.#parts) part.checkAllTaken();
  }
}
