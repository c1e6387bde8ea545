import { RandomStream } from '../../src/core/random.js';
import type { Shape } from '../../src/core/shape.js';
import { type Dataset, FeatureMatrix, type Samples } from '../../src/data/dataset.js';

const SHAPE: Shape = { kind: 'image', channels: 2, height: 3, width: 4 };

/** Class names of `DATASET`. */
export const CLASSES = ['cat', 'dog', 'cow'];

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

/** Small pictures of three classes, without names of columns. */
export const DATASET: Dataset = {
  name: 'pictures',
  classes: CLASSES,
  shape: SHAPE,
  train: images(90, 1),
  validation: images(30, 2),
  test: images(40, 3),
  sha256: '0'.repeat(64),
  files: [],
};
