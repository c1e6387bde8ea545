import type { Study } from 'xnorlab';
import { best } from './best.js';
import { beyondThePapers } from './options.js';

/** What options of local-error bring that are not in the papers, one at a time and together. */
export default {
  title: 'Options beyond the papers',
  description:
    'What options of local-error bring that are not in the papers, on FashionMNIST and on Random Prototypes with flip ' +
    'probability 0.46: one at a time, and several together in the best fully binary networks that we found.',
  main: { part: 'beyond-the-papers', figure: 'fashion-mnist' },
  parts: { 'beyond-the-papers': beyondThePapers, best },
} satisfies Study;
