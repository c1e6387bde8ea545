import { idxDataset } from '../idx-dataset.js';
import { idxFiles } from './idx-files.js';
import type { KnownDataset } from './known-dataset.js';

const NAME = 'fashion-mnist';
const CLASSES = [
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
];

/** Fashion-MNIST, see data/fashion-mnist/README.md. */
export const fashionMnist: KnownDataset = {
  name: NAME,
  title: '28×28 grey pictures of clothing, 10 classes, by Zalando Research (MIT licence)',
  shape: { kind: 'image', channels: 1, height: 28, width: 28 },
  files: idxFiles({
    'train-images-idx3-ubyte': 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    'train-labels-idx1-ubyte': 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    't10k-images-idx3-ubyte': '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    't10k-labels-idx1-ubyte': '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  }),
  otherFolders: ['FashionMNIST'],
  homepage: 'https://github.com/zalandoresearch/fashion-mnist',
  download: { address: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com', megabytes: 31 },
  assemble: (fileOf) => idxDataset(NAME, fileOf, { classes: CLASSES, trainSamples: 50_000 }),
};
