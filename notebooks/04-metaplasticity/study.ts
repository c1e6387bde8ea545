import type { Study } from 'xnorlab';
import { metaplasticityDepths } from './depths.js';
import { metaplasticityFlips } from './flips.js';
import { metaplasticity } from './maps.js';

/** How deep a hidden weight can lie, starts, and is pushed. */
export default {
  title: 'The thresholds of metaplasticity',
  description:
    'How deep a hidden weight can lie, where it starts, what pushes it deeper, and how far it must go to flip. ' +
    'FashionMNIST, `local-error` with layers 255,255 in groups of 51 and committees 255-51, 20 epochs.',
  main: { part: 'metaplasticity', figure: 'bound-and-reinforcement' },
  parts: {
    metaplasticity,
    'metaplasticity-flips': metaplasticityFlips,
    'metaplasticity-depths': metaplasticityDepths,
  },
} satisfies Study;
