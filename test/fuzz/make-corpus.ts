/** Makes the files of the corpus anew, small ones of every kind: `node test/fuzz/make-corpus.mjs`. What is there besides stays. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { randomStreams } from '../../src/core/random.js';
import { encodeModel } from '../../src/models/model-bytes.js';
import { encodeRun } from '../../src/node/checkpoint/run-checkpoint.js';
import { runRequest } from '../../src/node/queue/job.js';
import { train } from '../../src/node/train.js';
import { parseTrainConfig, type TrainOptions } from '../../src/training/config.js';
import { ruleIdentity } from '../../src/training/rule-identity.js';
import { cifarArchive } from '../data/cifar-archive.js';

const folder = path.join(__dirname, 'corpus');

function put(target: string, name: string, bytes: Uint8Array | string): void {
  mkdirSync(path.join(folder, target), { recursive: true });
  writeFileSync(path.join(folder, target, name), bytes);
}

function npy(type: string, shape: number[], payload: Uint8Array): Buffer {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(117)}\n`;
  return Buffer.concat([Buffer.from('934e554d505901007600', 'hex'), Buffer.from(header, 'latin1'), payload]);
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Files one after the other, each behind its length. */
function parts(...files: (Uint8Array | string)[]): Buffer {
  return Buffer.concat(
    files.flatMap((file) => {
      const bytes = Buffer.from(file as Uint8Array);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

const idx = (dimensions: number[], payload: Uint8Array): Buffer => {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, 8, dimensions.length]);
  for (const [i, size] of dimensions.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, payload]);
};

const ramp = (length: number, modulo = 256): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 37) % modulo);

const KEEL = `@relation small
@attribute a real [0.0, 10.0]
@attribute b integer [0, 5]
@attribute c {red, green}
@attribute class {yes, no}
@inputs a, b, c
@outputs class
@data
1.5, 2, red, yes
2.5, 3, green, no
0.5, 1, red, yes
9.5, 5, green, no
7.0, 0, red, no
3.5, 4, green, yes
`;
const ARFF = KEEL.replace(/@inputs.*\n@outputs.*\n/, '')
  .replaceAll(/\[.*\]/g, '')
  .replaceAll('@', '% of Weka\n@');
const PLAIN = '1.5,2,red,yes\n2.5,3,green,no\n0.5,1,red,yes\n9.5,5,green,no\n7,0,red,no\n3.5,4,green,yes\n';
const CSV = 'x,y,label\n1,2.5,cat\n-3,4e2,dog\n"0.5",1,cat\n';

async function main(): Promise<void> {
  put('npy', 'float32', npy('<f4', [3, 4], bytesOf(Float32Array.from(ramp(12)))));
  put('npy', 'bool', npy('|b1', [3, 13], ramp(39, 2)));
  put('npy', 'uint8-image', npy('|u1', [2, 3, 4, 3], ramp(72)));
  put('npy', 'int64', npy('<i8', [4, 1], bytesOf(BigInt64Array.from([0n, 1n, 1n, 2n]))));
  put('npy', 'float16', npy('<f2', [2, 3], bytesOf(Uint16Array.of(0x3c00, 0, 0xbc00, 1, 2, 3))));
  put('npy', 'packed', npy('|u1', [3, 2], Uint8Array.of(255, 0xf8, 1, 0, 7, 8)));
  const features = npy('<f4', [6, 3], bytesOf(Float32Array.from(ramp(18))));
  const labels = npy('<i4', [6], bytesOf(Int32Array.of(0, 1, 0, 1, 1, 0)));
  put(
    'npz',
    'keras',
    zipSync({ 'x_train.npy': features, 'y_train.npy': labels, 'x_test.npy': features, 'y_test.npy': labels }),
  );
  put('npz', 'stored', zipSync({ 'features.npy': features, 'labels.npy': labels }, { level: 0 }));
  put(
    'npz',
    'images',
    zipSync({ 'x.npy': npy('|u1', [6, 2, 2], ramp(24)), 'y.npy': labels, 'note.txt': ramp(9) }),
  );
  put('gzip', 'text', gzipSync(CSV.repeat(20)));
  put('gzip', 'two', Buffer.concat([gzipSync(ramp(99)), gzipSync(ramp(5))]));
  put('csv', 'names', parts(CSV, CSV));
  put('csv', 'numbers', parts('label,"a, b",c\r\n0,1,2\r\n1,3,4\r\n', 'label,"a, b",c\n1,5,6\n'));
  put('table', 'keel', KEEL);
  put('table', 'arff', ARFF);
  put('table', 'plain', PLAIN);
  put('idx', 'images', parts(idx([3, 2, 2], ramp(12)), idx([3], Uint8Array.of(0, 1, 0))));
  for (const name of ['cifar-10-batches-py', 'cifar-10-batches-bin']) {
    const files = cifarArchive(name);
    const isPython = name.endsWith('py');
    const batch = files[isPython ? 'data_batch_1' : 'data_batch_1.bin'];
    const names = files[isPython ? 'batches.meta' : 'batches.meta.txt'];
    put('cifar', name, parts(batch, names));
    if (isPython) {
      put('pickle', 'batch', batch);
      put('pickle', 'names', names);
    }
  }
  const rgb = { raw: { width: 4, height: 3, channels: 3 } } as const;
  put('picture', 'rgb.png', await sharp(ramp(36), rgb).png().toBuffer());
  put('picture', 'palette.png', await sharp(ramp(36), rgb).png({ palette: true }).toBuffer());
  put(
    'picture',
    'grey.png',
    await sharp(ramp(12), { raw: { width: 4, height: 3, channels: 1 } })
      .png()
      .toBuffer(),
  );
  put('picture', 'interlaced.png', await sharp(ramp(36), rgb).png({ progressive: true }).toBuffer());
  put('picture', 'rgb.jpg', await sharp(ramp(36), rgb).jpeg().toBuffer());
  put('picture', 'progressive.jpg', await sharp(ramp(36), rgb).jpeg({ progressive: true }).toBuffer());
  put('shape', 'image', '{"kind": "image", "channels": 3, "height": 4, "width": 5}');
  put(
    'shape',
    'sequence',
    '{"kind": "sequence", "steps": 7, "of": {"kind": "vector", "size": 2}, "packed": "big"}',
  );

  const dataset = {
    name: 'prototypes',
    prototypes: { features: 20, classes: 3, trainSamples: 20, validationSamples: 5, testSamples: 5 },
  };
  const rules: TrainOptions['rule'][] = [
    { name: 'local-error', layers: [6, 4], groupSize: 2, classifier: 'random' },
    { name: 'committee', layers: [6, 3], zeros: 'published' },
    { name: 'bep', layers: [6, 4], groupSize: 2 },
    { name: 'sgd', layers: [4] },
    { name: 'qat', layers: [4] },
  ];
  for (const rule of rules) {
    const run = await train({ dataset, rule, epochs: 1 }, {});
    put('model', rule.name, encodeModel(run));
    if (rule.name === 'local-error') {
      const config = parseTrainConfig({ ...checkpointConfig });
      const identity = { config, rule: ruleIdentity(config), dataset: checkpointData } as never;
      const state = {
        startedAt: '2026-01-01T00:00:00.000Z',
        elapsedMs: 5,
        epochs: run.record.epochs,
        order: randomStreams(1).stream('order').state(),
        learner: run.learner.saveState(),
        selected: { epoch: 1 },
      };
      put('checkpoint', 'one-epoch', encodeRun(identity, state));
      put(
        'checkpoint',
        'selected',
        encodeRun(identity, { ...state, selected: { epoch: 1, state: state.learner } }),
      );
      put(
        'job',
        'local-error',
        JSON.stringify(runRequest(config, { resolved: config, dataset: run.record.dataset })),
      );
    }
    await run.learner.dispose();
  }
  put('config', 'plain', 'dataset: fashion-mnist\nrule:\n  name: bep\n  layers: [255, 255]\nepochs: 3\n');
  put(
    'config',
    'all',
    'dataset: {name: mnist, limitTrain: 100, protocol: {kind: holdout, heldOut: 0.2}}\nbinarizer: {kind: thermometer, levels: 4, thresholds: even}\nrule: {name: local-error, groupSize: [5, 5], layers: [25, 25], greedy: {epochsPerLayer: 1}}\ntasks: {count: 2}\nepochs: 4\nseed: 7\n',
  );
  put(
    'config',
    'json',
    '{"dataset": "mnist", "rule": {"name": "sgd", "layers": [10], "learningRate": 0.1}, "batchSize": 50}',
  );
  put(
    'config',
    'merge',
    'dataset: &set {name: prototypes}\nrule: {name: committee, layers: &widths [12, 4]}\nbinarizer: {<<: {kind: median}, per: feature}\n',
  );
  put(
    'sweep',
    'grid',
    'base:\n  dataset: prototypes\n  rule: {name: local-error, layers: [12, 12]}\naxes:\n  - grid: {rule.groupSize: {divisorsOf: rule.layers, min: 2}}\n  - seeds: 3\n',
  );
  put(
    'sweep',
    'random',
    'base: {dataset: mnist, rule: {name: adam, layers: [8]}}\naxes:\n  - random: {samples: 4, seed: 1, fields: {rule.learningRate: {min: 0.001, max: 0.1, scale: log}}}\n  - cases: [{epochs: 1}, {epochs: 2, batchSize: 10}]\n  - paired: {rule.beta1: [0.8, 0.9], rule.beta2: [0.99, 0.999]}\n',
  );
  put(
    'sweep',
    'search',
    'base: {dataset: mnist, epochs: 9, rule: {name: bep, layers: [10], groupSize: 5}}\nsearch: {kind: successive-halving}\naxes:\n  - {seeds: [1, 2], when: {rule.name: bep}}\n',
  );
}

export const checkpointConfig = {
  dataset: {
    name: 'prototypes',
    prototypes: { features: 20, trainSamples: 20, validationSamples: 5, testSamples: 5 },
  },
  rule: { name: 'local-error', layers: [4], groupSize: 2 },
  epochs: 3,
} as const satisfies TrainOptions;

export const checkpointData = {
  ...{ name: 'prototypes', sha256: '0'.repeat(64), classes: 10, features: 20, inputs: 20 },
  ...{ trainSamples: 20, validationSamples: 5, testSamples: 5 },
};

void main();
