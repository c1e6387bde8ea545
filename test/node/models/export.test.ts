import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BitMatrix } from '../../../src/core/bit-matrix.js';
import { EnvironmentError } from '../../../src/core/errors.js';
import { RandomStream } from '../../../src/core/random.js';
import { type Dataset, FeatureMatrix, rowValues, type Samples } from '../../../src/data/dataset.js';
import { generatePrototypes } from '../../../src/data/prototypes.js';
import { exportable } from '../../../src/node/models/export-model.js';
import { loadModel, saveModel } from '../../../src/node/models/model-file.js';
import { onnxRuntime } from '../../../src/node/onnx-runtime.js';
import { train } from '../../../src/node/train.js';
import { openSession } from '../../../src/rules/float/runtime.js';
import type { TrainOptions } from '../../../src/training/config.js';
import { temporaryFolder } from '../../data/helpers.js';
import { classOf, logitsOf, readNpz, readSafetensors } from '../../models/export/plain-network.js';
import { DATASET } from '../../models/pictures.js';
import { gccIsThere, runHeader } from './c-program.js';

const LOCAL_ERROR = { name: 'local-error', layers: [15, 9], groupSize: 3 } as const;
const BITS = generatePrototypes({
  features: 70,
  classes: 3,
  trainSamples: 60,
  validationSamples: 0,
  testSamples: 200,
});

/** Every rule, and every option that changes what is written. */
const OF_BITS: readonly Partial<TrainOptions>[] = [
  { rule: LOCAL_ERROR },
  { rule: { ...LOCAL_ERROR, readOut: 'summed', trainClassifier: true } },
  { rule: { ...LOCAL_ERROR, majorityAfterEpochs: 1 }, binarizer: { kind: 'median', per: 'image' } },
  { rule: LOCAL_ERROR, binarizer: { kind: 'thermometer', levels: 3, thresholds: 'even' } },
  { rule: LOCAL_ERROR, binarizer: { kind: 'thermometer', levels: 2, thresholds: 'quantile' } },
  { rule: { name: 'bep', layers: [12, 10], groupSize: 2 }, binarizer: { kind: 'median', per: 'feature' } },
  { rule: { name: 'committee', layers: [12, 4] } },
  { rule: { name: 'committee', layers: [12, 6], secondary: { probability: 0.5, threshold: 9 } } },
  { rule: { name: 'committee', layers: [12, 4, 9, 3] } },
  { rule: { name: 'committee', layers: [12, 4, 8, 4], zeros: 'published', initialDepth: 3 } },
  { rule: { ...LOCAL_ERROR, zeros: 'published', initialDepth: 3, readOut: 'summed' } },
  { rule: { ...LOCAL_ERROR, zeros: ['weights'], initialDepth: 3 } },
  { rule: { name: 'qat', layers: [9, 7] } },
  { rule: { name: 'qat', layers: [9], batchNorm: false } },
  { rule: { name: 'iterative', layers: [9, 7], epochsPerStage: 1 }, epochs: 3 },
];
const OF_FLOATS: readonly Partial<TrainOptions>[] = [
  { rule: { name: 'sgd', layers: [8, 6], learningRate: 0.1 } },
  { rule: { name: 'sgd', layers: [8], inputs: 'binarized' } },
  { rule: { name: 'adam', layers: [8] } },
  { rule: { name: 'iterative', layers: [9, 7], epochsPerStage: 1 }, epochs: 1 },
];

const named = (all: readonly Partial<TrainOptions>[]) =>
  all.map((options) => [JSON.stringify(options), options] as const);

function trained(options: Partial<TrainOptions> = {}, dataset: Dataset = DATASET) {
  const defaults = { dataset: dataset.name, rule: LOCAL_ERROR, epochs: 3, batchSize: 20 };
  return train({ ...defaults, ...options }, { dataset });
}
type Trained = Awaited<ReturnType<typeof trained>>;

/** Features that no network has seen, many at a threshold of one of the binarizers. */
function unseen(rows = 300): FeatureMatrix {
  const stream = RandomStream.named(7, 'test/unseen');
  const [first] = [DATASET.train.features];
  if (!(first instanceof FeatureMatrix)) throw new TypeError('pictures are numbers');
  const values = Float32Array.from({ length: rows * 24 }, () =>
    stream.below(2) === 0 ? 4 + 6 * stream.normal() : first.values[stream.below(first.values.length)],
  );
  return new FeatureMatrix(rows, 24, values);
}

function floats(features: Samples['features']): number[][] {
  return Array.from({ length: features.rows }, (_, row) => [...rowValues(features, row)]);
}

async function exported(run: Trained, name: string): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  const { bytes } = await run.export(file);
  expect(readFileSync(file).length).toBe(bytes);
  // Whole or not at all, and nothing beside it.
  expect(readdirSync(path.dirname(file))).toEqual([name]);
  return file;
}

async function onnxResults(file: string, features: number[][]) {
  const runtime = await onnxRuntime();
  const session = await openSession(runtime, readFileSync(file));
  const columns = features[0].length;
  const tensor = new runtime.Tensor('float32', Float32Array.from(features.flat()), [
    features.length,
    columns,
  ]);
  const { predictions, logits } = await session.run({ features: tensor });
  await session.release();
  return {
    predictions: Int32Array.from(predictions.data as Int32Array),
    logits: [...(logits.data as Float32Array)],
  };
}

describe.each(named(OF_BITS))('an exported network of bits: %s', (_, options) => {
  it('predicts as the model does from every format, logits included', async () => {
    const run = await trained(options);
    const features = unseen();
    const expected = await run.predict(features);
    expect(new Set(expected).size).toBeGreaterThan(1);

    const npz = readNpz(readFileSync(await exported(run, 'net.npz')));
    const logits = floats(features).map((sample) => logitsOf(npz, sample));
    expect(Int32Array.from(logits, classOf)).toEqual(expected);
    const golden = (name: string) => npz.arrays.get(`golden.${name}`)?.values ?? [];
    const goldenRows = rows(golden('features'), 24);
    expect(goldenRows).toHaveLength(16);
    expect(goldenRows.flatMap((sample) => logitsOf(npz, sample))).toEqual(golden('logits'));
    expect(goldenRows.map((sample) => classOf(logitsOf(npz, sample)))).toEqual(golden('classes'));

    const safetensors = readSafetensors(readFileSync(await exported(run, 'net.safetensors')));
    expect(safetensors.description).toEqual(npz.description);
    expect(new Map([...safetensors.arrays].sort())).toEqual(new Map([...npz.arrays].sort()));

    const onnx = await onnxResults(await exported(run, 'net.onnx'), floats(features));
    expect(onnx.predictions).toEqual(expected);
    expect(onnx.logits).toEqual(logits.flat());

    const hasZeros = options.rule && 'zeros' in options.rule;
    expect(npz.description.version).toBe(hasZeros ? 2 : 1);
    if (gccIsThere && !hasZeros) {
      const c = await runHeader(await exported(run, 'net.h'), features);
      expect(c.wrongGolden).toBe(0);
      expect(c.classes).toEqual(expected);
    }
    await run.dispose();
  });
});

function rows(values: readonly number[], columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, i) =>
    values.slice(i * columns, (i + 1) * columns),
  );
}

describe.each(named(OF_FLOATS))('an exported network of floats: %s', (_, options) => {
  it('predicts as the model does', async () => {
    const run = await trained(options);
    const features = unseen();
    const expected = await run.predict(features);
    expect(new Set(expected).size).toBeGreaterThan(1);

    const onnx = await onnxResults(await exported(run, 'net.onnx'), floats(features));
    expect(onnx.predictions).toEqual(expected);

    const npz = readNpz(readFileSync(await exported(run, 'net.npz')));
    const logits = floats(features).flatMap((sample) => logitsOf(npz, sample));
    logits.forEach((logit, i) => {
      expect(logit).toBeCloseTo(onnx.logits[i], 4);
    });
    const golden = (name: string) => npz.arrays.get(`golden.${name}`)?.values ?? [];
    const goldenRows = rows(golden('features'), 24);
    expect(goldenRows.map((sample) => classOf(logitsOf(npz, sample)))).toEqual(golden('classes'));
    goldenRows
      .flatMap((sample) => logitsOf(npz, sample))
      .forEach((logit, i) => {
        expect(logit).toBeCloseTo(golden('logits')[i], 4);
      });
    const safetensors = readSafetensors(readFileSync(await exported(run, 'net.safetensors')));
    expect(new Map([...safetensors.arrays].sort())).toEqual(new Map([...npz.arrays].sort()));

    const folder = await temporaryFolder();
    await expect(run.export(path.join(folder, 'net.h'))).rejects.toThrow(
      "file: expected a name that ends in .npz, .safetensors or .onnx for a network of floats, got '.h'",
    );
    expect(readdirSync(folder)).toEqual([]);
    await run.dispose();
  });
});

describe('a network on bits', () => {
  it('takes them as ±1', async () => {
    const { features } = BITS.test;
    for (const rule of [LOCAL_ERROR, { name: 'sgd', layers: [4] } as const]) {
      const run = await trained({ rule }, BITS);
      const expected = await run.predict(features);
      const npz = readNpz(readFileSync(await exported(run, 'net.npz')));
      expect(Int32Array.from(floats(features), (sample) => classOf(logitsOf(npz, sample)))).toEqual(expected);
      const onnx = await onnxResults(await exported(run, 'net.onnx'), floats(features));
      expect(onnx.predictions).toEqual(expected);
      if (rule === LOCAL_ERROR && gccIsThere) {
        const c = await runHeader(await exported(run, 'net.h'), features, 'int8_t');
        expect(c.wrongGolden).toBe(0);
        expect(c.classes).toEqual(expected);
      }
      await run.dispose();
    }
  });
});

describe('export', () => {
  it('says what the network is, and takes samples of the caller for golden vectors', async () => {
    const dataset: Dataset = {
      ...DATASET,
      classes: ['kát "1"', 'd\\og?', 'co*/w'],
      featureNames: Array.from({ length: 24 }, (_, i) => `pixel ${i}`),
    };
    const run = await trained({}, dataset);
    const file = path.join(await temporaryFolder(), 'net.npz');
    const samples = DATASET.test.features.rowRange(3, 5);
    await run.export(file, { samples });
    const { description, arrays } = readNpz(readFileSync(file));
    expect(description).toEqual({
      format: 'xnorlab network',
      version: 1,
      kind: 'binary',
      inputs: { form: 'thresholds', features: 24, levels: 1 },
      readOut: 'last',
      layers: [
        { inputs: 24, neurons: 15, voters: 1, hasClassifier: true },
        { inputs: 15, neurons: 9, voters: 1, hasClassifier: true },
      ],
      classes: dataset.classes,
      featureNames: dataset.featureNames,
      training: {
        rule: 'local-error',
        dataset: 'pictures',
        hiddenLayers: '15,9',
        seed: run.record.seed,
        testAccuracy: run.record.testAccuracy,
        xnorlab: run.record.software.xnorlab,
      },
    });
    expect(arrays.get('layer1.weights')).toMatchObject({ type: 'u1', shape: [15, 3] });
    expect(arrays.get('golden.features')?.values).toEqual(floats(samples).flat());
    expect(arrays.get('golden.classes')?.values).toEqual([...(await run.predict(samples))]);
    if (gccIsThere) {
      const c = await runHeader(await exported(run, '2 pictures.h'), samples);
      expect(c.names).toEqual(dataset.classes);
      expect(c.wrongGolden).toBe(0);
    }
  });

  it('gives the same bytes for a model that was loaded, and at any time', async () => {
    const run = await trained();
    const saved = path.join(await temporaryFolder(), 'net.xnorlab');
    await saveModel(run, saved);
    const model = await loadModel(saved, { backend: 'reference' });
    for (const name of ['net.npz', 'net.safetensors', 'net.onnx', 'net.h']) {
      const file = path.join(await temporaryFolder(), name);
      await model.export(file);
      expect(readFileSync(file)).toEqual(readFileSync(await exported(run, name)));
    }
  });

  it('refuses ends of names that it does not know, and writes nothing', async () => {
    const run = await trained();
    const folder = await temporaryFolder();
    await expect(run.export(path.join(folder, 'net.pt'))).rejects.toThrow(
      /^file: expected a name that ends in \.npz, \.safetensors, \.onnx or \.h, got '.*net\.pt'$/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a network that its learner does not describe, and one too large for its format', async () => {
    const run = await trained();
    const folder = await temporaryFolder();
    const { network, ...rest } = run;
    await expect(exportable(rest).export(path.join(folder, 'net.npz'))).rejects.toThrow(
      "model: expected one whose learner describes its network, got 'local-error'",
    );
    if (network?.kind !== 'binary') throw new TypeError('local-error has a network of bits');
    // Sizes alone: what is refused is not allocated.
    const weights = { rows: 2 ** 18, columns: 2 ** 17 } as BitMatrix;
    const vast = exportable({ ...run, network: { ...network, layers: [{ weights }, network.layers[1]] } });
    await expect(vast.export(path.join(folder, 'net.npz'))).rejects.toThrow(
      // 2³⁵ bits and 15 · 9 more.
      "file: expected a format in which the network takes less than 2 GiB, got '4294967313 bytes'",
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a header of a network with zeros, before it writes anything', async () => {
    const folder = await temporaryFolder();
    for (const rule of [
      { ...LOCAL_ERROR, zeros: ['weights'] },
      { ...LOCAL_ERROR, zeros: ['activations'] },
      { name: 'committee', layers: [12, 4], zeros: ['classifier'] },
    ] as const) {
      const run = await trained({ rule: rule as TrainOptions['rule'], epochs: 1 });
      await expect(run.export(path.join(folder, 'net.h'))).rejects.toThrow(
        "file: expected a name that ends in .npz, .safetensors or .onnx for a network that was trained with zeros, got '.h'",
      );
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says where it cannot write', async () => {
    const run = await trained();
    const file = path.join(await temporaryFolder(), 'file');
    writeFileSync(file, 'text');
    await expect(run.export(path.join(file, 'net.npz'))).rejects.toThrow(EnvironmentError);
    expect(readFileSync(file, 'utf8')).toBe('text');
  });
});
