/** A published accuracy to hold ours against. */
export interface Published {
  readonly dataset: string;
  readonly network: string;
  /** Test accuracy in percent. */
  readonly accuracy: number;
  /** How it was measured. */
  readonly protocol: string;
  readonly source: string;
}

const CROW = '`sw965/crow` (code, 2025)';
const NITRO = 'NITRO-D, arXiv:2407.11698';
const LOCAL = 'Nøkland & Eidnes, arXiv:1901.06656';

/** What others have reached without gradients through the network, by data set and accuracy. */
export const PUBLISHED: readonly Published[] = [
  {
    dataset: 'fashion-mnist',
    network: 'Tsetlin machine, 1 bit a pixel',
    accuracy: 87.44,
    protocol: '2,048 clauses a class, 30 epochs; logic, no layers of neurons',
    source: CROW,
  },
  {
    dataset: 'fashion-mnist',
    network: 'competitive local receptive fields',
    accuracy: 87.96,
    protocol: '16,384 fields of 9×9, averaged integer perceptron; one seed',
    source: CROW,
  },
  {
    dataset: 'fashion-mnist',
    network: 'NITRO-D perceptron, integers',
    accuracy: 88.66,
    protocol: '200-100-50-10, 150 epochs, best test accuracy of a run, 10 runs',
    source: NITRO,
  },
  {
    dataset: 'fashion-mnist',
    network: 'Tsetlin machine, literature',
    accuracy: 90.09,
    protocol: 'as its authors report it',
    source: 'literature of the Tsetlin machine',
  },
  {
    dataset: 'fashion-mnist',
    network: 'local losses, perceptron, floats',
    accuracy: 91.4,
    protocol: '3×1024, error 8.60 % (local prediction loss), Adam within layers',
    source: LOCAL,
  },
  {
    dataset: 'fashion-mnist',
    network: 'NITRO-D VGG8B, integers',
    accuracy: 93.66,
    protocol: 'VGG8B, 150 epochs, augmentation, best test accuracy of a run, 10 runs',
    source: NITRO,
  },
  {
    dataset: 'fashion-mnist',
    network: 'local losses, VGG8B, floats',
    accuracy: 95.35,
    protocol: 'error 4.65 % (both local losses), Adam within layers',
    source: LOCAL,
  },
  {
    dataset: 'mnist',
    network: 'Tsetlin machine, 1 bit a pixel',
    accuracy: 97.24,
    protocol: '512 clauses a class, 20 epochs',
    source: CROW,
  },
  {
    dataset: 'mnist',
    network: 'random local receptive fields',
    accuracy: 97.39,
    protocol: '9×9, linear integer read-out',
    source: CROW,
  },
  {
    dataset: 'mnist',
    network: 'competitive local receptive fields',
    accuracy: 97.97,
    protocol: '16,384 fields of 9×9, averaged integer perceptron',
    source: CROW,
  },
  {
    dataset: 'mnist',
    network: 'NITRO-D VGG8B, integers',
    accuracy: 99.45,
    protocol: 'VGG8B, best test accuracy of a run',
    source: NITRO,
  },
];
