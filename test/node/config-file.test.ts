import '../../src/rules/float-rules.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.js';
import { ConfigFile } from '../../src/node/config-file.js';
import { parseTrainConfig, type TrainOptions } from '../../src/training/config.js';
import { expandSweep } from '../../src/training/sweep/expand.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xnorlab-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string, name = 'run.yaml'): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** The message of an error about a file, without the folder. */
async function problem(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ArgumentError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  return 'accepted';
}

describe('ConfigFile', () => {
  it('merges what an anchor holds; keys of one’s own win, wherever they stand', () => {
    const merged = write(
      [
        'defaults: &rule { name: sgd, layers: [15], learningRate: 0.5 }',
        'more: &more { momentum: 0.9, learningRate: 0.3 }',
        'a: { <<: *rule, learningRate: 0.1 }',
        'b: { learningRate: 0.1, <<: *rule }',
        'c:',
        '  <<: [*more, *rule]',
        '  layers: [20]',
        'd: { <<: { epochs: 1 } }',
      ].join('\n'),
      'merged.yaml',
    );
    const { content } = ConfigFile.read(merged);
    expect(content.a).toEqual({ name: 'sgd', layers: [15], learningRate: 0.1 });
    expect(content.b).toEqual(content.a);
    expect(content.c).toEqual({ name: 'sgd', layers: [20], learningRate: 0.3, momentum: 0.9 });
    expect(content.d).toEqual({ epochs: 1 });
  });

  it('names the place of what is wrong in a merged mapping', async () => {
    const file = write('rule: { <<: { name: sgd, layers: [0] } }\ndataset: mnist\n', 'wrong-merge.yaml');
    const config = ConfigFile.read(file);
    expect(await problem(() => config.check(() => parseTrainConfig(config.content as TrainOptions)))).toBe(
      'wrong-merge.yaml:1:7 rule.layers.0: expected a number of at least 1, got 0',
    );
    const wrong = write('rule: { <<: 3 }\n', 'no-mapping.yaml');
    expect(await problem(() => ConfigFile.read(wrong))).toMatch(/^config: expected valid YAML \(.*[Mm]erge/);
  });

  it('reads YAML and JSON alike, without the editors’ schema', () => {
    const yaml = write('# a comment\nrule: { name: sgd, layers: [10] }\nbinarizer:\nepochs: 1e1\n');
    const json = write(
      '{"$schema": "train.schema.json", "rule": {"name": "sgd", "layers": [10]}, "binarizer": null, "epochs": 10}',
      'run.json',
    );
    expect(ConfigFile.read(yaml).content).toEqual({
      rule: { name: 'sgd', layers: [10] },
      binarizer: null,
      epochs: 10,
    });
    expect(ConfigFile.read(json).content).toEqual(ConfigFile.read(yaml).content);
  });

  it.each([
    [
      'epochs: 3\nepochs: 4\n',
      "run.yaml:2:1: expected valid YAML (Map keys must be unique), got 'epochs: 4'",
    ],
    [
      'rule: {\n',
      'run.yaml:2:1: expected valid YAML (Flow map in block collection must be sufficiently indented and end with a }), got',
    ],
    [
      'seed: !!js/function x\n',
      'run.yaml:1:7: expected valid YAML (Unresolved tag: tag:yaml.org,2002:js/function)',
    ],
    [
      'seed: *other\n',
      'config: expected valid YAML (Unresolved alias (the anchor must be set before the alias): other)',
    ],
    ['- 1\n', 'run.yaml: expected a mapping of options, got [ 1 ]'],
    ['', 'run.yaml: expected a mapping of options, got null'],
  ])('refuses %j', async (text, message) => {
    expect(await problem(() => ConfigFile.read(write(text)))).toContain(message);
  });

  it('refuses a file that is not there', async () => {
    expect(await problem(() => ConfigFile.read(path.join(folder, 'none.yaml')))).toContain(
      'config: expected a readable YAML or JSON file (ENOENT',
    );
  });

  it.each([
    [
      'dataset: mnist\nrule:\n  name: sgd\n  layers: [10, 0]\n',
      'run.yaml:4:16 rule.layers.1: expected a number of at least 1, got 0',
    ],
    [
      'dataset: mnist\nrule:\n  name: sgd\n  layers: [10]\n  momentun: 0.9\n',
      'run.yaml:5:13 rule: expected no key momentun, got',
    ],
    ['dataset: mnist\nrule: { name: sgd }\n', 'run.yaml:2:7 rule.layers: expected an array, got undefined'],
    ['dataset: mnist\nepochs: 3\n', 'run.yaml:1:1 rule'],
    [
      'dataset: mnist\nrule:\n  name: local-error\n  layers: [20]\n  groupSize: 7\n',
      "run.yaml:5:14 rule.groupSize: expected a divisor of the layer's 20 neurons, got 7",
    ],
  ])('says where the wrong value stands in %j', async (text, message) => {
    const file = ConfigFile.read(write(text));
    expect(
      await problem(() => file.check(() => parseTrainConfig(file.content as unknown as TrainOptions))),
    ).toContain(message);
  });

  it('points at the value of an axis that makes a run impossible', async () => {
    const file = ConfigFile.read(
      write(
        'base:\n  dataset: mnist\n  rule: { name: local-error, layers: [20] }\naxes:\n  - grid:\n      rule.groupSize:\n        - 5\n        - 7\n',
        'sweep.yaml',
      ),
    );
    expect(await problem(() => file.check(() => expandSweep(file.content)))).toContain(
      "sweep.yaml:8:11 rule.groupSize of the run with rule.groupSize 7: expected a divisor of the layer's 20 neurons, got 7",
    );
  });

  it('leaves other errors as they are', async () => {
    const file = ConfigFile.read(write('seed: 1\n'));
    const error = new RangeError('other');
    await expect(file.check(() => Promise.reject(error))).rejects.toBe(error);
    await expect(file.check(() => Promise.reject(new ArgumentError('store', 'a folder', 1)))).rejects.toThrow(
      'store: expected a folder, got 1',
    );
  });
});
