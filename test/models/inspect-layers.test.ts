import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { generatePrototypes } from '../../src/data/prototypes.js';
import { inspectLayers } from '../../src/models/inspect-layers.js';
import { type Model, signLayers } from '../../src/models/model.js';
import { train } from '../../src/node/train.js';

/** With more test samples than are looked at at once. */
const DATASET = generatePrototypes({
  features: 40,
  flipProbability: 0.3,
  trainSamples: 200,
  validationSamples: 0,
  testSamples: 620,
});
const { test } = DATASET;
const LOCAL_ERROR = { name: 'local-error', layers: [12, 9], groupSize: 3 } as const;

function trained(rule: Parameters<typeof train>[0]['rule'] = LOCAL_ERROR, epochs = 2): Promise<Model> {
  return train({ dataset: DATASET.name, rule, epochs, batchSize: 20 }, { dataset: DATASET });
}

/** Logits by the definition, from unpacked signs: P sign(W a), layer after layer. */
function logitsByDefinition(model: Model, input: ArrayLike<number>): number[][] {
  const times = (matrix: BitMatrix, vector: ArrayLike<number>): number[] =>
    Array.from({ length: matrix.rows }, (_, row) =>
      matrix.signs(row).reduce((sum, sign, column) => sum + sign * vector[column], 0),
    );
  let activations = input;
  return signLayers(model).map(({ weights, classifier }) => {
    activations = times(weights, activations).map((z) => (z >= 0 ? 1 : -1));
    return classifier ? times(classifier, activations) : [];
  });
}

describe('inspectLayers', () => {
  it('gives every layer the logits of its own classifier', async () => {
    const model = await trained();
    if (!(test.features instanceof BitMatrix)) throw new TypeError('prototypes are bits');
    const answers = inspectLayers(model, test);
    expect(answers.map(({ layer }) => layer)).toEqual([1, 2]);
    for (const row of [0, 499, 500, 619]) {
      const expected = logitsByDefinition(model, test.features.signs(row));
      const found = answers.map(({ logits }) => [...logits.values.subarray(10 * row, 10 * row + 10)]);
      expect(found).toEqual(expected);
    }
  });

  it('answers with the network in its last layer, and tells by how much', async () => {
    const model = await trained();
    for (const { logits, predictions, margins, accuracy } of inspectLayers(model, test)) {
      let right = 0;
      test.labels.forEach((label, row) => {
        const own = [...logits.values.subarray(10 * row, 10 * row + 10)];
        const lead = own[label] - Math.max(...own.slice(0, label), ...own.slice(label + 1));
        expect(margins[row]).toBe(lead);
        if (lead !== 0) expect(predictions[row] === label).toBe(lead > 0);
        if (predictions[row] === label) right++;
      });
      expect(accuracy).toBeCloseTo((100 * right) / 620, 10);
    }
    const last = inspectLayers(model, test)[1];
    expect(last.predictions).toEqual(await model.predict(test.features));
    expect(last.accuracy).toBe(model.record.testAccuracy);
  });

  it('looks at the weights that predictions are made with', async () => {
    const model = await trained({ ...LOCAL_ERROR, majorityAfterEpochs: 0 }, 3);
    const [, last] = inspectLayers(model, test);
    expect(last.predictions).toEqual(await model.predict(test.features));
    expect(last.predictions).not.toEqual(inspectLayers(await trained(LOCAL_ERROR, 3), test)[1].predictions);
  });

  it('tells what the one classifier says where only the last layer has one', async () => {
    const bep = await trained({ ...LOCAL_ERROR, name: 'bep' });
    const answers = inspectLayers(bep, test);
    expect(answers.map(({ layer }) => layer)).toEqual([2]);
    expect(answers[0].predictions).toEqual(await bep.predict(test.features));
  });

  it('refuses networks with floats, and labels of other samples', async () => {
    const qat = await trained({ name: 'qat', layers: [6] });
    expect(() => inspectLayers(qat, test)).toThrow(
      "model: expected a network whose classifiers are of bits alone, got 'qat'",
    );
    const sgd = await trained({ name: 'sgd', layers: [6] });
    expect(() => inspectLayers(sgd, test)).toThrow(
      "model: expected a network whose classifiers are of bits alone, got 'sgd'",
    );
    expect(() => signLayers(sgd)).toThrow("model: expected a network of bits, got 'sgd'");
    const model = await trained();
    expect(() => inspectLayers(model, { ...test, labels: test.labels.subarray(1) })).toThrow(
      'samples.labels: expected 620 entries, got 619',
    );
  });
});
