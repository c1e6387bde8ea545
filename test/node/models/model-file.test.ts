import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../src/core/bit-matrix.js';
import { decodeContainer, encodeContainer } from '../../../src/core/container.js';
import { CheckpointError } from '../../../src/core/errors.js';
import type { NamedArrays } from '../../../src/core/named-arrays.js';
import { FeatureMatrix } from '../../../src/data/dataset.js';
import { decodeModel, encodeModel } from '../../../src/models/model-bytes.js';
import { loadDataset } from '../../../src/node/data/load.js';
import { loadModel, saveModel } from '../../../src/node/models/model-file.js';
import { train } from '../../../src/node/train.js';
import type { TrainOptions } from '../../../src/training/config.js';
import { errorOf, temporaryFolder } from '../../data/helpers.js';
import { CLASSES, DATASET } from '../../models/pictures.js';

const LOCAL_ERROR = { name: 'local-error', layers: [12, 12], groupSize: 4 } as const;

/** Every rule, and every way in which inputs are transformed. */
const CONFIGURATIONS: readonly Pick<TrainOptions, 'rule' | 'binarizer'>[] = [
  { rule: LOCAL_ERROR },
  { rule: { ...LOCAL_ERROR, trainClassifier: true }, binarizer: { kind: 'median', per: 'image' } },
  { rule: LOCAL_ERROR, binarizer: { kind: 'thermometer', levels: 3, thresholds: 'even' } },
  { rule: { name: 'bep', layers: [12], groupSize: 4 }, binarizer: { kind: 'median', per: 'feature' } },
  { rule: { name: 'committee', layers: [12, 4] } },
  { rule: { ...LOCAL_ERROR, zeros: 'published', initialDepth: 4 } },
  { rule: { ...LOCAL_ERROR, zeros: ['activations'], readOut: 'summed' } },
  { rule: { name: 'committee', layers: [12, 4], zeros: 'published', initialDepth: 4 } },
  { rule: { name: 'sgd', layers: [8] } },
  { rule: { name: 'adam', layers: [8], inputs: 'binarized' } },
  { rule: { name: 'qat', layers: [8], batchNorm: true } },
  { rule: { name: 'iterative', layers: [8], epochsPerStage: 1 } },
  { rule: { name: 'iterative', layers: [8], epochsPerStage: 2 } },
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
      expect(structuredClone(model.network)).toEqual(structuredClone(run.network));
      await Promise.all([run.dispose(), model.dispose()]);
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

  it('needs neither its rule nor its options: they may be unknown here, or of another version', async () => {
    const { file, run } = await savedModel();
    const { content, arrays } = decodeContainer(readFileSync(file), 'network', file);
    const { record } = content as { record: { config: { rule: object }; rule: object } };
    record.rule = { name: 'magic', version: 99 };
    record.config.rule = { name: 'magic', wands: 3 };
    writeFileSync(file, encodeContainer('network', { content, arrays }));
    const model = await loadModel(file);
    expect(await model.predict(DATASET.test.features)).toEqual(await run.predict(DATASET.test.features));
  });

  it('holds a bit for each weight, and nothing of how they were learned', async () => {
    const { file } = await savedModel({ rule: { ...LOCAL_ERROR, majorityAfterEpochs: 1 } });
    const { version, arrays } = decodeContainer(readFileSync(file), 'network', file);
    const kinds = Object.entries(arrays).map(([name, values]) => [
      name,
      `${values.constructor.name} of ${values.length}`,
    ]);
    expect(version).toBe(2);
    // Rows of 24 or 12 bits take two words.
    expect(Object.fromEntries(kinds)).toEqual({
      'transformation/thresholds': 'Float64Array of 24',
      'network/layer-1/weights': 'Uint32Array of 24',
      'network/layer-1/classifier': 'Uint32Array of 6',
      'network/layer-2/weights': 'Uint32Array of 24',
      'network/layer-2/classifier': 'Uint32Array of 6',
    });
  });

  it('keeps the names of its columns, and takes named ones in any order', async () => {
    const featureNames = Array.from({ length: 24 }, (_, c) => `pixel ${c}`);
    const { file, run } = await savedModel({}, { ...DATASET, featureNames });
    const { features } = DATASET.test;
    if (features instanceof BitMatrix) throw new TypeError('pictures are numbers');
    const turned = new FeatureMatrix(40, 24, features.values.slice());
    for (let row = 0; row < 40; row++) turned.values.subarray(24 * row, 24 * row + 24).reverse();
    const expected = await run.predict(features);
    expect(await run.predict(turned)).not.toEqual(expected);
    for (const model of [run, await loadModel(file)]) {
      expect(model.featureNames).toEqual(featureNames);
      expect(await model.predict(features, featureNames)).toEqual(expected);
      expect(await model.predict(turned, featureNames.toReversed())).toEqual(expected);
      const strange = featureNames.with(3, 'pixel three');
      await expect(model.predict(features, strange)).rejects.toThrow(
        'this lacks pixel 3; has pixel three, which the network was not trained on',
      );
      await expect(model.predict(features, featureNames.slice(1))).rejects.toThrow(
        'featureNames: expected 24 names, one for each column',
      );
    }
  });

  it('is bytes for whoever has no files', async () => {
    const { file, run } = await savedModel();
    expect(Buffer.from(encodeModel(run))).toEqual(readFileSync(file));
    expect(structuredClone(decodeModel(encodeModel(run), 'bytes').network)).toEqual(
      structuredClone(run.network),
    );
  });

  it('is refused where its learner does not describe it', async () => {
    const { run, file } = await savedModel();
    const { network: _, ...undescribed } = run;
    const error = await errorOf(() => saveModel(undescribed, `${file}-2`));
    expect(error.message).toBe("model: expected one whose learner describes its network, got 'local-error'");
  });
});

describe('a file with a network that cannot be used', () => {
  interface Layer {
    inputs: number;
    neurons: number;
    voters?: number;
    classes?: number;
  }
  interface Content {
    record: { recordVersion: number };
    classes?: string[];
    featureNames?: string[];
    transformation: { inputColumns?: number };
    network: { readOut: string; layers: Layer[] };
  }

  /** What is said of a saved network whose content or arrays were changed, with a checksum that is right. */
  async function problemOf(
    change: (content: Content, arrays: Record<string, NamedArrays[string]>) => void,
  ): Promise<string> {
    const { file } = await savedModel();
    const { content, arrays } = decodeContainer(readFileSync(file), 'network', file);
    change(content as Content, arrays as Record<string, NamedArrays[string]>);
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

  it('has a newer record', async () => {
    const problem = await problemOf(({ record }) => {
      record.recordVersion = 99;
    });
    expect(problem).toBe('has a record of version 99: use a newer xnorlab');
  });

  it.each<[string, Parameters<typeof problemOf>[0], string]>([
    [
      'has weights for other layers',
      (_, arrays) => {
        arrays['network/layer-2/weights'] = new Uint32Array(10);
      },
      "layer-2/weights: expected a Uint32Array of 24, got 'a Uint32Array of 10'",
    ],
    [
      'has weights that are no bits',
      (_, arrays) => {
        arrays['network/layer-2/weights'] = new Float32Array(24);
      },
      "layer-2/weights: expected a Uint32Array of 24, got 'a Float32Array of 24'",
    ],
    [
      'lacks weights',
      (_, arrays) => {
        delete arrays['network/layer-1/weights'];
      },
      "layer-1/weights: expected a Uint32Array of 24, got 'nothing'",
    ],
    [
      'has weights that belong nowhere',
      (_, arrays) => {
        arrays['network/layer-3/weights'] = new Uint32Array(3);
      },
      "layer-3/weights: expected no such array, got 'one'",
    ],
    [
      'has bits beyond its columns',
      (_, arrays) => {
        arrays['network/layer-1/weights'][3] = 1;
      },
      "layer-1/weights: expected no bits beyond column 23, got 'some in word 3'",
    ],
    [
      'has layers that do not follow one another',
      ({ network }) => {
        network.layers[1].inputs = 13;
      },
      'network.layers[1].weights.columns: expected an integer in [12, 12], got 13',
    ],
    [
      'has no classifier at its end',
      ({ network }, arrays) => {
        delete network.layers[1].classes;
        delete arrays['network/layer-2/classifier'];
      },
      'network.layers[1].classifier: expected a matrix of ±1, got undefined',
    ],
    [
      'lets neurons vote that cannot be parted',
      ({ network }, arrays) => {
        network.layers[0].voters = 5;
        delete network.layers[0].classes;
        delete arrays['network/layer-1/classifier'];
      },
      'network.layers[0].voters: expected a divisor of 12, got 5',
    ],
    [
      'is shown other inputs than it takes',
      ({ transformation }, arrays) => {
        transformation.inputColumns = 48;
        arrays['transformation/thresholds'] = new Float64Array(48);
      },
      'its network takes 24 inputs, it is shown 48',
    ],
    [
      'has names for other classes',
      ({ classes }) => {
        classes?.push('owl');
      },
      'its network tells 3 classes, there are 4 names',
    ],
    [
      'has names for other columns',
      (content) => {
        content.featureNames = ['x', 'y'];
      },
      'it has 2 names for 24 columns',
    ],
  ])('%s', async (_, change, problem) => {
    expect(await problemOf(change)).toBe(`holds no whole network: ${problem}`);
  });

  it('has thresholds for other inputs', async () => {
    const problem = await problemOf((_, arrays) => {
      arrays['transformation/thresholds'] = new Float64Array(23);
    });
    expect(problem).toBe('describes the inputs of its network as no xnorlab does');
  });

  it('lacks a part of the description', async () => {
    const problem = await problemOf((content) => {
      delete content.classes;
    });
    expect(problem).toBe('describes its network as no xnorlab does');
  });
});
