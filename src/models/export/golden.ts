import { BitMatrix } from '../../core/bit-matrix.js';
import { Float32Matrix } from '../../core/float-matrix.js';
import { Int32Matrix } from '../../core/int-matrix.js';
import { RandomStream } from '../../core/random.js';
import { FeatureMatrix, rowValues, type Samples } from '../../data/dataset.js';
import { type FittedTransformation, transformerOf } from '../../data/transformation.js';
import type { Kernels } from '../../kernels/kernels.js';
import { type BinaryNetwork, normalized, type RecurrentNetwork } from '../../layers/network.js';
import { type OnnxRuntime, openSession } from '../../rules/float/runtime.js';
import type { Inputs } from '../../rules/rule.js';
import { BinaryPredictor } from '../binary-predictor.js';
import type { Model } from '../model.js';
import { RecurrentPredictor } from '../recurrent-predictor.js';
import { inputThresholds, networkOf } from './exported-inputs.js';
import { encodeOnnx, ONNX_VALUES } from './onnx.js';

/** Inputs with what the network makes of them, for whoever writes a reader of the file. */
export interface GoldenVectors {
  /** 32-bit floats, [G, D]; bits as ±1. */
  readonly features: Float32Matrix;
  /** [G]. */
  readonly classes: Int32Array;
  /** [G, C]: whole numbers of a network of bits, unless they are normalized. */
  readonly logits: Int32Matrix | Float32Matrix;
}

/** How many are written where nobody says which. */
const DRAWN = 16;
const CANDIDATES = 256;

/**
 * Golden vectors of a model.
 * @param samples - inputs; by default 16 drawn ones, near thresholds, of as many classes as the network finds among 256
 * @throws ArgumentError for samples that the model cannot be shown
 */
export async function goldenVectors(
  model: Model,
  samples: Samples['features'] | undefined,
  onnxRuntime: () => Promise<OnnxRuntime>,
): Promise<GoldenVectors> {
  const network = networkOf(model);
  const shown = samples ?? (await drawnSamples(model));
  const features = floatRows(shown);
  const classes = await model.predict(shown);
  const logits =
    network.kind === 'float'
      ? await floatLogits(model, features, await onnxRuntime())
      : bitLogits(network, model, shown);
  return { features, classes, logits };
}

/** Logits that decide, [n, C]. */
function bitLogits(
  network: BinaryNetwork | RecurrentNetwork,
  { kernels, transformation }: Model,
  features: Samples['features'],
): Int32Matrix | Float32Matrix {
  const inputs = transformerOf(transformation)(features);
  return network.kind === 'recurrent'
    ? new RecurrentPredictor(network, kernels).logits(inputs)
    : binaryLogits(network, kernels, inputs);
}

function binaryLogits(network: BinaryNetwork, kernels: Kernels, inputs: Inputs): Int32Matrix | Float32Matrix {
  const layers = new BinaryPredictor(network, kernels)
    .layerLogits(inputs)
    .filter((logits) => logits !== undefined);
  const counted = network.readOut === 'summed' ? layers : layers.slice(-1);
  const { rows, columns } = counted[0];
  const values = Int32Array.from({ length: rows * columns }, (_, i) =>
    counted.reduce((sum, logits) => sum + logits.values[i], 0),
  );
  const { logitNorm } = network;
  if (!logitNorm) return new Int32Matrix(rows, columns, values);
  return new Float32Matrix(
    rows,
    columns,
    Float32Array.from(values, (logit, i) => normalized(logitNorm, i % columns, logit)),
  );
}

async function floatLogits(
  model: Model,
  { rows, columns, values }: Float32Matrix,
  runtime: OnnxRuntime,
): Promise<Float32Matrix> {
  const session = await openSession(runtime, encodeOnnx(model));
  try {
    const features = new runtime.Tensor('float32', values, [rows, columns]);
    const results = await session.run({ [ONNX_VALUES.features]: features });
    const logits = results[ONNX_VALUES.logits].data as Float32Array;
    return new Float32Matrix(rows, model.classes.length, Float32Array.from(logits));
  } finally {
    await session.release();
  }
}

function floatRows(features: Samples['features']): Float32Matrix {
  const { rows, columns } = features;
  const matrix = new Float32Matrix(rows, columns);
  for (let row = 0; row < rows; row++) matrix.values.set(rowValues(features, row), row * columns);
  return matrix;
}

/** Of the candidates the first of each class, then the second of each, and so on. */
async function drawnSamples(model: Model): Promise<Samples['features']> {
  const candidates = candidateFeatures(model.transformation, RandomStream.named(0, 'export/golden'));
  const classes = await model.predict(candidates);
  const before = new Map<number, number>();
  const places = Array.from(classes, (predicted, row) => {
    const place = before.get(predicted) ?? 0;
    before.set(predicted, place + 1);
    return { row, place };
  });
  const rows = places.sort((a, b) => a.place - b.place || a.row - b.row).slice(0, DRAWN);
  return pickRows(
    candidates,
    rows.map(({ row }) => row),
  );
}

function pickRows(features: Samples['features'], rows: readonly number[]): Samples['features'] {
  if (features instanceof BitMatrix) return BitMatrix.fromSigns(rows.map((row) => features.signs(row)));
  const picked = new Float32Array(rows.length * features.columns);
  rows.forEach((row, i) => {
    picked.set(rowValues(features, row), i * features.columns);
  });
  return new FeatureMatrix(rows.length, features.columns, picked);
}

function candidateFeatures(fitted: FittedTransformation, stream: RandomStream): Samples['features'] {
  if (fitted.inputForm === 'full-precision') {
    const { columns, moments } = fitted;
    if (!moments) return stream.signs(CANDIDATES, columns);
    const { mean, scale } = moments;
    return drawn(columns, (c) => mean[c] + (scale[c] > 0 ? stream.normal() / scale[c] : 0));
  }
  if (fitted.takesBits) return stream.signs(CANDIDATES, fitted.inputColumns);
  const thresholds = inputThresholds(fitted);
  // Few values, so that many are equal to the median.
  if (!thresholds) return drawn(fitted.inputColumns, () => stream.below(16));
  const levels = thresholds.length / fitted.inputColumns;
  const draw = areBytes(thresholds) ? byteNear : floatNear;
  return drawn(fitted.inputColumns, (c) => draw(thresholds[c * levels + stream.below(levels)], stream));
}

function drawn(columns: number, draw: (column: number) => number): FeatureMatrix {
  const values = Float32Array.from({ length: CANDIDATES * columns }, (_, i) => draw(i % columns));
  return new FeatureMatrix(CANDIDATES, columns, values);
}

/**
 * Whether data may be bytes: what is drawn are bytes then, too, for readers that take nothing else. Thresholds between 0 and 1 are those of
 * other data.
 */
function areBytes(thresholds: Float32Array): boolean {
  return (
    thresholds.every((t) => t >= 0 && t <= 255) &&
    (thresholds.every((t) => Number.isInteger(t)) || thresholds.some((t) => t > 1))
  );
}

function byteNear(threshold: number, stream: RandomStream): number {
  const below = Math.floor(threshold);
  return [below, Math.min(below + 1, 255), stream.below(256)][stream.below(3)];
}

function floatNear(threshold: number, stream: RandomStream): number {
  return stream.below(3) === 0 ? threshold : threshold + (1 + Math.abs(threshold)) * stream.normal();
}
