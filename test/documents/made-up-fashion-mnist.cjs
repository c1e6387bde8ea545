/**
 * Loaded before a program (`NODE_OPTIONS=--require …`), its threads and the programs that it starts: there Fashion-MNIST is small and made
 * up, so that documented code runs word for word within seconds, also where the real pictures are not. Its shape and the number of classes
 * are the real ones; pictures, hashes and accuracies are not.
 */
const path = require('node:path');

const dist = path.resolve(__dirname, '..', '..', 'dist');
const { createDataset } = require(path.join(dist, 'data', 'create-dataset.js'));
const { FeatureMatrix } = require(path.join(dist, 'data', 'dataset.js'));
const { fashionMnist } = require(path.join(dist, 'data', 'known', 'fashion-mnist.js'));

const SAMPLES = { train: Number(process.env.MADE_UP_TRAIN_SAMPLES ?? 600), validation: 200, test: 200 };
const [PIXELS, CLASSES] = [28 * 28, 10];

/** Noisy copies of ten pictures. */
function pictures(part) {
  const rows = SAMPLES[part];
  let state = rows + part.length;
  const values = Uint8Array.from({ length: rows * PIXELS }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const [sample, pixel] = [Math.floor(i / PIXELS), i % PIXELS];
    const isLight = (Math.imul(pixel + 1, 2654435761) >>> (sample % CLASSES)) & 1;
    return ((state >>> 24) + 100 * isLight) >>> 1;
  });
  const labels = Int32Array.from({ length: rows }, (_, i) => i % CLASSES);
  return { features: new FeatureMatrix(rows, PIXELS, values), labels, featuresFile: part, labelsFile: part };
}

fashionMnist.files = [];
fashionMnist.assemble = () =>
  createDataset({
    name: fashionMnist.name,
    classes: Array.from({ length: CLASSES }, (_, c) => `class ${c}`),
    shape: fashionMnist.shape,
    train: pictures('train'),
    validation: pictures('validation'),
    test: pictures('test'),
    files: [],
  });
