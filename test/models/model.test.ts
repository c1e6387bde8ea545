import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { CheckpointError } from '../../src/core/errors.js';
import { RandomStream } from '../../src/core/random.js';
import type { Shape } from '../../src/core/shape.js';
import { type Dataset, FeatureMatrix, type Samples } from '../../src/data/dataset.js';
import { loadModel, saveModel } from '../../src/models/model-file.js';
import { decodeContainer, encodeContainer } from '../../src/node/checkpoint/container.js';
import { loadDataset } from '../../src/node/data/load.js';
import { train } from '../../src/node/train.js';
import type { TrainOptions } from '../../src/training/config.js';
import { errorOf, temporaryFolder } from '../data/helpers.js';

const SHAPE: Shape = { kind: 'image', channels: 2, height: 3, width: 4 };
const CLASSES = ['cat', 'dog', 'cow'];

/** Noisy real numbers around a pattern for each class, in the layout of two-channel images. */
function images(rows: number, seed: number): Samples {
  const stream = RandomStream.named(seed, 'test/images');
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 3);
  const values = Float32Array.from({ length: rows * 24 }, (_, i) => {
    const [row, column] = [Math.floor(i / 24), i % 24];
    return 4 * Math.floor(column / 12) + 5 * Math.sin(column * (1 + labels[row])) + 3 * stream.normal();
  });
  return { features: new FeatureMatrix(rows, 24, values), labels };
}

const DATASET: Dataset = {
  name: 'pictures',
  classes: CLASSES,
  shape: SHAPE,
  train: images(90, 1),
  validation: images(30, 2),
  test: images(40, 3),
  sha256: '0'.repeat(64),
  files: [],
};
const LOCAL_ERROR = { name: 'local-error', layers: [12, 12], groupSize: 4 } as const;

/** Every rule, and every way in which inputs are transformed. */
const CONFIGURATIONS: readonly Pick<TrainOptions, 'rule' | 'binarizer'>[] = [
  { rule: LOCAL_ERROR },
  { rule: { ...LOCAL_ERROR, trainClassifier: true }, binarizer: { kind: 'median', per: 'image' } },
  { rule: LOCAL_ERROR, binarizer: { kind: 'thermometer', levels: 3, thresholds: 'even' } },
  { rule: { name: 'bep', layers: [12], groupSize: 4 }, binarizer: { kind: 'median', per: 'feature' } },
  { rule: { name: 'committee', layers: [12, 4] } },
  { rule: { name: 'sgd', layers: [8] } },
  { rule: { name: 'adam', layers: [8], inputs: 'binarized' } },
  { rule: { name: 'qat', layers: [8], batchNorm: true } },
  { rule: { name: 'iterative', layers: [8], epochsPerStage: 1 } },
];

async function savedModel(options: Partial<TrainOptions> = {}, dataset = DATASET) {
  const file = path.join(await temporaryFolder(), 'new', 'network.xnorlab');
  const run = await train(
    { dataset: dataset.name, rule: LOCAL_ERROR, epochs: 3, batchSize: 20, ...options },
    { dataset },
  );
  await saveModel(run, file);
  return { file, run };
}

describe('a saved network', () => {
  it.each(CONFIGURATIONS.map((options) => [JSON.stringify(options), options] as const))(
    'predicts as the one that was trained: %s',
    async (_, options) => {
      const { file, run } = await savedModel({ ...options, modelSelection: 'best-validation' });
      const model = await loadModel(file, { backend: 'reference' });
      const predictions = await model.predict(DATASET.test.features);
      expect(predictions).toEqual(await run.predict(DATASET.test.features));
      const right = predictions.filter((prediction, i) => prediction === DATASET.test.labels[i]).length;
      expect((100 * right) / 40).toBe(model.record.testAccuracy);
      // Otherwise a constant answer would do.
      expect(new Set(predictions).size).toBeGreaterThan(1);
      expect(model.learner.saveState()).toEqual(run.learner.saveState());
      await Promise.all([run.learner.dispose(), model.learner.dispose()]);
    },
  );

  it('says what it is', async () => {
    const { file, run } = await savedModel();
    const model = await loadModel(file);
    expect(model.classes).toEqual(CLASSES);
    expect(model.record).toEqual(run.record);
    expect(model.transformation).toEqual(run.transformation);
  });

  it('was trained on bits and takes bits', async () => {
    const prototypes = { features: 30, classes: 3, trainSamples: 50, validationSamples: 0, testSamples: 20 };
    const dataset = await loadDataset('prototypes', { prototypes });
    for (const rule of [LOCAL_ERROR, { name: 'sgd', layers: [4] } as const]) {
      const { file, run } = await savedModel({ dataset: { name: 'prototypes', prototypes }, rule }, dataset);
      const model = await loadModel(file);
      expect(await model.predict(dataset.test.features)).toEqual(await run.predict(dataset.test.features));
      const numbers = new FeatureMatrix(1, 30, new Uint8Array(30));
      await expect(model.predict(numbers)).rejects.toThrow(/^features: expected .*(bits|±1)/);
    }
  });

  it('refuses features unlike those it was trained on', async () => {
    for (const rule of [LOCAL_ERROR, { name: 'sgd', layers: [4] } as const]) {
      const { file } = await savedModel({ rule });
      const model = await loadModel(file);
      const narrow = new FeatureMatrix(1, 23, new Uint8Array(23));
      await expect(model.predict(narrow)).rejects.toThrow('features: expected 24 columns, got 23');
      await expect(model.predict(new BitMatrix(1, 24))).rejects.toThrow(
        /^features: expected (real )?numbers/,
      );
    }
  });

  it('can be saved again, to the same bytes', async () => {
    const { file } = await savedModel({ rule: { name: 'adam', layers: [4] } });
    const again = `${file}-2`;
    await saveModel(await loadModel(file), again);
    expect(readFileSync(again)).toEqual(readFileSync(file));
  });
});

describe('a file with a network that cannot be used', () => {
  /** What is said of a saved network whose content or arrays were changed, with a checksum that is right. */
  async function problemOf(
    change: (content: Record<string, never>, arrays: Record<string, unknown>) => void,
  ): Promise<string> {
    const { file } = await savedModel();
    const { content, arrays } = decodeContainer(readFileSync(file), 'network', file);
    change(content as Record<string, never>, arrays as Record<string, unknown>);
    writeFileSync(file, encodeContainer('network', { content, arrays }));
    const error = await errorOf(() => loadModel(file));
    expect(error).toBeInstanceOf(CheckpointError);
    return (error as CheckpointError).problem;
  }

  it('is missing, or empty', async () => {
    const file = path.join(await temporaryFolder(), 'network');
    expect((await errorOf(() => loadModel(file))).message).toBe(`${file}: is missing`);
    writeFileSync(file, '');
    expect((await errorOf(() => loadModel(file))).message).toBe(`${file}: is empty`);
  });

  it('is of another version of its rule', async () => {
    const problem = await problemOf((content: { record?: { rule: { version: number } } }) => {
      if (content.record) content.record.rule.version += 7;
    });
    expect(problem).toMatch(/^was trained by version (\d+) of local-error, this xnorlab has version \d+$/);
  });

  it('has a newer record', async () => {
    const problem = await problemOf((content: { record?: { recordVersion: number } }) => {
      if (content.record) content.record.recordVersion = 99;
    });
    expect(problem).toBe('has a record of version 99: use a newer xnorlab');
  });

  it('has options that are not known', async () => {
    const problem = await problemOf((content: { record?: { config: { rule: object } } }) => {
      if (content.record) content.record.config.rule = { name: 'magic' };
    });
    expect(problem).toMatch(
      /^has a configuration that this xnorlab does not know: rule\.name: expected one of /,
    );
  });

  it('has weights for other layers', async () => {
    const problem = await problemOf((_, arrays) => {
      arrays['learner/layer-2/hidden'] = new Int16Array(10);
    });
    expect(problem).toBe(
      'is of another network: its layer-2/hidden is a Int16Array of 10, here it is a Int16Array of 144',
    );
  });

  it('lacks weights, or has too many', async () => {
    const lacking = await problemOf((_, arrays) => {
      delete arrays['learner/layer-1/gaps'];
    });
    expect(lacking).toBe('is of another network: its layer-1/gaps is absent, here it is a Uint32Array of 4');
    const added = await problemOf((_, arrays) => {
      arrays['learner/layer-3/hidden'] = new Int16Array(3);
    });
    expect(added).toBe('is of another network: its layer-3/hidden is a Int16Array of 3, here it is absent');
  });

  it('has thresholds for other inputs', async () => {
    const problem = await problemOf((_, arrays) => {
      arrays['transformation/thresholds'] = new Float64Array(23);
    });
    expect(problem).toBe('describes the inputs of its network as no xnorlab does');
  });

  it('lacks a part of the description', async () => {
    const problem = await problemOf((content: { classes?: unknown }) => {
      delete content.classes;
    });
    expect(problem).toBe('describes its network as no xnorlab does');
  });
});
