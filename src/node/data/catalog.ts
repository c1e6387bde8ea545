import type { IdxDatasetSpec } from './idx-dataset.js';

/** The name of the generated set. */
export const PROTOTYPES = 'prototypes';

/** A data set that xnorlab knows: what its files must contain and where they are published. */
export interface KnownDataset extends IdxDatasetSpec {
  /** One line for lists. */
  readonly title: string;
  /** Address under which the publisher keeps the `IDX_FILES`, each with `.gz`; no slash at the end. */
  readonly publisher: string;
  /** What a download takes, about. */
  readonly downloadMegabytes: number;
}

const TRAIN_SAMPLES = 50_000;

/**
 * The known sets. The SHA-256 are of the uncompressed files; those of the archives that the publishers offer differ
 * from one compression to the next and are not compared.
 */
export const KNOWN_DATASETS: readonly KnownDataset[] = [
  {
    name: 'fashion-mnist',
    title: '28×28 grey pictures of clothing, 10 classes, by Zalando Research (MIT licence)',
    classes: [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ],
    trainSamples: TRAIN_SAMPLES,
    publisher: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com',
    downloadMegabytes: 31,
    sha256: {
      'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
  },
  {
    name: 'mnist',
    title: '28×28 grey pictures of handwritten digits, 10 classes, by LeCun, Cortes and Burges',
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    trainSamples: TRAIN_SAMPLES,
    publisher: 'https://ossci-datasets.s3.amazonaws.com/mnist',
    downloadMegabytes: 12,
    sha256: {
      'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
];
