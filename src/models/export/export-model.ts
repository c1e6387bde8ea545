import { ArgumentError } from '../../core/errors.js';
import type { Samples } from '../../data/dataset.js';
import { columnsOf } from '../../data/transformation.js';
import { behindColumns, lastColumns } from '../../data/windows.js';
import type { OnnxRuntime } from '../../rules/float/runtime.js';
import type { Model } from '../model.js';
import { encodeCHeader } from './c-header.js';
import { type ExportableNetwork, networkOf } from './exported-inputs.js';
import { exportedNetwork, networkHasZeros } from './exported-network.js';
import { goldenVectors } from './golden.js';
import { encodeNpz } from './npz.js';
import { encodeOnnx } from './onnx.js';
import { recurrentMatrices } from './recurrent-matrices.js';
import { encodeSafetensors } from './safetensors.js';

/** Formats that other programs read, by the ends of file names. */
export const EXPORT_FORMATS = ['npz', 'safetensors', 'onnx', 'h'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Zip, and the messages of ONNX, hold no more. */
const MOST_BYTES: number = 2 ** 31 - 1;

/** Bytes of a file for each bit of a network of bits: a character of C takes as much room as a byte. */
const BYTES_PER_BIT: Readonly<Record<ExportFormat, number>> = {
  npz: 1 / 8,
  safetensors: 1 / 8,
  onnx: 1,
  h: 12 / 32,
};
const FLOAT_BYTES = 4;

/** What a C header has no form for; networks of layers of bits only with zeros. */
const UNFIT_FOR_C: Readonly<Record<ExportableNetwork['kind'], string>> = {
  binary: 'a network that was trained with zeros',
  recurrent: 'a recurrent network',
  float: 'a network of floats',
};

/** What is exported, and how. */
export interface ExportPlan {
  readonly format: ExportFormat;
  /** The golden vectors' inputs; default: drawn ones. */
  readonly samples?: Samples['features'] | undefined;
  /** Before the names of a header: an identifier of C in small letters. */
  readonly prefix: string;
  /** Reads src/node/models/network.c. */
  readonly cCode: () => string;
  readonly onnxRuntime: () => Promise<OnnxRuntime>;
}

/**
 * A model as the bytes of a file that other programs read: docs/export.md.
 * @throws ArgumentError for a network that its learner does not describe, that the format does not hold, or that takes 2 GiB or more
 *   in it, before anything is allocated
 */
export async function encodeExport(model: Model, plan: ExportPlan): Promise<Uint8Array> {
  checkFits(networkOf(model), plan.format);
  return encodeSeen(...ofSeenColumns(model, plan));
}

/** The model and its samples without the columns that it does not look at. */
function ofSeenColumns(model: Model, plan: ExportPlan): [Model, ExportPlan] {
  const { transformation, featureNames } = model;
  const { leftOut = 0 } = transformation;
  if (leftOut === 0) return [model, plan];
  const { taken } = columnsOf(transformation);
  const seen: Model = {
    ...model,
    transformation: { ...transformation, leftOut: undefined },
    ...(featureNames && { featureNames: featureNames.slice(leftOut) }),
    predict: (features) => model.predict(behindColumns(features, leftOut)),
  };
  return [seen, { ...plan, samples: plan.samples && lastColumns(plan.samples, taken - leftOut) }];
}

async function encodeSeen(model: Model, plan: ExportPlan): Promise<Uint8Array> {
  const { format, prefix } = plan;
  const golden = await goldenVectors(model, plan.samples, plan.onnxRuntime);
  const exported = exportedNetwork(model, golden);
  const { description } = exported;
  switch (format) {
    case 'npz':
      return encodeNpz(exported);
    case 'safetensors':
      return encodeSafetensors(exported);
    case 'onnx':
      return encodeOnnx(model, {
        description: JSON.stringify(description),
        golden: JSON.stringify({
          features: rowsOf(golden.features),
          logits: rowsOf(golden.logits),
          classes: [...golden.classes],
        }),
      });
    case 'h':
      return new TextEncoder().encode(
        encodeCHeader(model, { description, golden, prefix, code: plan.cCode() }),
      );
  }
}

/** @throws ArgumentError */
function checkFits(network: ExportableNetwork, format: ExportFormat): void {
  if (format === 'h' && (network.kind !== 'binary' || networkHasZeros(network))) {
    const what = UNFIT_FOR_C[network.kind];
    throw new ArgumentError('file', `a name that ends in .npz, .safetensors or .onnx for ${what}`, '.h');
  }
  const entryBytes = network.kind === 'float' ? FLOAT_BYTES : BYTES_PER_BIT[format];
  const matrices =
    network.kind === 'recurrent'
      ? recurrentMatrices(network).map(([, matrix]) => matrix)
      : network.layers.map(({ weights }) => weights);
  const entries = matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const bytes = Math.ceil(entries * entryBytes);
  if (bytes <= MOST_BYTES) return;
  throw new ArgumentError('file', 'a format in which the network takes less than 2 GiB', `${bytes} bytes`);
}

function rowsOf({
  rows,
  columns,
  values,
}: {
  rows: number;
  columns: number;
  values: ArrayLike<number>;
}): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => values[row * columns + column]),
  );
}
