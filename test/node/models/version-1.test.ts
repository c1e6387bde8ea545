import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../../src/core/errors.js';
import { RandomStream } from '../../../src/core/random.js';
import { FeatureMatrix } from '../../../src/data/dataset.js';
import { decodeModel } from '../../../src/models/model-bytes.js';
import { loadModel, saveModel } from '../../../src/node/models/model-file.js';
import { errorOf, temporaryFolder } from '../../data/helpers.js';

/**
 * Files that xnorlab wrote at commit 106874d, and what it then predicted for `features`. A file goes from here, with its
 * answers, when the version of its rule rises.
 */
const PREDICTED = {
  'local-error': '02201201221221200201',
  committee: '01101102201221100101',
  sgd: '02222222200202202200',
  qat: '11121110111221121121',
};

function fileOf(name: string): string {
  return path.join(__dirname, 'version-1', `${name}.xnorlab`);
}

function features(): FeatureMatrix {
  const stream = RandomStream.named(3, 'fixture');
  const values = Float32Array.from({ length: 20 * 12 }, (_, i) => {
    const [row, column] = [Math.floor(i / 12), i % 12];
    return 5 * Math.sin(column * (1 + (row % 3))) + 3 * stream.normal();
  });
  return new FeatureMatrix(20, 12, values);
}

describe('a file of version 1 of the format', () => {
  it.each(Object.entries(PREDICTED))('is read: %s', async (name, predicted) => {
    const model = await loadModel(fileOf(name));
    expect(model.record.rule.name).toBe(name);
    expect(model.classes).toEqual(['cat', 'dog', 'cow']);
    expect((await model.predict(features())).join('')).toBe(predicted);
  });

  it('becomes one of today’s when it is saved again', async () => {
    const file = path.join(await temporaryFolder(), 'network');
    await saveModel(await loadModel(fileOf('committee')), file);
    expect(decodeModel(readFileSync(file), file).record.rule.name).toBe('committee');
    const model = await loadModel(file);
    expect((await model.predict(features())).join('')).toBe(PREDICTED.committee);
  });

  it('is refused without its rule’s learner', () => {
    expect(() => decodeModel(readFileSync(fileOf('sgd')), 'old')).toThrow(
      'old: is of version 1 of the format: load it in Node and save it again',
    );
  });

  it('is refused when another version of its rule trained it, or its options are not known', async () => {
    expect(await problemWith('"name":"sgd","version":3', '"name":"sgd","version":9')).toBe(
      'was trained by version 9 of sgd, this xnorlab has version 4',
    );
    expect(await problemWith('"momentum":0', '"momentom":0')).toMatch(
      /^has a configuration that this xnorlab does not know: rule: expected no key momentom, got /,
    );
    expect(await problemWith('"learner/layer-1/weights"', '"learner/layer-7/weights"')).toBe(
      'is of another network: its layer-1/weights is absent, here it is a Float32Array of 60',
    );
  });
});

/** What is said of the network of `sgd` with a text in its header in the place of another of the same length. */
async function problemWith(text: string, replacement: string): Promise<string> {
  const bytes = readFileSync(fileOf('sgd'));
  bytes.write(replacement, bytes.indexOf(text), 'latin1');
  const end = bytes.length - 32;
  createHash('sha256').update(bytes.subarray(0, end)).digest().copy(bytes, end);
  const file = path.join(await temporaryFolder(), 'network');
  writeFileSync(file, bytes);
  const error = await errorOf(() => loadModel(file));
  expect(error).toBeInstanceOf(CheckpointError);
  return (error as CheckpointError).problem;
}
