import { idxDataset } from '../idx-dataset.js';
import { idxFiles } from './idx-files.js';
import type { KnownDataset } from './known-dataset.js';

const NAME = 'mnist';

/** MNIST, see data/mnist/README.md. */
export const mnist: KnownDataset = {
  name: NAME,
  title: '28×28 grey pictures of handwritten digits, 10 classes, by LeCun, Cortes and Burges',
  shape: { kind: 'image', channels: 1, height: 28, width: 28 },
  files: idxFiles({
    'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  }),
  otherFolders: ['MNIST'],
  homepage: 'http://yann.lecun.com/exdb/mnist',
  download: { address: 'https://ossci-datasets.s3.amazonaws.com/mnist', megabytes: 12 },
  assemble: (fileOf) => idxDataset(NAME, fileOf, { classes: Array.from('0123456789'), trainSamples: 50_000 }),
};
