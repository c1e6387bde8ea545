import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { BitMatrix, columnMask } from '../../src/core/bit-matrix.js';
import type { RandomStream } from '../../src/core/random.js';
import { sizeOf } from '../../src/core/shape.js';
import { CIFAR_LAYOUTS, cifarDataset } from '../../src/data/cifar.js';
import { csvDataset } from '../../src/data/csv.js';
import { type Dataset, FeatureMatrix, type Samples } from '../../src/data/dataset.js';
import { idxDataset } from '../../src/data/idx-dataset.js';
import { npyFeatures, statedNpyFeatures } from '../../src/data/npy.js';
import { npzDataset } from '../../src/data/npz.js';
import { parsePickle } from '../../src/data/pickle.js';
import { parseShapeFile } from '../../src/data/shape-file.js';
import { tableDataset } from '../../src/data/table-dataset.js';
import { transformerOf } from '../../src/data/transformation.js';
import { crc32 } from '../../src/data/zip-checksums.js';
import { referenceKernels } from '../../src/kernels/reference.js';
import { decodeModel } from '../../src/models/model-bytes.js';
import { createPredictor } from '../../src/models/predictor.js';
import { decodeRun } from '../../src/node/checkpoint/run-checkpoint.js';
import { ConfigFile } from '../../src/node/config-file.js';
import { decodePicture } from '../../src/node/data/decode-picture.js';
import { gunzip } from '../../src/node/data/file-access.js';
import { checkRequest } from '../../src/node/queue/job.js';
import { parseTrainConfig } from '../../src/training/config.js';
import { ruleIdentity } from '../../src/training/rule-identity.js';
import { expandSweep } from '../../src/training/sweep/expand.js';
import { mutated } from './mutate.js';
import { type FuzzTarget, sound } from './target.js';

const scratch = (): string => path.join(mkdtempSync(path.join(tmpdir(), 'xnorlab-fuzz-')), 'input');

/** A target whose inputs are the files of its corpus, changed. @param mend - repairs checksums of one in two */
function fileTarget(
  name: string,
  run: FuzzTarget['run'],
  mend: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): FuzzTarget {
  return {
    name,
    input: (corpus, random: RandomStream) => {
      const bytes = mutated(corpus, random);
      return random.below(2) === 0 ? bytes : mend(bytes);
    },
    run,
  };
}

function checkMatrix(features: FeatureMatrix | BitMatrix): void {
  if (features instanceof BitMatrix) {
    const { words, rowWords, columns } = features;
    sound(
      words.every((word, i) => (word & ~columnMask(columns, i % rowWords)) === 0),
      'bits beyond the last column',
    );
    return;
  }
  sound(
    features.values.length === features.rows * features.columns,
    'values of another number than the sizes say',
  );
}

function checkDataset({ classes, shape, train, validation, test }: Dataset): void {
  sound(classes.length >= 2, 'fewer than two classes');
  sound(new Set(classes).size === classes.length, 'two classes of one name');
  const checkSplit = ({ features, labels }: Samples): void => {
    checkMatrix(features);
    sound(features.columns === sizeOf(shape), 'columns of another number than the shape says');
    sound(features.rows === labels.length && features.rows > 0, 'labels of another number than the samples');
    sound(
      labels.every((label) => label >= 0 && label < classes.length),
      'a label that is no class',
    );
    if (features instanceof FeatureMatrix)
      sound(features.values.every(Number.isFinite), 'a number that is not finite');
  };
  for (const split of [train, validation, test]) if (split) checkSplit(split);
}

/** The files of a set from one input: each after four bytes with its length. */
function parts(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const end = at + 4 + view.getUint32(at, true);
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

const named = (file: string, bytes: Uint8Array | undefined) => ({ file, bytes: bytes ?? new Uint8Array(0) });

/** Length and SHA-256 of a container as they should be. */
function mendedContainer(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 56) return bytes;
  const copy = Buffer.from(bytes);
  copy.writeBigUInt64LE(BigInt(copy.length), 16);
  createHash('sha256')
    .update(copy.subarray(0, -32))
    .digest()
    .copy(copy, copy.length - 32);
  return copy;
}

/** The CRC-32 of each chunk of a PNG as it should be. */
function mendedPng(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  for (let at = 8; at + 12 <= copy.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > copy.length) break;
    view.setUint32(end, crc32(copy.subarray(at + 4, end)));
    at = end + 4;
  }
  return copy;
}

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** JSON, or undefined for what is none: what comes here from elsewhere has been parsed. */
function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoded(bytes));
  } catch {
    return undefined;
  }
}

async function checkModel(bytes: Uint8Array): Promise<void> {
  const { network, transformation, classes } = decodeModel(bytes, 'model');
  const { inputForm } = transformation;
  const columns = inputForm === 'binarized' ? transformation.inputColumns : transformation.columns;
  if (columns > 10_000) return;
  const isBits = inputForm === 'binarized' && transformation.takesBits;
  const features = isBits
    ? new BitMatrix(2, columns)
    : new FeatureMatrix(2, columns, new Float32Array(2 * columns));
  // Those of floats need a runtime.
  if (network.kind === 'float') return;
  const predictor = createPredictor(network, { kernels: referenceKernels });
  const predictions = await predictor.predict(transformerOf(transformation)(features));
  sound(
    predictions.length === 2 && predictions.every((one) => one >= 0 && one < classes.length),
    'a prediction that is no class',
  );
}

const checkpointed = parseTrainConfig({
  dataset: {
    name: 'prototypes',
    prototypes: { features: 20, trainSamples: 20, validationSamples: 5, testSamples: 5 },
  },
  rule: { name: 'local-error', layers: [4], groupSize: 2 },
  epochs: 3,
});

const configFile = scratch();

function configOf(bytes: Uint8Array): ConfigFile {
  writeFileSync(configFile, bytes);
  return ConfigFile.read(configFile);
}

/** A target for every format that comes from outside. */
export const FILE_TARGETS: readonly FuzzTarget[] = [
  fileTarget('npy', (bytes) => {
    checkMatrix(npyFeatures(named('x.npy', bytes)).features);
    const packed = { shape: { kind: 'vector', size: 13 }, packed: 'big' } as const;
    try {
      checkMatrix(statedNpyFeatures(named('x.npy', bytes), packed).features);
    } catch (error) {
      if (!(error as Error).message.startsWith('x.npy: ')) throw error;
    }
  }),
  fileTarget('npz', (bytes) => checkDataset(npzDataset('x', named('x.npz', bytes)))),
  fileTarget('gzip', (bytes) => {
    const contents = gunzip(bytes, 'x.gz');
    sound(contents.equals(gunzipSync(bytes)), 'other contents than zlib gives');
  }),
  fileTarget('csv', (bytes) => {
    const [train, test] = parts(bytes);
    checkDataset(csvDataset('x', { train: named('train.csv', train), test: named('test.csv', test) }));
  }),
  fileTarget('table', (bytes) => checkDataset(tableDataset('x', { train: named('x.dat', bytes) }))),
  fileTarget('idx', (bytes) => {
    const [images, labels] = parts(bytes);
    checkDataset(idxDataset('x', (name) => named(name, name.includes('images') ? images : labels)));
  }),
  fileTarget('pickle', (bytes) => void parsePickle(named('x.pkl', bytes))),
  fileTarget('cifar', (bytes) => {
    const [batch, names] = parts(bytes);
    const isPython = batch?.[0] === 0x80;
    const layout = CIFAR_LAYOUTS.find(
      ({ train }) => train.length > 1 && train[0].endsWith('.bin') !== isPython,
    );
    if (!layout) return;
    const isBatch = (name: string): boolean => name === layout.test || layout.train.includes(name);
    checkDataset(cifarDataset('x', layout, (name) => named(name, isBatch(name) ? batch : names)));
  }),
  fileTarget(
    'picture',
    async (bytes) => {
      const { width, height, channels, pixels } = await decodePicture(named('x.png', bytes));
      sound(pixels.length === width * height * channels, 'pixels of another number than the sizes say');
    },
    mendedPng,
  ),
  fileTarget('shape', (bytes) => void sizeOf(parseShapeFile(named('shape.json', bytes)).shape)),
  fileTarget('model', checkModel, mendedContainer),
  fileTarget(
    'checkpoint',
    (bytes) => {
      const dataset = {
        name: 'prototypes',
        sha256: '0'.repeat(64),
        classes: 10,
        features: 20,
        inputs: 20,
        trainSamples: 20,
        validationSamples: 5,
        testSamples: 5,
      };
      const identity = { config: checkpointed, rule: ruleIdentity(checkpointed), dataset } as never;
      const state = decodeRun(bytes, identity, 'checkpoint');
      sound(state.selected.epoch <= state.epochs.length, 'a selected epoch that is not there');
    },
    mendedContainer,
  ),
  fileTarget('config', async (bytes) => {
    const file = configOf(bytes);
    await file.check(() => void parseTrainConfig(file.content));
  }),
  fileTarget('sweep', async (bytes) => {
    const file = configOf(bytes);
    await file.check(() => {
      const configs = expandSweep(file.content);
      sound(configs.length > 0, 'a sweep without runs');
    });
  }),
  fileTarget('job', (bytes) => {
    checkRequest(json(bytes));
  }),
];
