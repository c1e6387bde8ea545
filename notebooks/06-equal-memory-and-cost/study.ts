import type { Study } from 'xnorlab';
import { epochCosts } from './costs.js';
import { equalMemory } from './memory.js';

/** What binary training saves in memory, gates and time, and what the saving buys. */
export default {
  title: 'Equal memory and cost',
  description:
    'Does binary training reach more than training in floats with the same memory, with the same number of Boolean gates, ' +
    'and in the same time? The binary runs, and all of B, are those of the study `comparison`.',
  main: { part: 'equal-memory', figure: 'accuracy' },
  parts: { 'equal-memory': equalMemory, 'epoch-costs': epochCosts },
} satisfies Study;
