/**
 * xnorlab: train binary neural networks without gradients.
 *
 * `train` runs one experiment and returns its record and the network; the rest is what it is made of. In a notebook one import
 * from here is enough; the entries `xnorlab/rules`, `/kernels`, `/figures`, `/tables`, `/node`, `/notebook` and `/browser` are its parts.
 */

/** With which the options of a rule are said: zod. */
export { z } from 'zod';
export * from './core/index.js';
export * from './data/index.js';
export * from './figures/index.js';
export * from './kernels/index.js';
export * from './layers/index.js';
export * from './models/index.js';
/** That of Node, which knows float rules, too. */
export { checkRule } from './node/check-rule.js';
export * from './node/index.js';
export * from './notebook/index.js';
export * from './records/index.js';
export * from './rules/index.js';
export * from './statistics/index.js';
export * from './studies/index.js';
export * from './tables/index.js';
export * from './training/index.js';
