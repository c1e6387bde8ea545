import type { Study } from 'xnorlab';
import { bep } from './ablations.js';
import { curves } from './curves.js';
import { growing } from './growing-groups.js';
import { iterative } from './iterative.js';
import { published } from './lbes.js';
import { zeros } from './zeros.js';

/** Every number of the papers that can be had, under its own protocol, beside ours. */
export default {
  title: 'Published numbers, row by row',
  description:
    'Does it reproduce the papers? Every number that can be had, under the protocol that it was measured with, beside ours, with the ' +
    'difference in standard errors and a verdict. Published values: `published.json`. LBES: the 60,000 training images of FashionMNIST alone, ' +
    'shuffled by the seed, 10,000 of them held out, medians of all of them; Prototypes with flip probability 0.44, one data set of 10,000 and ' +
    '2,000 samples, divided by the seed; the last of 50 epochs.',
  main: { part: 'published', figure: 'agreement' },
  parts: { published, zeros, bep, curves, iterative, growing },
} satisfies Study;
