import { unzipSync } from 'fflate';
import { parseNpyHeader } from '../../../src/data/npy-header.js';

/** An array of a file: sizes of its axes, and its numbers. */
export interface PlainArray {
  readonly shape: readonly number[];
  readonly type: string;
  readonly values: readonly number[];
}

/** A network read by what docs/export.md says, and computed entry by entry: a second implementation of both. */
export interface PlainNetwork {
  readonly description: Description;
  readonly arrays: ReadonlyMap<string, PlainArray>;
}

interface Description {
  readonly version?: number;
  readonly kind: 'binary' | 'float';
  readonly inputs: { readonly form: string; readonly features: number; readonly levels: number };
  readonly layers: readonly Layer[];
  readonly readOut?: 'last' | 'summed';
  readonly classes: readonly string[];
  readonly featureNames?: readonly string[];
  readonly training: object;
}

interface Layer {
  readonly inputs: number;
  readonly neurons: number;
  readonly voters: number;
  readonly hasClassifier: boolean;
  readonly givesZeros?: true;
  readonly scale: number;
  readonly activation: string;
}

const READERS: Readonly<Record<string, (view: DataView, offset: number) => number>> = {
  u1: (view, offset) => view.getUint8(offset),
  i4: (view, offset) => view.getInt32(offset, true),
  f4: (view, offset) => view.getFloat32(offset, true),
  f8: (view, offset) => view.getFloat64(offset, true),
};

function numbers(bytes: Uint8Array, type: string): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = Number(type.slice(1));
  return Array.from({ length: bytes.length / size }, (_, i) => READERS[type](view, i * size));
}

export function readNpz(bytes: Uint8Array): PlainNetwork {
  const arrays = new Map<string, PlainArray>();
  let description: unknown;
  for (const [file, contents] of Object.entries(unzipSync(bytes))) {
    const name = file.replace(/\.npy$/, '');
    const { type, shape, headerBytes, fortranOrder, isBigEndian } = parseNpyHeader(contents, file);
    if (fortranOrder || isBigEndian || headerBytes % 64 !== 0)
      throw new Error(`${file} is laid out otherwise`);
    const elements = contents.slice(headerBytes);
    if (name === 'description') {
      const codes = new Uint32Array(elements.buffer);
      if (type !== `U${codes.length}` || shape.length > 0) throw new Error(`${file}: ${type} [${shape}]`);
      description = JSON.parse(String.fromCodePoint(...codes));
    } else arrays.set(name, { shape, type, values: numbers(elements, type) });
  }
  return { description: description as Description, arrays };
}

const TYPES: Readonly<Record<string, string>> = { U8: 'u1', I32: 'i4', F32: 'f4', F64: 'f8' };

export function readSafetensors(bytes: Uint8Array): PlainNetwork {
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const { __metadata__, ...tensors } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)),
  ) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> & {
    __metadata__: { description: string };
  };
  let end = 0;
  const arrays = Object.entries(tensors).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const type = TYPES[dtype];
      if (from !== end || (8 + headerBytes + from) % Number(type.slice(1)) !== 0) {
        throw new Error(`${name} is preceded by a gap, or not aligned`);
      }
      end = to;
      const values = numbers(bytes.slice(8 + headerBytes + from, 8 + headerBytes + to), type);
      return [name, { type, shape, values }] as const;
    },
  );
  if (8 + headerBytes + end !== bytes.length) throw new Error('bytes are left over');
  return { description: JSON.parse(__metadata__.description) as Description, arrays: new Map(arrays) };
}

/** Logits of one sample. */
export function logitsOf({ description, arrays }: PlainNetwork, sample: readonly number[]): number[] {
  const arrayOf = (name: string): PlainArray => {
    const found = arrays.get(name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };
  const bit = (name: string, row: number, column: number): number => {
    const zeros = arrays.get(`${name}_zeros`);
    const { shape, values } = arrayOf(name);
    if (zeros && (zeros.values[row * shape[1] + (column >> 3)] >> (column & 7)) & 1) return 0;
    return (values[row * shape[1] + (column >> 3)] >> (column & 7)) & 1 ? 1 : -1;
  };
  const product = (name: string, row: number, inputs: readonly number[]): number =>
    description.kind === 'binary'
      ? inputs.reduce((sum, input, column) => sum + input * bit(name, row, column), 0)
      : inputs.reduce((sum, input, i) => sum + input * arrayOf(name).values[row * inputs.length + i], 0);
  let inputs = inputsOf(description, arrayOf, sample);
  let logits: number[] = [];
  description.layers.forEach((layer, l) => {
    const name = `layer${l + 1}`;
    const z = Array.from({ length: layer.neurons }, (_, k) => product(`${name}.weights`, k, inputs));
    if (description.kind === 'float') {
      inputs = z.map((value) => activate(layer.activation, layer.scale * value));
      logits = inputs;
      return;
    }
    const sign = (sum: number): number => (layer.givesZeros && sum === 0 ? 0 : sum >= 0 ? 1 : -1);
    const a = z.map((value, k) => sign(value - arrayOf(`${name}.thresholds`).values[k]));
    inputs = Array.from({ length: layer.neurons / layer.voters }, (_, u) =>
      sign(a.slice(u * layer.voters, (u + 1) * layer.voters).reduce((sum, vote) => sum + vote, 0)),
    );
    if (!layer.hasClassifier) return;
    const own = description.classes.map((_, c) => product(`${name}.classifier`, c, inputs));
    logits = description.readOut === 'summed' ? own.map((logit, c) => logit + (logits[c] ?? 0)) : own;
  });
  if (!arrays.has('logit_norm.mean')) return logits;
  const part = (name: string, c: number): number => arrayOf(`logit_norm.${name}`).values[c];
  return logits.map((logit, c) => {
    const standardized = Math.fround(Math.fround(logit - part('mean', c)) / part('deviation', c));
    return Math.fround(Math.fround(standardized * part('scale', c)) + part('shift', c));
  });
}

function inputsOf(
  { inputs: { form, levels } }: Description,
  arrayOf: (name: string) => PlainArray,
  sample: readonly number[],
): number[] {
  switch (form) {
    case 'thresholds':
      return arrayOf('inputs.thresholds').values.map((t, c) => (sample[Math.floor(c / levels)] > t ? 1 : -1));
    case 'own-median': {
      const median = [...sample].sort((a, b) => a - b)[Math.floor((sample.length - 1) / 2)];
      return sample.map((x) => (x > median ? 1 : -1));
    }
    case 'standardized': {
      const [mean, scale] = [arrayOf('inputs.mean').values, arrayOf('inputs.scale').values];
      return sample.map((x, c) => Math.fround((x - mean[c]) * scale[c]));
    }
    default:
      return [...sample];
  }
}

function activate(activation: string, z: number): number {
  if (activation === 'relu') return Math.max(0, z);
  if (activation === 'clip') return Math.min(1, Math.max(-1, z));
  if (activation === 'sign') return z >= 0 ? 1 : -1;
  return z;
}

export function classOf(logits: readonly number[]): number {
  return logits.indexOf(Math.max(...logits));
}
