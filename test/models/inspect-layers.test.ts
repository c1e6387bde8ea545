import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../src/core/bit-matrix.js';
import { generatePrototypes } from '../../src/data/prototypes.js';
import { inspectLayers } from '../../src/models/inspect-layers.js';
import type { Model } from '../../src/models/model.js';
import { train } from '../../src/node/train.js';
import { LocalErrorLearner } from '../../src/rules/local-error/local-error.js';

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
function logitsByDefinition({ learner }: Model, input: ArrayLike<number>): number[][] {
  if (!(learner instanceof LocalErrorLearner)) throw new TypeError('trained by another rule');
  const times = (matrix: BitMatrix, vector: ArrayLike<number>): number[] =>
    Array.from({ length: matrix.rows }, (_, row) =>
      matrix.signs(row).reduce((sum, sign, column) => sum + sign * vector[column], 0),
    );
  let activations = input;
  return learner.layers.map(({ weights, classifier }) => {
    activations = times(weights.visible, activations).map((z) => (z >= 0 ? 1 : -1));
    return times(classifier.visible, activations);
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

  it('refuses other rules, and labels of other samples', async () => {
    const bep = await trained({ ...LOCAL_ERROR, name: 'bep' });
    expect(() => inspectLayers(bep, test)).toThrow(
      "model: expected a network trained by local-error, got 'bep'",
    );
    const model = await trained();
    expect(() => inspectLayers(model, { ...test, labels: test.labels.subarray(1) })).toThrow(
      'samples.labels: expected 620 entries, got 619',
    );
  });
});
